#include "sfu/router/timestamp_origins.h"

#include <algorithm>

#include "sfu/router/media.h"

namespace rtcpub::sfu {
namespace {

constexpr std::int64_t kMemoryTicks = TimestampOrigins::kMemory.count() * kVideoClockRate;
/// How far a picture may be ahead of the newest packet: those of later pictures may overtake it.
constexpr std::int64_t kAheadTicks = kVideoClockRate;
/// Less than the 6.6 h in which timestamps come half round.
constexpr std::chrono::hours kLongAgo{1};

/// By how much `later` is after `earlier`; both wrap.
std::int64_t ticksFrom(std::uint32_t earlier, std::uint32_t later) {
  return static_cast<std::int32_t>(later - earlier);
}

}  // namespace

void TimestampOrigins::begin(const Origin& origin, std::uint32_t outgoing, Time now) {
  const Run next{.ssrc = origin.ssrc,
                 .first = outgoing,
                 .offset = outgoing - origin.timestamp,
                 .begunAt = now};
  if (!runs_.empty() && runs_.back().ssrc == next.ssrc && runs_.back().offset == next.offset) {
    return;  // it goes on
  }
  if (runs_.size() == kMaxRuns) runs_.pop_front();
  runs_.push_back(next);
}

std::optional<TimestampOrigins::Origin> TimestampOrigins::find(std::uint32_t outgoing,
                                                               std::uint32_t newest,
                                                               Time now) const {
  const std::int64_t age = ticksFrom(outgoing, newest);
  if (age > kMemoryTicks || age < -kAheadTicks) return std::nullopt;
  // What began long before all that is remembered isn't compared: since then they may have wrapped.
  const auto run = std::find_if(runs_.rbegin(), runs_.rend(), [&](const Run& one) {
    return now - one.begunAt > kLongAgo || ticksFrom(one.first, outgoing) >= 0;
  });
  if (run == runs_.rend()) return std::nullopt;
  return Origin{.ssrc = run->ssrc, .timestamp = outgoing - run->offset};
}

}  // namespace rtcpub::sfu
