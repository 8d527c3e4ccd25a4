#pragma once

#include <optional>
#include <string>

#include "core/codec_report.h"
#include "peer/peer.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/stats.h"
#include "rtcpub/video_frame.h"

namespace rtcpub {

/// What a publisher sends or a subscriber receives: the part of a client in which the two differ.
class ClientMedia {
 public:
  virtual ~ClientMedia() = default;
  /// Adds its tracks to a new peer connection; there may be several, one after the other. Runs on:
  /// the signalling loop.
  virtual Result<void> attach(peer::Peer& peer) = 0;
  /// The peer connection is about to go. Runs on: the signalling loop.
  virtual void detach() = 0;
  /// A decoded picture. Runs on: an engine's thread; only push.
  virtual void onFrame(const VideoFrame& frame) = 0;
  /// A message on any channel but the reserved ones. Runs on: an engine's thread; only push.
  virtual void onMessage(const std::string& /*label*/, const Message& /*message*/) {}
  /// A data channel is open; what is put on it now goes out. Runs on: the signalling loop.
  virtual void onChannelOpen(const std::string& /*label*/) {}
  /// The server says how the codec of the video fits. What follows for whoever sees nothing:
  /// nothing when all is well, or will be. An empty report: nothing is known any more. Runs on: the
  /// signalling loop.
  virtual std::optional<CodecMismatch> onCodecs(const CodecReport& report) = 0;
  /// Once a second from run() to the end. Runs on: the signalling loop.
  virtual void onSecond() {}
  /// Nothing will come any more.
  virtual void close() = 0;
};

}  // namespace rtcpub
