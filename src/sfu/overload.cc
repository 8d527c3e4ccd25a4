#include "sfu/overload.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "log/log.h"
#include "sfu/channel.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {
namespace {

/// A plan is made anew when there may be sent more or less, and so often: viewers come and go, and
/// videos change their rates.
constexpr std::chrono::seconds kPlanHolds{1};
/// What key frames for those who get nothing else may take at once: everybody else waits meanwhile.
constexpr double kBurstSeconds = 0.015;

std::uint64_t packetsOutOf(const Overload::Channels& channels) {
  std::uint64_t packets = 0;
  for (const auto& [id, channel] : channels) packets += channel->packetsOut();
  return packets;
}

std::size_t countOf(const std::map<MemberId, Thinning>& plan, Thinning thinning) {
  return static_cast<std::size_t>(std::count_if(
      plan.begin(), plan.end(), [&](const auto& entry) { return entry.second == thinning; }));
}

}  // namespace

void Overload::onTick(const Channels& channels, Time now) {
  const bool before = governor_.overloaded();
  const LoadSample load = givenLoad_ ? givenLoad_() : measure(channels, now);
  busy_ = load.busy;
  governor_.onSample(load, now);
  if (!before && governor_.overloaded()) droppedBefore_ = network_.droppedLate();
  if (governor_.overloaded() &&
      (governor_.budget() != plannedFor_ || now - plannedAt_ >= kPlanHolds)) {
    plan(channels, now);
  }
  if (governor_.overloaded() == before) return;
  if (before) lasted_ += now - governor_.since();
  tell(before, now);
}

LoadSample Overload::measure(const Channels& channels, Time now) {
  if (!load_) load_.emplace();
  const std::uint64_t packets = packetsOutOf(channels);
  const std::uint64_t packetsBefore = std::exchange(packetsOut_, packets);
  const double seconds =
      std::chrono::duration<double>(now - std::exchange(sampledAt_, now)).count();
  // A channel that is no more took its count along.
  const std::uint64_t sent = packets < packetsBefore ? 0 : packets - packetsBefore;
  return {.lateness = network_.takeLateness(),
          .busy = load_->measure(now),
          .packetsOut = seconds > 0 ? static_cast<double>(sent) / seconds : 0};
}

void Overload::plan(const Channels& channels, Time now) {
  plannedAt_ = now;
  std::vector<ViewerLoad> loads;
  for (const auto& [id, channel] : channels) channel->addLoads(loads, now);
  double demand = 0;
  for (const auto& load : loads) demand += load.all;
  governor_.onDemand(demand, now);
  plannedFor_ = governor_.budget();
  plan_.clear();
  if (plannedFor_) plan_ = planThinning(std::move(loads), *plannedFor_);
  carryOut(channels, now);
}

void Overload::carryOut(const Channels& channels, Time now) const {
  const double burst = std::max(1.0, plannedFor_.value_or(0) * kBurstSeconds);
  for (const auto& [id, channel] : channels) {
    channel->thin(plan_, static_cast<std::size_t>(burst), now);
  }
}

void Overload::tell(bool before, Time now) const {
  if (before) {
    log().info("no longer overloaded, after {} s: everybody gets all of the video again",
               std::chrono::duration_cast<std::chrono::seconds>(now - governor_.since()).count());
  } else {
    log().warn(
        "overloaded: there is more to do than one core can. Commands go first; {}. Cure: fewer "
        "viewers or lower bitrates on this server, less beside it, or a faster core",
        plan_.empty() ? "video comes late, but all of it is sent"
                      : "the video of " + std::to_string(plan_.size()) +
                            " viewer(s) is thinned, those with the worst paths first");
  }
}

std::chrono::milliseconds Overload::lasted(Time now) const {
  const auto current = governor_.overloaded() ? now - governor_.since() : Time::duration{};
  return std::chrono::duration_cast<std::chrono::milliseconds>(lasted_ + current);
}

std::optional<OverloadReport> Overload::report(Time now) const {
  if (!governor_.overloaded()) return std::nullopt;
  return OverloadReport{
      .lasts = std::chrono::duration_cast<std::chrono::milliseconds>(now - governor_.since()),
      .busy = busy_,
      .onLowestLayer = countOf(plan_, Thinning::kLowestLayer),
      .onKeyFrames = countOf(plan_, Thinning::kKeyFrames),
      .droppedDatagrams = network_.droppedLate() - droppedBefore_};
}

}  // namespace rtcpub::sfu
