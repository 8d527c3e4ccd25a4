#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub::net {

/// What a certificate is valid for.
struct SubjectNames {
  std::string host;                 ///< this machine's name, for people; empty: it has none
  std::set<std::string> names;      ///< DNS names, in lower case
  std::set<std::string> addresses;  ///< IPv4 and IPv6, as inet_ntop() writes them
};

/// localhost, the machine's name, also as `NAME.local` (mDNS, RFC 6762), and the loopback
/// addresses; with `reachable` also those of the interfaces that are up.
SubjectNames namesOfThisHost(bool reachable);

/// Adds names and addresses by which clients call the server. Errors: kInvalidArgument (it is
/// neither).
Result<void> addNames(SubjectNames& names, const std::vector<std::string>& more);

/// Whether the text is a host's name as DNS has them (RFC 1123 section 2.1).
bool isDnsName(std::string_view name);

}  // namespace rtcpub::net
