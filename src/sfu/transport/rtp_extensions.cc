#include "sfu/transport/rtp_extensions.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rtcpub::sfu {
namespace {

using webrtc::RtpExtension;

/// One-byte header extensions; a larger id would need the two-byte form for a whole packet.
constexpr int kMaxId = 14;

bool isPassedOn(std::string_view uri) {
  const std::array<std::string_view, 5> passed{
      RtpExtension::kPlayoutDelayUri, RtpExtension::kAbsoluteCaptureTimeUri,
      RtpExtension::kVideoRotationUri, RtpExtension::kVideoContentTypeUri,
      RtpExtension::kAudioLevelUri};
  return std::find(passed.begin(), passed.end(), uri) != passed.end();
}

bool isForServer(std::string_view uri) {
  return uri == RtpExtension::kMidUri || uri == RtpExtension::kAbsSendTimeUri;
}

}  // namespace

std::vector<RtpExtension> acceptExtensions(const std::vector<RtpExtension>& offered, bool publisher,
                                           bool transportCc) {
  std::vector<RtpExtension> accepted;
  for (const auto& extension : offered) {
    const bool usable = !extension.encrypt && extension.id >= 1 && extension.id <= kMaxId;
    const bool wanted = isPassedOn(extension.uri) || (publisher && isForServer(extension.uri)) ||
                        (transportCc && extension.uri == RtpExtension::kTransportSequenceNumberUri);
    const bool taken = std::any_of(accepted.begin(), accepted.end(), [&](const auto& other) {
      return other.id == extension.id || other.uri == extension.uri;
    });
    if (usable && wanted && !taken) accepted.push_back(extension);
  }
  return accepted;
}

bool hasTransportCc(const std::vector<HeaderExtension>& extensions) {
  return std::any_of(extensions.begin(), extensions.end(), [](const auto& extension) {
    return extension.uri == RtpExtension::kTransportSequenceNumberUri;
  });
}

}  // namespace rtcpub::sfu
