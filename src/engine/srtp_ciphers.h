#pragma once

#include "rtcpub/result.h"

namespace rtcpub::engine {

/// Puts OpenSSL's AES and SHA-1 in the place of the ciphers that libsrtp2 was built with, for all
/// SRTP of this process; Debian's are NSS's, which take six times as long for a packet.
///
/// Runs on: any thread, once in a process, before the first SRTP session. Initializes libsrtp, for
/// good. Errors: kInternal (libsrtp refused one: it keeps its own, which are slow but right).
Result<void> installSrtpCiphers();

}  // namespace rtcpub::engine
