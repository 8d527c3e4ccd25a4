#pragma once

#include <optional>

#include "core/codec_report.h"
#include "core/session/codec_choice.h"
#include "rtcpub/clock.h"
#include "rtcpub/codec.h"
#include "rtcpub/stats.h"

namespace rtcpub {

/// The codec of a publisher's video, and who can't take it: the choice of CodecChoice where the
/// codec was left open and is to be encoded here, else whatever was asked for or comes encoded.
/// Pure.
class OutgoingCodec {
 public:
  /// A new peer connection. `fixed`: there is nothing to choose.
  void begin(bool fixed) { fixed_ = fixed; }
  /// Which one to offer first.
  [[nodiscard]] VideoCodec first() const { return choice_.codec(); }

  /// The server says what the viewers take. Whether another codec is to be sent now.
  bool onReport(const CodecReport& report, Time now);
  /// Whether another codec is to be sent now.
  bool onTime(Time now) { return !fixed_ && choice_.onTime(now); }

  /// The viewers who see nothing, and go on seeing nothing.
  [[nodiscard]] std::optional<CodecMismatch> mismatch() const;

 private:
  CodecChoice choice_;
  CodecReport report_;
  bool fixed_ = false;
};

}  // namespace rtcpub
