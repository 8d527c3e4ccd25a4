#include "peer/key_frame_interval_encoder.h"

#include <utility>
#include <vector>

namespace rtcpub::peer {
namespace {

class KeyFrameIntervalEncoder final : public webrtc::VideoEncoder,
                                      private webrtc::EncodedImageCallback {
 public:
  KeyFrameIntervalEncoder(std::unique_ptr<VideoEncoder> inner,
                          std::shared_ptr<const KeyFrameInterval> interval)
      : inner_(std::move(inner)), interval_(std::move(interval)) {}

  int32_t Encode(const webrtc::VideoFrame& frame,
                 const std::vector<webrtc::VideoFrameType>* types) override {
    // Asked again with every frame until one came: the encoder may drop the frame that was to be
    // it.
    if (sinceKeyFrame_.fetch_add(1) < interval_->load() || !types) {
      return inner_->Encode(frame, types);
    }
    const std::vector<webrtc::VideoFrameType> keyFrames(types->size(),
                                                        webrtc::VideoFrameType::kVideoFrameKey);
    return inner_->Encode(frame, &keyFrames);
  }

  int InitEncode(const webrtc::VideoCodec* codec, const Settings& settings) override {
    sinceKeyFrame_ = 0;
    return inner_->InitEncode(codec, settings);
  }
  int32_t RegisterEncodeCompleteCallback(webrtc::EncodedImageCallback* callback) override {
    callback_ = callback;
    return inner_->RegisterEncodeCompleteCallback(callback ? this : nullptr);
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
  Result OnEncodedImage(const webrtc::EncodedImage& image,
                        const webrtc::CodecSpecificInfo* info) override {
    if (image._frameType == webrtc::VideoFrameType::kVideoFrameKey) sinceKeyFrame_ = 1;
    return callback_->OnEncodedImage(image, info);
  }
  void OnDroppedFrame(DropReason reason) override { callback_->OnDroppedFrame(reason); }

  const std::unique_ptr<VideoEncoder> inner_;
  const std::shared_ptr<const KeyFrameInterval> interval_;
  webrtc::EncodedImageCallback* callback_ = nullptr;
  /// How far the next frame is from the last key frame.
  std::atomic<int> sinceKeyFrame_ = 0;
};

class KeyFrameIntervalFactory final : public webrtc::VideoEncoderFactory {
 public:
  KeyFrameIntervalFactory(std::unique_ptr<VideoEncoderFactory> inner,
                          std::shared_ptr<const KeyFrameInterval> interval)
      : inner_(std::move(inner)), interval_(std::move(interval)) {}

  std::vector<webrtc::SdpVideoFormat> GetSupportedFormats() const override {
    return inner_->GetSupportedFormats();
  }
  CodecSupport QueryCodecSupport(const webrtc::SdpVideoFormat& format,
                                 absl::optional<std::string> scalabilityMode) const override {
    return inner_->QueryCodecSupport(format, std::move(scalabilityMode));
  }
  std::unique_ptr<webrtc::VideoEncoder> CreateVideoEncoder(
      const webrtc::SdpVideoFormat& format) override {
    auto encoder = inner_->CreateVideoEncoder(format);
    return encoder ? withKeyFrameInterval(std::move(encoder), interval_) : nullptr;
  }

 private:
  const std::unique_ptr<VideoEncoderFactory> inner_;
  const std::shared_ptr<const KeyFrameInterval> interval_;
};

}  // namespace

std::unique_ptr<webrtc::VideoEncoder> withKeyFrameInterval(
    std::unique_ptr<webrtc::VideoEncoder> inner, std::shared_ptr<const KeyFrameInterval> interval) {
  return std::make_unique<KeyFrameIntervalEncoder>(std::move(inner), std::move(interval));
}

std::unique_ptr<webrtc::VideoEncoderFactory> withKeyFrameInterval(
    std::unique_ptr<webrtc::VideoEncoderFactory> inner,
    std::shared_ptr<const KeyFrameInterval> interval) {
  return std::make_unique<KeyFrameIntervalFactory>(std::move(inner), std::move(interval));
}

}  // namespace rtcpub::peer
