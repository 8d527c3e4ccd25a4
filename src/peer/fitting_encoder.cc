#include "peer/fitting_encoder.h"

#include <utility>
#include <vector>

#include "api/video/video_frame.h"
#include "log/log.h"
#include "modules/video_coding/include/video_error_codes.h"

namespace rtcpub::peer {
namespace {

/// Below this the size isn't what keeps an encoder from opening.
constexpr int kLeastWidth = 640;

/// Three quarters, and even.
int smaller(int length) { return length * 3 / 4 / 2 * 2; }

class FittingEncoder final : public webrtc::VideoEncoder {
 public:
  explicit FittingEncoder(std::unique_ptr<VideoEncoder> inner) : inner_(std::move(inner)) {}

  int InitEncode(const webrtc::VideoCodec* codec, const Settings& settings) override {
    webrtc::VideoCodec fitting = *codec;
    int result = inner_->InitEncode(&fitting, settings);
    while (result != WEBRTC_VIDEO_CODEC_OK && fitting.numberOfSimulcastStreams <= 1 &&
           smaller(fitting.width) >= kLeastWidth) {
      shrink(fitting);
      result = inner_->InitEncode(&fitting, settings);
    }
    scaled_ = result == WEBRTC_VIDEO_CODEC_OK && fitting.width != codec->width;
    width_ = fitting.width;
    height_ = fitting.height;
    tell(*codec, result);
    return result;
  }

  int32_t Encode(const webrtc::VideoFrame& frame,
                 const std::vector<webrtc::VideoFrameType>* types) override {
    if (!scaled_) return inner_->Encode(frame, types);
    auto scaled = frame.video_frame_buffer()->Scale(width_, height_);
    if (!scaled) return WEBRTC_VIDEO_CODEC_ERROR;
    webrtc::VideoFrame fitting = frame;
    fitting.set_video_frame_buffer(scaled);
    fitting.set_update_rect({0, 0, width_, height_});
    return inner_->Encode(fitting, types);
  }

  int32_t RegisterEncodeCompleteCallback(webrtc::EncodedImageCallback* callback) override {
    return inner_->RegisterEncodeCompleteCallback(callback);
  }
  void SetFecControllerOverride(webrtc::FecControllerOverride* fecOverride) override {
    inner_->SetFecControllerOverride(fecOverride);
  }
  int32_t Release() override { return inner_->Release(); }
  void SetRates(const RateControlParameters& rates) override { inner_->SetRates(rates); }
  void OnPacketLossRateUpdate(float lossRate) override { inner_->OnPacketLossRateUpdate(lossRate); }
  void OnRttUpdate(int64_t rttMs) override { inner_->OnRttUpdate(rttMs); }
  void OnLossNotification(const LossNotification& loss) override {
    inner_->OnLossNotification(loss);
  }
  EncoderInfo GetEncoderInfo() const override { return inner_->GetEncoderInfo(); }

 private:
  /// The engine's encoders read their size from the first stream or layer.
  static void shrink(webrtc::VideoCodec& codec) {
    codec.width = smaller(codec.width);
    codec.height = smaller(codec.height);
    codec.simulcastStream[0].width = codec.width;
    codec.simulcastStream[0].height = codec.height;
    codec.spatialLayers[0].width = codec.width;
    codec.spatialLayers[0].height = codec.height;
  }

  /// Once for each size that comes.
  void tell(const webrtc::VideoCodec& asked, int result) {
    const std::pair<int, int> size{asked.width, asked.height};
    if (std::exchange(told_, size) == size) return;
    const std::string name = inner_->GetEncoderInfo().implementation_name;
    if (result != WEBRTC_VIDEO_CODEC_OK) {
      log().error("no encoder takes pictures of {}x{}: nothing is sent", asked.width, asked.height);
    } else if (scaled_) {
      log().warn("{} takes no pictures of {}x{}: {}x{} is sent", name, asked.width, asked.height,
                 width_, height_);
    }
  }

  const std::unique_ptr<VideoEncoder> inner_;
  bool scaled_ = false;
  int width_ = 0;
  int height_ = 0;
  std::pair<int, int> told_;
};

}  // namespace

std::unique_ptr<webrtc::VideoEncoder> withFittingSize(std::unique_ptr<webrtc::VideoEncoder> inner) {
  return std::make_unique<FittingEncoder>(std::move(inner));
}

}  // namespace rtcpub::peer
