#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ice/candidate.h"
#include "core/ice/ice_server.h"
#include "core/video/video_encoder.h"
#include "rtcpub/clock.h"
#include "rtcpub/codec.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"
#include "rtcpub/video_source.h"

namespace rtcpub::peer {

struct PeerOptions {
  std::vector<IceServer> iceServers;
  bool relayOnly = false;  ///< only ways through TURN
  std::string caFile;      ///< trusted by `turns:` besides the system's; empty: none
  bool insecure = false;   ///< `turns:` accepts any certificate
  bool lan = false;
};

/// How outgoing video is encoded.
struct VideoSendOptions {
  /// The only one to offer; without it all, H264 first. Video that comes encoded, in H264 or VP8,
  /// is offered in its codec.
  std::optional<VideoCodec> codec;
  /// Of several the one to send, as far as the server takes it.
  VideoCodec first = VideoCodec::kH264;
  int bitrateKbps = 2000;
  int keyFrameInterval = 100;  ///< frames
  bool intraRefresh = false;
  int temporalLayers = 1;  ///< more: in VP8 and VP9, by the engine's encoders
  /// The machine's encoders; null: only the engine's own.
  std::shared_ptr<VideoEncoders> encoders;
};

/// What the engine says. Called on the engine's threads: implementations only post or push.
class PeerListener {
 public:
  virtual ~PeerListener() = default;
  virtual void onOffer(std::string sdp) = 0;
  virtual void onAnswer(std::string sdp) = 0;  ///< to an offer of the server's
  virtual void onAnswerApplied() = 0;
  virtual void onCandidate(Candidate candidate) = 0;
  virtual void onConnected() = 0;
  virtual void onDisconnected() = 0;
  /// No path was found, or it was lost.
  virtual void onPathFailed(std::string reason) = 0;
  /// A STUN or TURN server is of no use, in words for people.
  virtual void onIceServerFailed(std::string /*reason*/) {}  // NOLINT(performance-unnecessary-*)
  /// What was asked for can't be done.
  virtual void onFailed(std::string reason) = 0;
  /// Interfaces, addresses or routes of this machine have changed; on a thread of its own.
  virtual void onNetworkChanged() = 0;
  virtual void onChannelOpen(const std::string& label) = 0;
  virtual void onMessage(const std::string& label, Message message) = 0;
  /// The other side opened a channel with these options, besides ours of that label if there is
  /// one.
  virtual void onPeersChannel(const std::string& label, const DataChannelOptions& options) = 0;
  /// What became of a message that send() took: the other end has acknowledged it, or it was given
  /// up. Nothing is told of those that are on their way when the peer ends.
  virtual void onMessageDone(const std::string& label, std::uint64_t id, bool delivered) = 0;
  virtual void onVideoFrame(VideoFrame frame) = 0;  ///< decoded; `time` is when
};

/// Counters since the start, from which the last second's figures are made; 0 and empty until
/// known.
struct PeerStats {
  std::string codec;
  int width = 0;
  int height = 0;
  std::uint64_t frames = 0;            ///< encoded, or decoded
  std::uint64_t videoBytes = 0;        ///< payload
  std::uint64_t packets = 0;           ///< sent, or received
  std::uint64_t packetsLost = 0;       ///< as the receiver of the video says
  double decodeSeconds = 0;            ///< spent on decoding
  std::uint64_t incompleteFrames = 0;  ///< came without their first slices
  std::string encoder;                 ///< who encodes what is sent
  std::uint64_t droppedGroups = 0;     ///< of video that comes encoded
  std::optional<double> rttMs;
  int fecKbps = 0;                     ///< sent lately
  std::optional<double> estimateKbps;  ///< what the path carries out
  bool feedbackMissing = false;        ///< the server agreed to transport-wide feedback, in vain
};

/// How a message is sent.
struct Dispatch {
  std::uint64_t id = 0;          ///< told to onMessageDone()
  std::optional<Time> deadline;  ///< it doesn't leave later
};

/// One client's PeerConnection. Create the tracks and channels, then createOffer.
///
/// Any thread but the engine's own (those of the listener) may call. create(), the destructor and
/// the three functions with a Result wait for the engine; nothing else blocks. After the destructor
/// neither the listener nor a callback is called.
class Peer {
 public:
  static Result<std::unique_ptr<Peer>> create(const PeerOptions& options, PeerListener& listener);
  virtual ~Peer() = default;

  virtual Result<void> sendVideo(VideoSource& source, const VideoSendOptions& options) = 0;
  virtual Result<void> receiveVideo(std::optional<VideoCodec> codec) = 0;
  virtual Result<void> addChannel(const std::string& label, const DataChannelOptions& options) = 0;

  virtual void createOffer() = 0;
  /// The next offer puts this codec first of those that it has for what is sent.
  virtual void preferCodec(VideoCodec codec) = 0;
  /// Makes another offer, with new ICE credentials, for what has lost its path.
  virtual void restartIce() = 0;
  /// Looks for the server at the addresses that it gave, if the engine has given them up.
  virtual void refreshPath() = 0;
  virtual void applyAnswer(const std::string& sdp) = 0;
  virtual void applyOffer(const std::string& sdp) = 0;
  virtual void addCandidate(const Candidate& candidate) = 0;

  /// Whether the channel took the message; if not, wait for onChannelOpen. What is taken is kept
  /// until it can leave: bound what you give by onMessageDone(). Any thread.
  virtual bool send(const std::string& label, const Message& message,
                    const Dispatch& dispatch = {}) = 0;
  virtual void stats(std::function<void(PeerStats)> done) = 0;
};

}  // namespace rtcpub::peer
