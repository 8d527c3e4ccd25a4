#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/jsep.h"
#include "api/rtc_error.h"
#include "api/scoped_refptr.h"
#include "api/set_local_description_observer_interface.h"
#include "api/set_remote_description_observer_interface.h"
#include "core/ice/candidate.h"
#include "rtcpub/result.h"

/// Session descriptions and candidates between text and libwebrtc. Any thread.
namespace rtcpub::peer {

/// Reads the server's description, as far as it means something (core/sdp/tidy), if it isn't more
/// than one may be (core/sdp/limits). Its bandwidth limits (`b=`) are left out: the encoder has the
/// user's bitrate as its cap, and a bandwidth estimate that was capped, too, would make the pacer
/// spread every picture over a frame interval, some 50 ms. Errors: kProtocol.
Result<std::unique_ptr<webrtc::SessionDescriptionInterface>> parseDescription(
    webrtc::SdpType type, const std::string& sdp);

/// Errors: kProtocol.
Result<std::unique_ptr<webrtc::IceCandidateInterface>> parseCandidate(const Candidate& candidate);

Candidate toCandidate(const webrtc::IceCandidateInterface& candidate);

using Completed = std::function<void(webrtc::RTCError)>;
rtc::scoped_refptr<webrtc::SetLocalDescriptionObserverInterface> whenLocalIsSet(Completed done);
rtc::scoped_refptr<webrtc::SetRemoteDescriptionObserverInterface> whenRemoteIsSet(Completed done);

}  // namespace rtcpub::peer
