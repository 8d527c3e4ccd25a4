#include "peer/congestion_control.h"

#include <utility>

#include "api/transport/goog_cc_factory.h"

namespace rtcpub::peer {
namespace {

/// libwebrtc doubles this once more: probes go up to eight times the encoder's cap.
constexpr double kHeadroom = 4;

webrtc::StreamsConfig withHeadroom(webrtc::StreamsConfig config) {
  config.requests_alr_probing = true;
  if (config.max_total_allocated_bitrate) {
    config.max_total_allocated_bitrate = *config.max_total_allocated_bitrate * kHeadroom;
  }
  return config;
}

/// Runs on: libwebrtc's transport queue.
class Controller final : public webrtc::NetworkControllerInterface {
 public:
  using Update = webrtc::NetworkControlUpdate;

  explicit Controller(std::unique_ptr<NetworkControllerInterface> wrapped)
      : wrapped_(std::move(wrapped)) {}

  Update OnStreamsConfig(webrtc::StreamsConfig config) override {
    return wrapped_->OnStreamsConfig(withHeadroom(std::move(config)));
  }

  Update OnNetworkAvailability(webrtc::NetworkAvailability message) override {
    return wrapped_->OnNetworkAvailability(message);
  }
  Update OnNetworkRouteChange(webrtc::NetworkRouteChange message) override {
    return wrapped_->OnNetworkRouteChange(message);
  }
  Update OnProcessInterval(webrtc::ProcessInterval message) override {
    return wrapped_->OnProcessInterval(message);
  }
  Update OnRemoteBitrateReport(webrtc::RemoteBitrateReport message) override {
    return wrapped_->OnRemoteBitrateReport(message);
  }
  Update OnRoundTripTimeUpdate(webrtc::RoundTripTimeUpdate message) override {
    return wrapped_->OnRoundTripTimeUpdate(message);
  }
  Update OnSentPacket(webrtc::SentPacket message) override {
    return wrapped_->OnSentPacket(message);
  }
  Update OnReceivedPacket(webrtc::ReceivedPacket message) override {
    return wrapped_->OnReceivedPacket(message);
  }
  Update OnTargetRateConstraints(webrtc::TargetRateConstraints message) override {
    return wrapped_->OnTargetRateConstraints(message);
  }
  Update OnTransportLossReport(webrtc::TransportLossReport message) override {
    return wrapped_->OnTransportLossReport(message);
  }
  Update OnTransportPacketsFeedback(webrtc::TransportPacketsFeedback message) override {
    return wrapped_->OnTransportPacketsFeedback(std::move(message));
  }
  Update OnNetworkStateEstimate(webrtc::NetworkStateEstimate message) override {
    return wrapped_->OnNetworkStateEstimate(message);
  }

 private:
  const std::unique_ptr<NetworkControllerInterface> wrapped_;
};

/// Runs on: libwebrtc's transport queue.
class Factory final : public webrtc::NetworkControllerFactoryInterface {
 public:
  std::unique_ptr<webrtc::NetworkControllerInterface> Create(
      webrtc::NetworkControllerConfig config) override {
    config.stream_based_config = withHeadroom(std::move(config.stream_based_config));
    return std::make_unique<Controller>(wrapped_.Create(std::move(config)));
  }
  webrtc::TimeDelta GetProcessInterval() const override { return wrapped_.GetProcessInterval(); }

 private:
  webrtc::GoogCcNetworkControllerFactory wrapped_;
};

}  // namespace

std::unique_ptr<webrtc::NetworkControllerFactoryInterface> makeCongestionControl() {
  return std::make_unique<Factory>();
}

}  // namespace rtcpub::peer
