#include "app/client/message_hold.h"

namespace rtcpub {

MessageHold::MessageHold(net::EventLoop& loop, ChannelSet& channels)
    : channels_(channels), timer_(loop) {}

void MessageHold::onOthers(int count) {
  comeback_.onOthers(count, monotonicNow());
  update();
}

void MessageHold::onLost() {
  comeback_.onLost();
  update();
}

void MessageHold::onBack() {
  comeback_.onBack(monotonicNow());
  update();
}

void MessageHold::update() {
  const bool held = comeback_.waiting(monotonicNow());
  channels_.setHeld(held);
  const auto deadline = comeback_.deadline();
  if (!held || !deadline) return timer_.cancel();
  timer_.set(*deadline, [this] { update(); });
}

}  // namespace rtcpub
