#include "peer/fec_control.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/compat/fec_controller.h"
#include "log/log.h"
#include "peer/fec_policy.h"
#include "rtcpub/clock.h"

namespace rtcpub::peer {
namespace {

/// libwebrtc counts lost packets in 1/256.
constexpr double kLossUnit = 1.0 / 256;

/// Runs on: libwebrtc's transport queue; what is said of encoding also on that of the encoder.
class FecControl final : public webrtc::FecController, public engine::FecProtection {
 public:
  FecControl(std::shared_ptr<Encoding> encoding, const engine::FecSurroundings& surroundings)
      : encoding_(std::move(encoding)), wrapped_(engine::makeFecController(surroundings, *this)) {}
  ~FecControl() override { encoding_->fecKbps = 0; }

  // webrtc::FecController
  void SetProtectionCallback(webrtc::VCMProtectionCallback* callback) override {
    sender_ = callback;
  }
  void SetProtectionMethod(bool fec, bool nack) override {
    wrapped_.SetProtectionMethod(fec, nack);
  }
  void SetEncodingData(std::size_t width, std::size_t height, std::size_t layers,
                       std::size_t maxPayload) override {
    wrapped_.SetEncodingData(width, height, layers, maxPayload);
  }
  std::uint32_t UpdateFecRates(std::uint32_t bitrate, int frameRate, std::uint8_t fractionLost,
                               std::vector<bool> lossMask, std::int64_t rttMs) override {
    const bool on = policy_.update({.estimateKbps = encoding_->pathKbps,
                                    .wantedKbps = encoding_->bitrateKbps,
                                    .loss = fractionLost * kLossUnit,
                                    .rtt = std::chrono::milliseconds(rttMs)},
                                   monotonicNow());
    if (on != std::exchange(on_, on)) log().debug("FEC {}", on ? "begins" : "ends");
    if (!on) encoding_->fecKbps = 0;
    return wrapped_.UpdateFecRates(bitrate, frameRate, fractionLost, std::move(lossMask), rttMs);
  }
  void UpdateWithEncodedData(std::size_t length, webrtc::VideoFrameType type) override {
    wrapped_.UpdateWithEncodedData(length, type);
  }
  bool UseLossVectorMask() override { return wrapped_.UseLossVectorMask(); }

 private:
  // webrtc::VCMProtectionCallback
  int ProtectionRequest(const webrtc::FecProtectionParams* delta,
                        const webrtc::FecProtectionParams* key, std::uint32_t* videoRate,
                        std::uint32_t* nackRate, std::uint32_t* fecRate) override {
    auto deltas = *delta;
    auto keys = *key;
    if (!on_) {
      deltas.fec_rate = 0;
      keys.fec_rate = 0;
    }
    const int result = sender_->ProtectionRequest(&deltas, &keys, videoRate, nackRate, fecRate);
    if (on_) encoding_->fecKbps = static_cast<int>(*fecRate / 1000);
    return result;
  }
  webrtc::VCMProtectionCallback& sender() override { return *sender_; }

  const std::shared_ptr<Encoding> encoding_;
  webrtc::FecControllerDefault wrapped_;
  webrtc::VCMProtectionCallback* sender_ = nullptr;
  FecPolicy policy_;
  bool on_ = false;
};

/// Runs on: libwebrtc's worker thread.
class Factory final : public engine::FecControllerFactory {
 public:
  explicit Factory(std::shared_ptr<Encoding> encoding) : encoding_(std::move(encoding)) {}

 private:
  std::unique_ptr<webrtc::FecController> make(
      const engine::FecSurroundings& surroundings) override {
    return std::make_unique<FecControl>(encoding_, surroundings);
  }

  const std::shared_ptr<Encoding> encoding_;
};

}  // namespace

std::unique_ptr<webrtc::FecControllerFactoryInterface> makeFecControl(
    std::shared_ptr<Encoding> encoding) {
  return std::make_unique<Factory>(std::move(encoding));
}

}  // namespace rtcpub::peer
