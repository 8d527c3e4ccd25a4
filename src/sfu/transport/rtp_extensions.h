#pragma once

#include <api/rtp_parameters.h>

#include <vector>

#include "sfu/router/media.h"

namespace rtcpub::sfu {

/// The header extensions (RFC 8285) that are passed on or used here, under the client's own ids.
/// Color-space is left out: it makes browsers decode in software on some machines. What routes a
/// publisher's packets has no meaning towards a subscriber. Packets are numbered across the
/// transport only for feedback about that.
[[nodiscard]] std::vector<webrtc::RtpExtension> acceptExtensions(
    const std::vector<webrtc::RtpExtension>& offered, bool publisher, bool transportCc);

[[nodiscard]] bool hasTransportCc(const std::vector<HeaderExtension>& extensions);

}  // namespace rtcpub::sfu
