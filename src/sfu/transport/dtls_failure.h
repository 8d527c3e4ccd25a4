#pragma once

#include <string>
#include <string_view>

namespace rtcpub::sfu {

/// For people: why a client's DTLS failed. `reason` is OpenSSL's, or empty.
std::string describeDtlsFailure(std::string_view reason);

}  // namespace rtcpub::sfu
