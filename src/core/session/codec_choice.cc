#include "core/session/codec_choice.h"

#include <utility>

namespace rtcpub {

int takersOf(const CodecReport& report, VideoCodec codec) {
  switch (codec) {
    case VideoCodec::kH264:
      return report.h264;
    case VideoCodec::kVp8:
      return report.vp8;
    case VideoCodec::kVp9:
      return report.vp9;
  }
  return 0;
}

bool CodecChoice::onReport(const CodecReport& report, Time now) {
  report_ = report;
  if (report.viewers > 0 && takersOf(report, codec_) == 0) {
    for (const auto other : {VideoCodec::kH264, VideoCodec::kVp8, VideoCodec::kVp9}) {
      if (takersOf(report, other) == 0) continue;
      codec_ = other;
      suitsSince_.reset();
      return true;
    }
  }
  return onTime(now);
}

bool CodecChoice::onTime(Time now) {
  if (codec_ == VideoCodec::kH264 || !suitsH264()) {
    suitsSince_.reset();
    return false;
  }
  if (!suitsSince_) suitsSince_ = now;
  if (now - *suitsSince_ < kCalm) return false;
  suitsSince_.reset();
  return std::exchange(codec_, VideoCodec::kH264) != VideoCodec::kH264;
}

bool CodecChoice::suitsH264() const { return report_.h264 == report_.viewers; }

}  // namespace rtcpub
