#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/address/key_fingerprint.h"
#include "net/openssl_ptr.h"

/// What stands in a certificate, for programs and people.
namespace rtcpub::net {

/// The SHA-256 of its key.
KeyFingerprint keyFingerprintOf(const X509* certificate);

/// Its own SHA-256.
KeyFingerprint certificateFingerprintOf(const X509* certificate);

/// The same as text, which people compare with what their browsers show: "AB:CD:…".
std::string digestOf(const X509* certificate);

/// The hosts and addresses that it stands for (RFC 5280 section 4.2.1.6), fit for people, and not
/// more than a few dozen. The common name doesn't count, as for every client of today.
std::vector<std::string> namesIn(const X509* certificate);

/// Whether it stands for a host, which is a name or an address.
bool isFor(X509* certificate, const std::string& host);

/// The bounds of its validity, in seconds since 1970.
std::int64_t notBeforeOf(const X509* certificate);
std::int64_t notAfterOf(const X509* certificate);

/// "2027-01-31" (UTC)
std::string day(std::int64_t seconds);

/// "a, b, c", of many the first few and how many more there are; "nothing" of none.
std::string listOf(const std::vector<std::string>& names);

}  // namespace rtcpub::net
