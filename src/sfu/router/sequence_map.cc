#include "sfu/router/sequence_map.h"

#include <algorithm>
#include <limits>

namespace rtcpub::sfu {
namespace {

constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::max();

}  // namespace

void SequenceMap::begin(std::int64_t source, std::int64_t outgoing) {
  const std::uint16_t frames = runs_.empty() ? std::uint16_t{0} : runs_.back().frames;
  runs_.assign(1, {.first = source, .end = kOpen, .offset = outgoing - source, .frames = frames});
}

void SequenceMap::leaveOut(std::int64_t source, bool startsFrame) {
  if (runs_.empty() || source < runs_.back().first) return;
  if (source > runs_.back().first) {
    if (runs_.size() == kMaxRuns) runs_.erase(runs_.begin());
    Run next = runs_.back();
    runs_.back().end = source;
    runs_.push_back(next);
  }
  Run& after = runs_.back();
  after.first = source + 1;
  --after.offset;
  if (startsFrame) ++after.frames;
}

std::optional<SequenceMap::Place> SequenceMap::find(std::int64_t source) const {
  // Most are of the last run.
  const auto run = std::find_if(runs_.rbegin(), runs_.rend(),
                                [source](const Run& one) { return one.first <= source; });
  if (run == runs_.rend() || source >= run->end) return std::nullopt;
  return Place{.number = source + run->offset, .frames = run->frames};
}

std::optional<std::int64_t> SequenceMap::sourceOf(std::int64_t outgoing) const {
  const auto run = std::find_if(runs_.rbegin(), runs_.rend(), [outgoing](const Run& one) {
    return one.first + one.offset <= outgoing;
  });
  if (run == runs_.rend()) return std::nullopt;
  return outgoing - run->offset;
}

}  // namespace rtcpub::sfu
