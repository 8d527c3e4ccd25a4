#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/data_channel_interface.h"
#include "api/scoped_refptr.h"
#include "peer/peer.h"
#include "peer/sctp_seam.h"
#include "rtc_base/thread.h"

namespace rtcpub::peer {

/// The data channels of one peer, by label. A label may be opened by both sides, each with a
/// channel of its own: messages of both are reported, and sent is on the one that opened first.
///
/// Runs on: the signaling thread; send() on any.
class Channels {
 public:
  Channels(rtc::Thread& signaling, PeerListener& listener, std::shared_ptr<SctpSeam> seam);

  /// One of ours.
  void add(rtc::scoped_refptr<webrtc::DataChannelInterface> channel);
  /// One that the other side opened. If its label or protocol can't be text it is closed again.
  void addPeers(rtc::scoped_refptr<webrtc::DataChannelInterface> channel);
  /// The listener isn't called any more, nothing more is sent.
  void close();

  bool send(const std::string& label, const Message& message, const Dispatch& dispatch);

 private:
  class Channel;

  void onDone(int stream, std::uint64_t number, bool delivered);

  rtc::Thread& signaling_;
  PeerListener& listener_;
  const std::shared_ptr<SctpSeam> seam_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::shared_ptr<Channel>>> byLabel_;
};

}  // namespace rtcpub::peer
