#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rtcpub/control.h"
#include "rtcpub/export.h"
#include "rtcpub/state.h"

namespace rtcpub {

/// The video as it was sent (publisher) or decoded (subscriber) over the last second.
struct VideoStats {
  std::string codec;         ///< "H264", "VP8", "VP9"; empty until known
  int width = 0;             ///< pixels
  int height = 0;            ///< pixels
  double fps = 0;            ///< frames a second
  double kbps = 0;           ///< payload, in 1,000 bits a second
  std::uint64_t frames = 0;  ///< since the start
  std::uint64_t freezes =
      0;  ///< since the start; a gap of more than max(3 frame intervals, interval + 150 ms)
  double loss = 0;  ///< fraction of packets lost, 0 to 1
  /// A subscriber's: how long a picture took to decode, in milliseconds.
  double decodeMs = 0;
  /// A subscriber's, since the start: pictures that came without their first slices (H264). They
  /// aren't shown; each time a key frame is asked for.
  std::uint64_t incompleteFrames = 0;
  /// A publisher's: who encodes, "x264enc" or "OpenH264" say; "pass-through" when the video comes
  /// encoded. Empty until known.
  std::string encoder;
  /// A publisher's, since the start: how often encoded video that came was left out up to the next
  /// key frame, since the path was too narrow for it.
  std::uint64_t droppedGroups = 0;
  /// A publisher's: what is sent in advance of losses (FEC), in 1,000 bits a second; a part of
  /// `kbps`.
  double fecKbps = 0;
};

/// One of a publisher's cameras.
struct CameraStats {
  bool onAir = false;  ///< whether viewers see it
  bool live = true;    ///< whether it yields frames
  std::string reason;  ///< why it isn't live, for people
};

/// Why there is no picture though video is sent: its codec, or that codec's profile, is none that
/// the viewer takes. It is over when the publisher sends another one.
struct CodecMismatch {
  std::string sent;                ///< for people: "H264 High (6400)"
  std::vector<std::string> taken;  ///< likewise, what those viewers take
  int viewers = 1;                 ///< how many see nothing; a subscriber tells of itself only
};

/// Capture to decoded frame, in milliseconds, over the last second.
struct LatencyStats {
  double p50 = 0;  ///< the median
  double p95 = 0;  ///< of 95 % of the frames it is at most this
  double p99 = 0;  ///< of 99 %
};

/// Messages since the start. What was put is sent, dropped or waiting.
struct DataStats {
  std::uint64_t sent = 0;      ///< that the server has acknowledged
  std::uint64_t received = 0;  ///< that came from the other side
  /// That became too old or too many before they were sent, or were given up on the way.
  std::uint64_t dropped = 0;
  std::uint64_t waiting = 0;  ///< now: to be sent, or sent and not acknowledged yet
};

/// What a publisher or subscriber knows of itself; what doesn't apply is absent.
struct Stats {
  std::chrono::system_clock::time_point time;      ///< when these figures were taken
  ConnectionState state = ConnectionState::kIdle;  ///< where the connection stands
  std::string reason;                              ///< of the state, in words for people
  std::optional<VideoStats> video;                 ///< once there is any
  std::optional<CodecMismatch> codecMismatch;      ///< while somebody sees nothing for its codec
  std::optional<double> rttMs;                     ///< to the server
  /// A publisher's: what the path to the server carries, as estimated, in 1,000 bits a second.
  std::optional<double> estimateKbps;
  /// A publisher's: the server agreed to tell what arrives of each packet (transport-wide feedback)
  /// and doesn't, so that `estimateKbps` goes by losses alone.
  bool feedbackMissing = false;
  std::optional<LatencyStats> latencyMs;       ///< a subscriber's, of video that is stamped
  std::map<std::string, DataStats> data;       ///< by label
  std::optional<int> viewers;                  ///< a publisher's, as the server says
  std::map<std::string, CameraStats> cameras;  ///< a publisher's, by name
  std::optional<ControlStats> control{};       ///< a publisher's, when it has a gate
};

/// One line of JSON, without the line's end; the form is in docs/protocol.md.
RTCPUB_EXPORT std::string toJson(const Stats& stats);

}  // namespace rtcpub
