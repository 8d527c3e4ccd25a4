#include "peer/congestion_control.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "api/transport/goog_cc_factory.h"
#include "log/log.h"
#include "peer/feedback_watch.h"
#include "peer/path_watch.h"
#include "peer/probe_schedule.h"

namespace rtcpub::peer {
namespace {

using webrtc::DataRate;
using webrtc::TimeDelta;
using webrtc::Timestamp;
using Update = webrtc::NetworkControlUpdate;

/// libwebrtc doubles this once more: probes go up to eight times the encoder's cap.
constexpr double kHeadroom = 4;
/// After a fall the queue is to drain, and more must fit than the video.
constexpr double kAfterFall = 0.85;
/// A picture leaves no faster than the path carries it then: what doesn't fit the queue is lost.
constexpr double kRestrainedPacing = 1.1;
constexpr TimeDelta kRestrained = TimeDelta::Seconds(6);
/// An estimate so far above what a fall left says that the fall is over.
constexpr double kRecovered = 1.4;
/// As libwebrtc's own probes.
constexpr TimeDelta kProbeDuration = TimeDelta::Millis(15);
constexpr int kProbePackets = 5;
/// Far from libwebrtc's own, which count from 1.
constexpr int kFirstProbeId = 1'000'000;
/// The rate at which packets leave is taken over so long.
constexpr TimeDelta kSentWindow = TimeDelta::Millis(500);
/// A receiver that limits says so once a second or more.
constexpr TimeDelta kLimitHolds = TimeDelta::Seconds(5);

Time toTime(Timestamp at) { return Time(std::chrono::microseconds(at.us())); }
int toKbps(DataRate rate) { return static_cast<int>(rate.kbps()); }

std::vector<PacketOutcome> outcomesOf(const webrtc::TransportPacketsFeedback& feedback) {
  std::vector<PacketOutcome> outcomes;
  for (const auto& packet : feedback.PacketsWithFeedback()) {
    auto& outcome = outcomes.emplace_back();
    outcome.sent = toTime(packet.sent_packet.send_time);
    outcome.bytes = static_cast<int>(packet.sent_packet.size.bytes());
    if (packet.IsReceived()) outcome.received = toTime(packet.receive_time);
  }
  return outcomes;
}

/// The rate at which packets left lately. Runs on: libwebrtc's transport queue.
class SentRate {
 public:
  void onSent(const webrtc::SentPacket& packet) {
    sent_.push_back({packet.send_time, packet.size});
    sum_ += packet.size;
    forget(packet.send_time);
  }
  int kbps(Timestamp now) {
    forget(now);
    return toKbps(sum_ / kSentWindow);
  }

 private:
  struct Sent {
    Timestamp at;
    webrtc::DataSize size;
  };
  void forget(Timestamp now) {
    while (!sent_.empty() && sent_.front().at + kSentWindow < now) {
      sum_ -= sent_.front().size;
      sent_.pop_front();
    }
  }

  std::deque<Sent> sent_;
  webrtc::DataSize sum_ = webrtc::DataSize::Zero();
};

/// Runs on: libwebrtc's transport queue.
class Controller final : public webrtc::NetworkControllerInterface {
 public:
  /// `engines` outlives it.
  Controller(webrtc::GoogCcNetworkControllerFactory& engines,
             webrtc::NetworkControllerConfig config, std::shared_ptr<Encoding> encoding)
      : engines_(engines),
        config_(std::move(config)),
        wanted_(config_.stream_based_config.max_total_allocated_bitrate.value_or(DataRate::Zero())),
        encoding_(std::move(encoding)) {
    config_.stream_based_config = withHeadroom(config_.stream_based_config);
    wrapped_ = engines_.Create(config_);
  }

  Update OnStreamsConfig(webrtc::StreamsConfig config) override {
    if (config.max_total_allocated_bitrate) wanted_ = *config.max_total_allocated_bitrate;
    config_.stream_based_config = withHeadroom(config);
    return adjusted(wrapped_->OnStreamsConfig(config_.stream_based_config));
  }
  Update OnNetworkAvailability(webrtc::NetworkAvailability message) override {
    available_ = message.network_available;
    return adjusted(wrapped_->OnNetworkAvailability(message));
  }
  Update OnNetworkRouteChange(webrtc::NetworkRouteChange message) override {
    config_.constraints = message.constraints;
    watch_ = {};
    return adjusted(wrapped_->OnNetworkRouteChange(message));
  }
  Update OnProcessInterval(webrtc::ProcessInterval message) override {
    Update update = wrapped_->OnProcessInterval(message);
    note(update);
    if (!feedback_.overdue(toTime(message.at_time))) trusted_ = estimate_;
    probe(update, message.at_time);
    return adjusted(release(update, message.at_time));
  }
  Update OnRemoteBitrateReport(webrtc::RemoteBitrateReport message) override {
    limit_ = message.bandwidth;
    limitedAt_ = message.receive_time;
    return adjusted(wrapped_->OnRemoteBitrateReport(message));
  }
  Update OnRoundTripTimeUpdate(webrtc::RoundTripTimeUpdate message) override {
    return adjusted(wrapped_->OnRoundTripTimeUpdate(message));
  }
  Update OnSentPacket(webrtc::SentPacket message) override {
    sent_.onSent(message);
    feedback_.onSent(toTime(message.send_time));
    // libwebrtc counts the time for which nobody has said what became of it.
    if (feedback_.missing()) return {};
    return adjusted(wrapped_->OnSentPacket(message));
  }
  Update OnReceivedPacket(webrtc::ReceivedPacket message) override {
    return adjusted(wrapped_->OnReceivedPacket(message));
  }
  Update OnTargetRateConstraints(webrtc::TargetRateConstraints message) override {
    config_.constraints = message;
    return adjusted(wrapped_->OnTargetRateConstraints(message));
  }
  Update OnTransportLossReport(webrtc::TransportLossReport message) override {
    const bool arrives = message.packets_received_delta > 0;
    if (arrives && feedback_.onArrival(toTime(message.receive_time))) {
      return goOnWithoutFeedback(message.receive_time);
    }
    return adjusted(wrapped_->OnTransportLossReport(message));
  }
  Update OnTransportPacketsFeedback(webrtc::TransportPacketsFeedback message) override {
    const auto carried = watch_.onFeedback(outcomesOf(message));
    const Timestamp now = message.feedback_time;
    feedback_.onFeedback(toTime(now));
    encoding_->feedbackMissing = false;
    Update update = wrapped_->OnTransportPacketsFeedback(message);
    note(update);
    if (carried) fall(update, DataRate::KilobitsPerSec(*carried), now);
    return adjusted(update);
  }
  Update OnNetworkStateEstimate(webrtc::NetworkStateEstimate message) override {
    return adjusted(wrapped_->OnNetworkStateEstimate(message));
  }

  static webrtc::StreamsConfig withHeadroom(webrtc::StreamsConfig config) {
    config.requests_alr_probing = true;
    if (config.max_total_allocated_bitrate) {
      config.max_total_allocated_bitrate = *config.max_total_allocated_bitrate * kHeadroom;
    }
    return config;
  }

 private:
  void note(const Update& update) {
    if (!update.target_rate) return;
    estimate_ = update.target_rate->target_rate;
    encoding_->pathKbps = toKbps(estimate_);
  }

  /// One that never hears of a packet that left does as if feedback had not been agreed on; it
  /// begins with what was thought before feedback was missed.
  Update goOnWithoutFeedback(Timestamp now) {
    encoding_->feedbackMissing = true;
    auto config = config_;
    config.constraints.at_time = now;
    config.constraints.starting_rate = trusted_;
    wrapped_ = engines_.Create(std::move(config));
    fallenAt_ = Timestamp::MinusInfinity();
    (void)wrapped_->OnNetworkAvailability({.at_time = now, .network_available = available_});
    return adjusted(wrapped_->OnProcessInterval({.at_time = now, .pacer_queue = {}}));
  }

  /// The path carries so much and no more: at once down to what fits.
  void fall(Update& update, DataRate carried, Timestamp now) {
    const DataRate rate = carried * kAfterFall;
    if (rate >= estimate_) return;
    log().debug("the path carries only {} kbit/s", carried.kbps());
    auto constraints = config_.constraints;
    constraints.at_time = now;
    constraints.starting_rate = rate;
    Update lowered = wrapped_->OnTargetRateConstraints(constraints);
    if (lowered.target_rate) update.target_rate = lowered.target_rate;
    if (lowered.pacer_config) update.pacer_config = lowered.pacer_config;
    update.probe_cluster_configs.clear();
    note(update);
    fallenTo_ = carried;
    fallenAt_ = now;
  }

  void probe(Update& update, Timestamp now) {
    if (feedback_.missing()) return;  // nobody would tell what came of it
    const DataRate limit =
        limitedAt_ + kLimitHolds > now ? std::min(limit_ * 0.9, wanted_) : wanted_;
    const auto rate = schedule_.due({.estimateKbps = toKbps(estimate_),
                                     .wantedKbps = toKbps(limit),
                                     .sentKbps = sent_.kbps(now),
                                     .queueing = watch_.queueing(),
                                     .loss = watch_.loss()},
                                    toTime(now));
    if (!rate || !update.probe_cluster_configs.empty()) return;
    auto& added = update.probe_cluster_configs.emplace_back();
    added.at_time = now;
    added.target_data_rate = DataRate::KilobitsPerSec(*rate);
    added.target_duration = kProbeDuration;
    added.target_probe_count = kProbePackets;
    added.id = nextProbeId_++;
  }

  bool restrained() const { return fallenAt_.IsFinite(); }

  /// Ends the slow pacing when the fall is over.
  Update release(Update update, Timestamp now) {
    if (!restrained() || (now - fallenAt_ < kRestrained && estimate_ < fallenTo_ * kRecovered)) {
      return update;
    }
    fallenAt_ = Timestamp::MinusInfinity();
    if (!update.pacer_config) update.pacer_config = pacing_;
    return update;
  }

  /// What all updates go through.
  Update adjusted(Update update) {
    note(update);
    if (!update.pacer_config) return update;
    pacing_ = update.pacer_config;
    if (!restrained()) return update;
    auto& pacing = *update.pacer_config;
    pacing.data_window =
        std::min(pacing.data_window, estimate_ * kRestrainedPacing * pacing.time_window);
    return update;
  }

  webrtc::GoogCcNetworkControllerFactory& engines_;
  webrtc::NetworkControllerConfig config_;  ///< as it would be made now
  DataRate wanted_;
  std::unique_ptr<NetworkControllerInterface> wrapped_;
  bool available_ = false;
  const std::shared_ptr<Encoding> encoding_;
  DataRate estimate_ = DataRate::Zero();
  DataRate trusted_ = DataRate::Zero();  ///< the newest of a time when feedback was not missed
  DataRate limit_ = DataRate::Zero();    ///< the receiver's
  Timestamp limitedAt_ = Timestamp::MinusInfinity();
  absl::optional<webrtc::PacerConfig> pacing_;  ///< as libwebrtc would have it
  DataRate fallenTo_ = DataRate::Zero();
  Timestamp fallenAt_ = Timestamp::MinusInfinity();
  PathWatch watch_;
  FeedbackWatch feedback_;
  ProbeSchedule schedule_;
  SentRate sent_;
  int nextProbeId_ = kFirstProbeId;
};

/// Runs on: libwebrtc's transport queue.
class Factory final : public webrtc::NetworkControllerFactoryInterface {
 public:
  explicit Factory(std::shared_ptr<Encoding> encoding) : encoding_(std::move(encoding)) {}

  std::unique_ptr<webrtc::NetworkControllerInterface> Create(
      webrtc::NetworkControllerConfig config) override {
    return std::make_unique<Controller>(wrapped_, std::move(config), encoding_);
  }
  webrtc::TimeDelta GetProcessInterval() const override { return wrapped_.GetProcessInterval(); }

 private:
  const std::shared_ptr<Encoding> encoding_;
  webrtc::GoogCcNetworkControllerFactory wrapped_;
};

}  // namespace

std::unique_ptr<webrtc::NetworkControllerFactoryInterface> makeCongestionControl(
    std::shared_ptr<Encoding> encoding) {
  return std::make_unique<Factory>(std::move(encoding));
}

}  // namespace rtcpub::peer
