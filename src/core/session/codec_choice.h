#pragma once

#include <chrono>
#include <optional>

#include "core/codec_report.h"
#include "rtcpub/clock.h"
#include "rtcpub/codec.h"

namespace rtcpub {

/// How many of the report's viewers take a codec.
[[nodiscard]] int takersOf(const CodecReport& report, VideoCodec codec);

/// In which codec a publisher sends whose user left it open. Pure.
///
/// H264, which the machine's encoders make, unless no viewer takes it: then at once the first of
/// VP8 and VP9 that some viewer takes, since nobody sees anything. What some viewer sees is not
/// taken from it for another's sake. Back to H264 only when for kCalm all that time every viewer
/// could take it, or none was there, so that a page that is loaded again, or viewers of two kinds
/// who come and go, don't make it go to and fro.
class CodecChoice {
 public:
  static constexpr std::chrono::seconds kCalm{30};

  [[nodiscard]] VideoCodec codec() const { return codec_; }

  /// The server says what the viewers take. Whether the codec is another one now.
  bool onReport(const CodecReport& report, Time now);
  /// Whether the codec is another one now.
  bool onTime(Time now);

 private:
  [[nodiscard]] bool suitsH264() const;

  VideoCodec codec_ = VideoCodec::kH264;
  CodecReport report_;
  std::optional<Time> suitsSince_;  ///< since when H264 would do, while another one is sent
};

}  // namespace rtcpub
