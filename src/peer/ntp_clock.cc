#include "peer/ntp_clock.h"

#include "api/units/timestamp.h"
#include "system_wrappers/include/clock.h"

namespace rtcpub::peer {
namespace {

/// After so long NTP's 32 bits of seconds begin anew.
constexpr std::int64_t kEraUs = (std::int64_t{1} << 32) * 1'000'000;

std::int64_t microseconds(webrtc::NtpTime ntp) {
  const std::int64_t fraction =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(ntp.fractions()) * 1'000'000 >> 32);
  return std::int64_t{ntp.seconds()} * 1'000'000 + fraction;
}

/// The same modulo an era, as near to 0 as it can be.
std::int64_t withinAnEra(std::int64_t us) {
  us %= kEraUs;
  if (us >= kEraUs / 2) return us - kEraUs;
  return us < -kEraUs / 2 ? us + kEraUs : us;
}

}  // namespace

Time fromNtpUs(std::int64_t ntpUs) {
  const Time now = monotonicNow();  // libwebrtc counts in CLOCK_MONOTONIC, too
  const auto ntpNow = webrtc::Clock::GetRealTimeClock()->ConvertTimestampToNtpTime(
      webrtc::Timestamp::Micros(now.time_since_epoch().count()));
  return now + std::chrono::microseconds(withinAnEra(ntpUs % kEraUs - microseconds(ntpNow)));
}

}  // namespace rtcpub::peer
