#pragma once

#include <api/rtp_parameters.h>

#include <vector>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// The header extensions (RFC 8285) that are passed on or used here, under the client's own ids.
/// Color-space is left out: it makes browsers decode in software on some machines. What routes a
/// publisher's packets has no meaning towards a viewer.
struct WantedExtensions {
  bool publisher = false;
  bool transportCc = false;  ///< packets are numbered for feedback about that only
  bool rids = false;         ///< what tells simulcast layers apart
};
[[nodiscard]] std::vector<webrtc::RtpExtension> acceptExtensions(
    const std::vector<webrtc::RtpExtension>& offered, const WantedExtensions& wanted);

/// Whether packets can carry the numbers that transport-cc is about.
[[nodiscard]] bool offersTransportCc(const std::vector<webrtc::RtpExtension>& offered);
/// Whether packets can say which simulcast layer they belong to (RFC 8852).
[[nodiscard]] bool offersRids(const std::vector<webrtc::RtpExtension>& offered);

}  // namespace rtcpub::sfu
