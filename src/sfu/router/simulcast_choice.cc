#include "sfu/router/simulcast_choice.h"

namespace rtcpub::sfu {
namespace {

/// Layers differ in pixels by four; what differs by less is chance, in a still picture say.
bool isMuchMore(std::int64_t rate, std::int64_t other) { return rate * 4 > other * 5; }

}  // namespace

SimulcastChoice::Verdict SimulcastChoice::onPacket(std::size_t layer, std::size_t bytes,
                                                   bool startsKeyFrame, Time now) {
  if (layer >= layers_.size()) return {};
  layers_[layer].rate.add(bytes, now);
  layers_[layer].heard = now;
  if (!chosen_) {
    if (!startsKeyFrame) return {.ask = askNow(layer, now)};
    change(layer);
    return {.passes = true, .changed = true};
  }
  const auto wanted = better(now);
  if (!wanted) {
    asked_.reset();
    return {.passes = layer == *chosen_};
  }
  if (layer == *wanted && startsKeyFrame) {
    change(layer);
    return {.passes = true, .changed = true};
  }
  return {.passes = layer == *chosen_, .ask = askNow(*wanted, now)};
}

void SimulcastChoice::change(std::size_t layer) {
  chosen_ = layer;
  rival_.reset();
  asked_.reset();
}

std::optional<std::size_t> SimulcastChoice::askNow(std::size_t layer, Time now) {
  if (asked_ && now - *asked_ < kAskAgain) return std::nullopt;
  asked_ = now;
  return layer;
}

bool SimulcastChoice::isAlive(std::size_t layer, Time now) const {
  const auto& heard = layers_[layer].heard;
  return heard && now - *heard <= kSilence;
}

std::optional<std::size_t> SimulcastChoice::better(Time now) {
  const auto candidate = best(now);
  if (!candidate || candidate == chosen_) {
    rival_.reset();
    return std::nullopt;
  }
  if (!isAlive(*chosen_, now)) return candidate;
  const auto rate = [&](std::size_t layer) { return layers_[layer].rate.bitsPerSecond(now); };
  if (!isMuchMore(rate(*candidate), rate(*chosen_))) {
    rival_.reset();
    return std::nullopt;
  }
  if (rival_ != candidate) {
    rival_ = candidate;
    rivalSince_ = now;
  }
  return now - rivalSince_ >= kProven ? candidate : std::nullopt;
}

std::optional<std::size_t> SimulcastChoice::best(Time now) const {
  std::optional<std::size_t> best;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    if (!isAlive(layer, now)) continue;
    const bool more =
        best && layers_[layer].rate.bitsPerSecond(now) > layers_[*best].rate.bitsPerSecond(now);
    if (!best || more) best = layer;
  }
  return best;
}

}  // namespace rtcpub::sfu
