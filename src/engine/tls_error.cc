#include "engine/tls_error.h"

#include <openssl/err.h>

namespace rtcpub::engine {

std::string lastTlsError() {
  const unsigned long code = ERR_peek_last_error();  // NOLINT(google-runtime-int): OpenSSL's type
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "" : reason;
}

}  // namespace rtcpub::engine
