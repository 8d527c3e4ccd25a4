#pragma once

#include <string>

#include "net/openssl_ptr.h"
#include "net/subject_names.h"
#include "rtcpub/result.h"

/// A server's own certificates, for those who have none that the world trusts: an authority, whose
/// certificate clients can be given to trust, and by it one for the server's names. So the server's
/// can be made again for other names, and who trusts the authority's trusts it still. Both are of
/// one key: what it could be misused for is the same with two.
namespace rtcpub::net {

/// A new P-256 key. Errors: kInternal.
Result<KeyPtr> makeKey();

/// The authority's, from yesterday (clocks of robots are wrong) for ten years. Errors: kInternal.
Result<X509Ptr> makeAuthority(EVP_PKEY* key, const SubjectNames& names);

/// The server's, signed by the authority, which is of the same key, from yesterday for 825 days.
/// Errors: kInternal.
Result<X509Ptr> makeServerCertificate(EVP_PKEY* key, X509* authority, const SubjectNames& names);

}  // namespace rtcpub::net
