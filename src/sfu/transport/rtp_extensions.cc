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

bool isNumber(std::string_view uri) { return uri == RtpExtension::kTransportSequenceNumberUri; }

bool isOfLayers(std::string_view uri) {
  return uri == RtpExtension::kRidUri || uri == RtpExtension::kRepairedRidUri;
}

bool isUsable(const RtpExtension& extension) {
  return !extension.encrypt && extension.id >= 1 && extension.id <= kMaxId;
}

}  // namespace

std::vector<RtpExtension> acceptExtensions(const std::vector<RtpExtension>& offered,
                                           const WantedExtensions& wanted) {
  std::vector<RtpExtension> accepted;
  for (const auto& extension : offered) {
    const bool used = isPassedOn(extension.uri) ||
                      (wanted.publisher && isForServer(extension.uri)) ||
                      (wanted.transportCc && isNumber(extension.uri)) ||
                      (wanted.rids && isOfLayers(extension.uri));
    const bool taken = std::any_of(accepted.begin(), accepted.end(), [&](const auto& other) {
      return other.id == extension.id || other.uri == extension.uri;
    });
    if (isUsable(extension) && used && !taken) accepted.push_back(extension);
  }
  return accepted;
}

bool offersTransportCc(const std::vector<RtpExtension>& offered) {
  return std::any_of(offered.begin(), offered.end(), [](const auto& extension) {
    return isUsable(extension) && isNumber(extension.uri);
  });
}

bool offersRids(const std::vector<RtpExtension>& offered) {
  return std::any_of(offered.begin(), offered.end(), [](const auto& extension) {
    return isUsable(extension) && extension.uri == RtpExtension::kRidUri;
  });
}

}  // namespace rtcpub::sfu
