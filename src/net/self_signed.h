#pragma once

#include <set>
#include <string>

#include "net/openssl_ptr.h"
#include "rtcpub/result.h"

namespace rtcpub::net {

/// What a certificate is valid for.
struct SubjectNames {
  std::string commonName;           ///< for people
  std::set<std::string> names;      ///< DNS names
  std::set<std::string> addresses;  ///< IPv4 and IPv6
};

/// localhost, the host's name, the loopback addresses and those of the interfaces that are up.
SubjectNames namesOfThisHost();

struct SelfSigned {
  X509Ptr certificate;
  KeyPtr key;
};

/// A new P-256 key with a certificate for it, valid from yesterday (clocks of robots are wrong) for
/// 825 days, and its own authority so that clients can be given it as a trust anchor.
/// Errors: kInternal.
Result<SelfSigned> makeSelfSigned(const SubjectNames& names);

}  // namespace rtcpub::net
