#include "sfu/router/codec_reports.h"

#include <algorithm>
#include <string>

#include "sfu/router/codec_match.h"

namespace rtcpub::sfu {
namespace {

void addOnce(std::vector<std::string>& all, const std::string& one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

bool isTaken(const OutgoingStream& viewer, const NegotiatedCodec& codec) {
  return codec.payloadType >= 0 && viewer.knows(static_cast<std::uint8_t>(codec.payloadType));
}

void countTaker(CodecReport& report, const NegotiatedCodec& codec) {
  const auto kind = videoCodecOf(codec.codec.kind);
  if (kind == VideoCodec::kH264) report.h264 = 1;
  if (kind == VideoCodec::kVp8) report.vp8 = 1;
  if (kind == VideoCodec::kVp9) report.vp9 = 1;
}

}  // namespace

CodecReport reportOf(const OutgoingStream& viewer, const std::vector<NegotiatedCodec>& publisher,
                     std::optional<std::uint8_t> sent) {
  CodecReport report{.viewers = 1};
  bool takesAny = false;
  bool takesSent = !sent;
  for (const auto& codec : publisher) {
    const bool taken = isTaken(viewer, codec);
    takesAny |= taken;
    if (taken) countTaker(report, codec);
    if (codec.payloadType != sent) continue;
    report.sent = wordsFor(codec.codec);
    takesSent = taken;
  }
  if (publisher.empty() || (takesAny && takesSent)) return report;
  report.lacking = 1;
  if (!sent) report.sent = wordsFor(publisher.front().codec);
  for (const auto& codec : viewer.section().codecs) addOnce(report.taken, wordsFor(codec.codec));
  return report;
}

CodecReport sumOf(const std::map<MemberId, CodecReport>& reports) {
  CodecReport sum;
  for (const auto& [id, report] : reports) {
    if (!report.sent.empty()) sum.sent = report.sent;
    for (const auto& codec : report.taken) addOnce(sum.taken, codec);
    sum.viewers += report.viewers;
    sum.lacking += report.lacking;
    sum.h264 += report.h264;
    sum.vp8 += report.vp8;
    sum.vp9 += report.vp9;
  }
  return sum;
}

}  // namespace rtcpub::sfu
