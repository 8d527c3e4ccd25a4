#include "sfu/transport/bandwidth_estimator.h"

#include <api/transport/goog_cc_factory.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// A path is taken to carry so much until it shows otherwise.
constexpr auto kStartRate = webrtc::DataRate::KilobitsPerSec(10'000);
constexpr auto kMinRate = webrtc::DataRate::KilobitsPerSec(30);
constexpr auto kMaxRate = webrtc::DataRate::KilobitsPerSec(200'000);
/// How often goog-cc wants to look at its timers.
constexpr std::chrono::milliseconds kProcessInterval{25};
/// A loss of a third, over so long and so many packets, is a path that overflows.
constexpr std::chrono::milliseconds kLossWindow{300};
constexpr int kLossPackets = 20;
constexpr int kLossDivisor = 3;

webrtc::TargetRateConstraints startAt(webrtc::DataRate rate, webrtc::Timestamp now) {
  webrtc::TargetRateConstraints constraints;
  constraints.at_time = now;
  constraints.min_data_rate = kMinRate;
  constraints.max_data_rate = kMaxRate;
  constraints.starting_rate = rate;
  return constraints;
}

webrtc::Timestamp toTimestamp(Time now) {
  return webrtc::Timestamp::Micros(now.time_since_epoch().count());
}

std::unique_ptr<webrtc::NetworkControllerInterface> makeControl(
    const webrtc::FieldTrialsView& trials, webrtc::RtcEventLog& log, Time now) {
  webrtc::GoogCcFactoryConfig factory;
  factory.feedback_only = true;
  webrtc::NetworkControllerConfig config;
  config.constraints = startAt(kStartRate, toTimestamp(now));
  config.key_value_config = &trials;
  config.event_log = &log;
  return webrtc::GoogCcNetworkControllerFactory(std::move(factory)).Create(std::move(config));
}

}  // namespace

BandwidthEstimator::BandwidthEstimator(const webrtc::FieldTrialsView& trials, Time now)
    : control_(makeControl(trials, noLog_, now)),
      processedAt_(now),
      sample_{.since = now, .packets = 0, .lost = 0, .bits = 0} {
  (void)control_->OnNetworkAvailability({.at_time = toTimestamp(now), .network_available = true});
  (void)control_->OnProcessInterval({.at_time = toTimestamp(now), .pacer_queue = {}});
}

BandwidthEstimator::~BandwidthEstimator() = default;

std::uint16_t BandwidthEstimator::number(std::size_t size, const std::optional<Probe>& probe,
                                         Time now) {
  const auto packet = sent_.add(size + kDatagramOverhead, probe, now);
  (void)control_->OnSentPacket(packet);
  return static_cast<std::uint16_t>(packet.sequence_number);
}

bool BandwidthEstimator::onFeedback(const webrtc::rtcp::TransportFeedback& feedback, Time now) {
  const auto arrived = sent_.onFeedback(feedback, now);
  if (!arrived) return false;
  bool changed = adopt(control_->OnTransportPacketsFeedback(*arrived));
  changed |= fallAtOnce(*arrived, now);
  if (now - processedAt_ >= kProcessInterval) {
    processedAt_ = now;
    changed |= adopt(control_->OnProcessInterval({.at_time = toTimestamp(now), .pacer_queue = {}}));
  }
  return changed;
}

bool BandwidthEstimator::fallAtOnce(const webrtc::TransportPacketsFeedback& arrived, Time now) {
  for (const auto& packet : arrived.packet_feedbacks) {
    ++sample_.packets;
    if (packet.IsReceived()) {
      sample_.bits += packet.sent_packet.size.bytes() * 8;
    } else {
      ++sample_.lost;
    }
  }
  const auto span = now - sample_.since;
  if (span < kLossWindow || sample_.packets < kLossPackets) return false;
  const Sample sample = std::exchange(sample_, {.since = now, .packets = 0, .lost = 0, .bits = 0});
  const std::int64_t carried = sample.bits * 1'000'000 / span.count();
  const bool overflows = sample.lost * kLossDivisor >= sample.packets;
  if (!overflows || !estimate_ || carried * 2 > *estimate_) return false;
  const auto rate = std::max(webrtc::DataRate::BitsPerSec(carried), kMinRate);
  return adopt(control_->OnTargetRateConstraints(startAt(rate, toTimestamp(now))));
}

bool BandwidthEstimator::adopt(const webrtc::NetworkControlUpdate& update) {
  if (!update.target_rate) return false;
  const std::int64_t rate = update.target_rate->target_rate.bps();
  if (estimate_ == rate) return false;
  estimate_ = rate;
  return true;
}

}  // namespace rtcpub::sfu
