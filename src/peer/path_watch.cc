#include "peer/path_watch.h"

#include <algorithm>

namespace rtcpub::peer {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// With fewer packets a burst of loss on a radio link would look like a fall.
constexpr std::size_t kLeastPackets = 12;
constexpr int kLeastReceived = 4;
/// Falls to more than three quarters show in the delay in time.
constexpr double kFallLoss = 0.25;
/// More than a radio link's turns.
constexpr milliseconds kFallQueueing{30};
/// The shortest delay is one of the last one to two periods: a route may become longer for good.
constexpr std::chrono::seconds kPeriod{8};

}  // namespace

std::optional<int> PathWatch::onFeedback(std::span<const PacketOutcome> outcomes) {
  for (const auto& outcome : outcomes) take(outcome);
  if (window_.size() < kLeastPackets || loss() < kFallLoss || queueing() < kFallQueueing) {
    return std::nullopt;
  }
  const auto carried = carriedKbps();
  if (!carried) return std::nullopt;
  ignoredBefore_ = window_.back().sent;
  window_.clear();
  return carried;
}

void PathWatch::take(const PacketOutcome& outcome) {
  if (outcome.received) noteBase(*outcome.received - outcome.sent, outcome.sent);
  if (outcome.sent <= ignoredBefore_) return;
  window_.push_back(outcome);
  while (window_.front().sent + kWindow < outcome.sent) window_.pop_front();
}

void PathWatch::noteBase(Delay delay, Time sent) {
  if (!base_ || sent - periodBegan_ >= kPeriod) {
    baseBefore_ = base_;
    base_ = delay;
    periodBegan_ = sent;
  }
  base_ = std::min(*base_, delay);
}

microseconds PathWatch::queueing() const {
  if (!base_) return microseconds(0);
  const Delay shortest = std::min(*base_, baseBefore_.value_or(*base_));
  std::optional<Delay> now;
  int counted = 0;
  for (auto outcome = window_.rbegin(); outcome != window_.rend() && counted < kLeastReceived;
       ++outcome) {
    if (!outcome->received) continue;
    const Delay delay = *outcome->received - outcome->sent;
    now = now ? std::min(*now, delay) : delay;
    ++counted;
  }
  return now ? *now - shortest : microseconds(0);
}

double PathWatch::loss() const {
  if (window_.empty()) return 0;
  const auto lost = std::count_if(window_.begin(), window_.end(),
                                  [](const auto& outcome) { return !outcome.received; });
  return static_cast<double>(lost) / static_cast<double>(window_.size());
}

std::optional<int> PathWatch::carriedKbps() const {
  std::optional<Time> first;
  Time last{};
  std::int64_t bits = 0;
  int received = 0;
  bool full = false;  // from the first loss on the queue is, and what arrives comes at its rate
  for (const auto& outcome : window_) {
    full |= !outcome.received;
    if (!full || !outcome.received) continue;
    if (first) bits += std::int64_t{outcome.bytes} * 8;  // those of the first came before
    if (!first) first = outcome.received;
    last = std::max(last, *outcome.received);
    ++received;
  }
  if (received < kLeastReceived || last <= *first) return std::nullopt;
  return static_cast<int>(bits * 1000 / (last - *first).count());
}

}  // namespace rtcpub::peer
