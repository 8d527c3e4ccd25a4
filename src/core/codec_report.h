#pragma once

#include <string>
#include <vector>

namespace rtcpub {

/// How the codec that a publisher sends its video in fits what viewers can take: one viewer, as it
/// is told itself, or all those who want the video, as the publisher is told.
struct CodecReport {
  std::string sent;                ///< for people: "H264 High (6400)"; empty while nothing was sent
  std::vector<std::string> taken;  ///< likewise, each once: by those who can't take what is sent
  int viewers = 0;                 ///< whom this is about
  int lacking = 0;                 ///< of these, those who can't take what is sent
  /// How many could take it if the publisher sent it in another of the codecs that it negotiated.
  int h264 = 0;
  int vp8 = 0;
  int vp9 = 0;

  friend bool operator==(const CodecReport&, const CodecReport&) = default;
};

/// "H264 High (6400), VP8 and VP9".
[[nodiscard]] std::string listOf(const std::vector<std::string>& codecs);

}  // namespace rtcpub
