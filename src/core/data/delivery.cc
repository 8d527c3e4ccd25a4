#include "core/data/delivery.h"

#include <algorithm>

namespace rtcpub::delivery {
namespace {

std::optional<int> least(const std::optional<int>& a, const std::optional<int>& b) {
  if (a && b) return std::min(*a, *b);
  return a ? a : b;
}

}  // namespace

std::optional<std::chrono::milliseconds> longestAge(const DataChannelOptions& options) {
  std::optional<std::chrono::milliseconds> age;
  if (options.maxRetransmits) age = kAgeOfOneSending * (*options.maxRetransmits + 1);
  if (!options.maxPacketLifeTimeMs) return age;
  const std::chrono::milliseconds life(*options.maxPacketLifeTimeMs);
  return age ? std::min(*age, life) : life;
}

bool isReliable(const DataChannelOptions& options) {
  return !options.maxRetransmits && !options.maxPacketLifeTimeMs;
}

DataChannelOptions stricter(const DataChannelOptions& ours, const DataChannelOptions& theirs) {
  return {.ordered = ours.ordered || theirs.ordered,
          .maxRetransmits = least(ours.maxRetransmits, theirs.maxRetransmits),
          .maxPacketLifeTimeMs = least(ours.maxPacketLifeTimeMs, theirs.maxPacketLifeTimeMs),
          .protocol = ours.protocol};
}

}  // namespace rtcpub::delivery
