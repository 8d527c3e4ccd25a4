#include "sfu/router/downlink.h"

#include <algorithm>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// More than the gate of whole frames ever lets in; beyond, a frame without end is cut.
constexpr std::size_t kMaxWaitingBytes = std::size_t{1} << 20;
constexpr std::int64_t kMinRate = 30'000;
constexpr std::chrono::milliseconds kProbeDuration{15};
/// A probe's answer is here by then.
constexpr std::chrono::milliseconds kProbeAnswer{1500};
constexpr std::chrono::milliseconds kAfterSuccess{250};
/// Ids of our own probes begin here; the engine numbers its own from 1.
constexpr int kFirstProbeId = 1 << 20;

bool roseThrough(std::int64_t estimate, std::int64_t from) { return estimate * 5 > from * 6; }

}  // namespace

Downlink::Downlink(std::int64_t estimate, std::int64_t need, Time now, Send send)
    : send_(std::move(send)), clearAt_(now), nextProbe_(now + kFirstProbe) {
  adapt(estimate, need, now);
}

void Downlink::adapt(std::int64_t estimate, std::int64_t need, Time now) {
  estimate_ = std::max(estimate, kMinRate);
  const bool fits = need * 4 <= estimate_ * 5;
  const auto rate = static_cast<std::int64_t>(static_cast<double>(estimate_) *
                                              (fits ? kFastPacing : kThriftyPacing));
  if (clearAt_ > now && rate_ > 0) {
    const double left = static_cast<double>((clearAt_ - now).count());
    clearAt_ = now + std::chrono::microseconds(static_cast<std::int64_t>(
                         left * static_cast<double>(rate_) / static_cast<double>(rate)));
  }
  rate_ = rate;
  const bool recent = now - probedAt_ < kProbeAnswer;
  if (recent && !answered_ && roseThrough(estimate_, probedFrom_)) {
    answered_ = true;
    probeInterval_ = kProbeInterval;
    nextProbe_ = now + kAfterSuccess;
  }
  noteFall(now);
}

/// An estimate falls to what was sent of late, which may be far less than the path carries.
void Downlink::noteFall(Time now) {
  if (estimate_ >= recent_ || now - recentAt_ > kRecent) {
    recent_ = estimate_;
    recentAt_ = now;
  } else if (estimate_ * 3 < recent_ * 2 && recover_ == 0) {
    recover_ = recent_ * 17 / 20;
    nextProbe_ = now + kFirstProbe;
  }
}

void Downlink::send(const OutgoingPacket& packet, bool early, Time now) {
  if (empty() && !probe_ && clearAt_ - now <= kBurst) return transmit(packet, now);
  if (waitingBytes_ + packet.data.size() > kMaxWaitingBytes) return;
  (early ? early_ : inTurn_)
      .push_back({.data = {packet.data.begin(), packet.data.end()},
                  .transportSequence = packet.transportSequence});
  waitingBytes_ += packet.data.size() + kDatagramOverhead;
}

Time Downlink::emptyAt() const { return clearAt_ + timeFor(waitingBytes_, rate_); }

void Downlink::flush() {
  while (!empty()) transmitFirst(std::nullopt, clearAt_);
}

Time Downlink::deadline() const {
  if (probe_) return probe_->next;
  return empty() ? nextProbe_ : std::min(nextProbe_, clearAt_ - kBurst);
}

void Downlink::onTime(Time now, const MakePadding& makePadding) {
  if (!probe_ && now >= nextProbe_) startProbe(now);
  while (probe_ && now >= probe_->next) continueProbe(now, makePadding);
  while (!probe_ && !empty() && clearAt_ - now <= kBurst) transmitFirst(std::nullopt, now);
}

std::chrono::microseconds Downlink::timeFor(std::size_t bytes, std::int64_t rate) {
  return std::chrono::microseconds(static_cast<std::int64_t>(bytes) * 8'000'000 / rate);
}

void Downlink::transmit(const OutgoingPacket& packet, Time now) {
  clearAt_ = std::max(clearAt_, now) + timeFor(packet.data.size() + kDatagramOverhead, rate_);
  send_(packet);
}

void Downlink::transmitFirst(const std::optional<Probe>& probe, Time now) {
  auto& queue = early_.empty() ? inTurn_ : early_;
  Waiting first = std::move(queue.front());
  queue.pop_front();
  waitingBytes_ -= first.data.size() + kDatagramOverhead;
  transmit({.data = first.data, .transportSequence = first.transportSequence, .probe = probe}, now);
}

void Downlink::startProbe(Time now) {
  const std::int64_t rate = std::max(std::exchange(recover_, 0), estimate_ * 2);
  const auto bytes = rate * kProbeDuration.count() / 8'000;
  probe_ = {.probe = {.id = kFirstProbeId + probes_++,
                      .bitsPerSecond = rate,
                      .packets = kProbePackets,
                      .bytes = static_cast<int>(bytes)},
            .next = now};
  // The one before changed nothing: be gentler.
  if (!answered_) probeInterval_ = std::min(probeInterval_ * 2, kMaxProbeInterval);
  answered_ = false;
  probedFrom_ = estimate_;
  probedAt_ = now;
  nextProbe_ = now + probeInterval_;
}

void Downlink::continueProbe(Time now, const MakePadding& makePadding) {
  std::size_t size = 0;
  if (!empty()) {
    size = (early_.empty() ? inTurn_ : early_).front().data.size();
    transmitFirst(probe_->probe, now);
  } else if (auto padding = makePadding()) {
    size = padding->data.size();
    padding->probe = probe_->probe;
    transmit(*padding, now);
  } else {
    probe_.reset();
    return;
  }
  probe_->next += timeFor(size + kDatagramOverhead, probe_->probe.bitsPerSecond);
  ++probe_->packets;
  probe_->bytes += static_cast<int>(size + kDatagramOverhead);
  const bool whole =
      probe_->packets >= probe_->probe.packets && probe_->bytes >= probe_->probe.bytes;
  if (whole) probe_.reset();
}

}  // namespace rtcpub::sfu
