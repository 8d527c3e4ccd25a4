// What a relay leaves out since the server has more to do than it can.
#include <algorithm>

#include "sfu/router/relay.h"

namespace rtcpub::sfu {
namespace {

/// A little less than the distance at which key frames are asked for.
constexpr std::chrono::milliseconds kTurnInterval{1500};

}  // namespace

bool Relay::isThinnedOut(Receiver& receiver, const Stored& packet) {
  if (receiver.thinning != Thinning::kKeyFrames) return false;
  const bool starts = receiver.stream.waiting() && packet.info.startsKeyFrame;
  if (!packet.startsFrame && !starts) return false;
  if (receiver.leftOut == packet.info.timestamp) return true;  // one of its further slices
  if (packet.info.startsKeyFrame && receiver.turn) return false;
  leaveOutFrame(receiver, packet);
  return true;
}

void Relay::noteKeyFrame(const Stored& packet, Time now) {
  const bool inOrder = packet.newest && packet.startsFrame;
  const bool overtaken =
      !packet.newest && timestamp_ == packet.info.timestamp && keyFrame_ != packet.info.timestamp;
  if (packet.info.startsKeyFrame && (inOrder || overtaken)) {
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
/// asked for in between, for somebody else, is none of theirs; who has no picture at all gets any.
void Relay::giveTurns(Time now) {
  for (auto& receiver : receivers_) {
    receiver.turn = false;
    if (receiver.counters.packets == 0) giveTurn(receiver);
  }
  if (now - turnsAt_ < kTurnInterval) return;
  turnsAt_ = now;
  std::size_t left = keyFrameLimit_ == 0
                         ? receivers_.size()
                         : std::max<std::size_t>(1, keyFrameLimit_ / lastKeyFramePackets_);
  const auto next = std::find_if(receivers_.begin(), receivers_.end(),
                                 [this](const Receiver& one) { return one.id >= nextTurn_; });
  const auto first = next - receivers_.begin();
  for (std::size_t i = 0; i < receivers_.size() && left > 0; ++i) {
    auto& receiver = receivers_[(static_cast<std::size_t>(first) + i) % receivers_.size()];
    if (receiver.thinning != Thinning::kKeyFrames || !receiver.ready) continue;
    giveTurn(receiver);
    nextTurn_ = receiver.id + 1;
    --left;
  }
}

void Relay::giveTurn(Receiver& receiver) {
  receiver.turn = true;
  // Packets of this key frame that overtook its start were left out: they follow it now.
  receiver.leftOut.reset();
}

void Relay::setThinning(ClientId id, Thinning level) {
  auto* receiver = find(id);
  if (receiver == nullptr || receiver->thinning == level) return;
  // It may have the next key frame, which is asked for as for anybody who waits.
  if (receiver->thinning == Thinning::kKeyFrames) receiver->thinned = false;
  receiver->thinning = level;
  receiver->turn = false;
  countOnKeyFrames();
}

Thinning Relay::thinning(ClientId id) const {
  const auto* receiver = find(id);
  return receiver == nullptr ? Thinning::kNone : receiver->thinning;
}

void Relay::countOnKeyFrames() {
  onKeyFrames_ = static_cast<std::size_t>(std::count_if(
      receivers_.begin(), receivers_.end(),
      [](const Receiver& receiver) { return receiver.thinning == Thinning::kKeyFrames; }));
}

void Relay::addLoads(std::vector<ViewerLoad>& loads, double keyFrames, Time now) {
  const auto all = static_cast<double>(packetRate_.bitsPerSecond(now)) / 8;
  const auto keyFramePackets =
      static_cast<double>(std::max(lastKeyFramePackets_, keyFramePackets_));
  const double lowestLayer = all * layerRates_.shareOfLowest(now);
  for (auto& receiver : receivers_) {
    if (!receiver.ready || (payloadType_ && !receiver.stream.knows(*payloadType_))) continue;
    const auto sent = static_cast<double>(receiver.counters.packets - receiver.sentBefore);
    const auto repeated =
        static_cast<double>(receiver.counters.retransmitted - receiver.repeatedBefore);
    receiver.sentBefore = receiver.counters.packets;
    receiver.repeatedBefore = receiver.counters.retransmitted;
    loads.push_back({.client = receiver.id,
                     .all = all,
                     .lowestLayer = lowestLayer,
                     .keyFrames = keyFrames * keyFramePackets,
                     .narrow = receiver.downlink != nullptr,
                     .repeated = sent > 0 ? repeated / sent : 0,
                     .rtt = std::nullopt,
                     .now = receiver.thinning});
  }
}

}  // namespace rtcpub::sfu
