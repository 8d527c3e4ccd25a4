// What a producer leaves out since the server has more to do than it can.
#include <algorithm>

#include "sfu/router/producer.h"

namespace rtcpub::sfu {
namespace {

/// A little less than the distance at which key frames are asked for.
constexpr std::chrono::milliseconds kTurnInterval{1500};

}  // namespace

bool Producer::leaveOutForLoad(Consumer& consumer, const Stored& packet) {
  if (consumer.thinning != Thinning::kKeyFrames) return false;
  const bool starts = consumer.stream.waiting() && packet.info.startsKeyFrame;
  if (!packet.startsFrame && !starts) return false;
  if (consumer.leftOut == packet.info.timestamp) return true;  // one of its further slices
  if (packet.info.startsKeyFrame && consumer.turn) return false;
  leaveOutFrame(consumer, packet);
  return true;
}

void Producer::noteKeyFrame(const Stored& packet, Time now) {
  const bool inOrder = packet.newest && packet.startsFrame;
  const bool overtaken =
      !packet.newest && timestamp_ == packet.info.timestamp && keyFrame_ != packet.info.timestamp;
  if (packet.info.startsKeyFrame && (inOrder || overtaken)) {
    ++keyFrames_;
    if (keyFrame_) lastKeyFramePackets_ = keyFramePackets_;
    keyFrame_ = packet.info.timestamp;
    // All that overtook it belong to it.
    keyFramePackets_ =
        overtaken ? static_cast<std::size_t>(shift_.of(source_.newest()) - packet.info.sequence)
                  : 0;
    if (onKeyFrames_ > 0) giveTurns(now);
  }
  if (keyFrame_ == packet.info.timestamp) ++keyFramePackets_;
}

/// To those who get key frames only, in the order of their numbers, and round. A key frame that was
/// asked for in between, for somebody else, is none of theirs; whoever has no frame gets any.
void Producer::giveTurns(Time now) {
  for (auto& consumer : consumers_) {
    consumer.turn = false;
    if (consumer.counters.packets == 0) giveTurn(consumer);
  }
  if (now - turnsAt_ < kTurnInterval) return;
  turnsAt_ = now;
  std::size_t left = keyFrameLimit_ == 0
                         ? consumers_.size()
                         : std::max<std::size_t>(1, keyFrameLimit_ / lastKeyFramePackets_);
  const auto next = std::find_if(consumers_.begin(), consumers_.end(),
                                 [this](const Consumer& one) { return one.id >= nextTurn_; });
  const auto first = next - consumers_.begin();
  for (std::size_t i = 0; i < consumers_.size() && left > 0; ++i) {
    auto& consumer = consumers_[(static_cast<std::size_t>(first) + i) % consumers_.size()];
    if (consumer.thinning != Thinning::kKeyFrames || !consumer.ready) continue;
    giveTurn(consumer);
    nextTurn_ = consumer.id + 1;
    --left;
  }
}

void Producer::giveTurn(Consumer& consumer) {
  consumer.turn = true;
  // Packets of this key frame that overtook its start were left out: they follow it now.
  consumer.leftOut.reset();
}

void Producer::thin(const std::map<MemberId, Thinning>& plan) {
  for (auto& consumer : consumers_) {
    const auto planned = plan.find(consumer.id);
    const Thinning level = planned == plan.end() ? Thinning::kNone : planned->second;
    if (consumer.thinning == level) continue;
    // It may have the next key frame, which is asked for as for anybody who waits.
    if (consumer.thinning == Thinning::kKeyFrames) consumer.thinned = false;
    consumer.thinning = level;
    consumer.turn = false;
  }
  countOnKeyFrames();
}

Thinning Producer::thinning(MemberId id) const {
  const auto* consumer = find(id);
  return consumer == nullptr ? Thinning::kNone : consumer->thinning;
}

void Producer::countOnKeyFrames() {
  onKeyFrames_ = static_cast<std::size_t>(std::count_if(
      consumers_.begin(), consumers_.end(),
      [](const Consumer& consumer) { return consumer.thinning == Thinning::kKeyFrames; }));
}

void Producer::addLoads(std::vector<ViewerLoad>& loads, double keyFrames, Time now) {
  const auto all = static_cast<double>(packetRate_.bitsPerSecond(now)) / 8;
  const auto keyFramePackets =
      static_cast<double>(std::max(lastKeyFramePackets_, keyFramePackets_));
  const double lowestLayer = all * layerRates_.shareOfLowest(now);
  for (auto& consumer : consumers_) {
    if (!consumer.ready || (payloadType_ && !consumer.stream.knows(*payloadType_))) continue;
    const auto sent = static_cast<double>(consumer.counters.packets - consumer.sentBefore);
    const auto repeated =
        static_cast<double>(consumer.counters.retransmitted - consumer.repeatedBefore);
    consumer.sentBefore = consumer.counters.packets;
    consumer.repeatedBefore = consumer.counters.retransmitted;
    loads.push_back({.member = consumer.id,
                     .all = all,
                     .lowestLayer = lowestLayer,
                     .keyFrames = keyFrames * keyFramePackets,
                     .narrow = consumer.downlink != nullptr,
                     .repeated = sent > 0 ? repeated / sent : 0,
                     .rtt = std::nullopt,
                     .now = consumer.thinning});
  }
}

}  // namespace rtcpub::sfu
