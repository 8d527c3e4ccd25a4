#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/address/server_url.h"
#include "core/doctor/findings.h"
#include "core/ice/ice_server.h"
#include "rtcpub/devices.h"
#include "rtcpub/doctor.h"
#include "rtcpub/result.h"

/// From findings to checks: whether something is well, and what to do if not. Pure.
namespace rtcpub::doctor {

/// A check that another one's failure left without a subject.
Check notChecked(std::string name, std::string why);

Check judgeName(const ServerUrl& server, const Result<NameFinding>& finding);
Check judgeTcp(const ServerUrl& server, const Result<TcpFinding>& finding);

/// `now`: seconds since 1970 by this machine's clock.
Check judgeTls(const Result<TlsFinding>& finding, bool insecure, std::int64_t now);

/// `serverTime`: by the server's clock, at the same moment.
Check judgeClock(std::int64_t now, std::optional<std::int64_t> serverTime);

/// `media`: the UDP addresses that its answer to an offer names.
Check judgeSignalling(const Result<std::vector<stun::Endpoint>>& media);

/// `answersStun`: whether this server is known to answer STUN on its media port.
Check judgeUdp(const std::vector<StunFinding>& findings, bool mediaConnects, bool answersStun);

/// What kind of NAT is in between, of one family's findings.
Check judgeNat(const std::vector<StunFinding>& findings);

Check judgeStun(const IceServer& server, const std::vector<StunFinding>& findings);
Check judgeRelay(const IceServer& server, bool own, const RelayFinding& finding);

/// `bytes`: the longest IP packet that is known to reach the media port; nullopt: not known.
Check judgeMtu(std::optional<std::size_t> bytes);

Check judgeMedia(const Result<MediaFinding>& finding);
Check judgeBandwidth(const MediaFinding& finding);
Check judgeRoundTrip(const MediaFinding& finding);

Check judgeCameras(const Devices& devices);
Check judgeEncoders(const Devices& devices);

/// The checks for which publishing can't work.
std::vector<std::string> obstaclesIn(const std::vector<Check>& checks);

}  // namespace rtcpub::doctor
