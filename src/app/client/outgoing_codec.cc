#include "app/client/outgoing_codec.h"

#include <algorithm>

namespace rtcpub {

bool OutgoingCodec::onReport(const CodecReport& report, Time now) {
  report_ = report;
  return !fixed_ && choice_.onReport(report, now);
}

std::optional<CodecMismatch> OutgoingCodec::mismatch() const {
  int lacking = report_.lacking;
  // What is sent now may be on its way out: what counts is what will be.
  if (!fixed_) lacking = std::min(lacking, report_.viewers - takersOf(report_, choice_.codec()));
  if (lacking <= 0) return std::nullopt;
  return CodecMismatch{.sent = report_.sent, .taken = report_.taken, .viewers = lacking};
}

}  // namespace rtcpub
