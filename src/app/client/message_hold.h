#pragma once

#include "app/client/channel_set.h"
#include "core/session/comeback.h"
#include "net/event_loop.h"

namespace rtcpub {

/// Lets a client's reliable messages wait, or go, as Comeback says.
/// Runs on: the signalling loop.
class MessageHold {
 public:
  /// `channels` outlives this.
  MessageHold(net::EventLoop& loop, ChannelSet& channels);

  /// As of Comeback.
  void onOthers(int count);
  void onLost();
  void onBack();

 private:
  void update();

  ChannelSet& channels_;
  Comeback comeback_;
  net::EventLoop::Timer timer_;
};

}  // namespace rtcpub
