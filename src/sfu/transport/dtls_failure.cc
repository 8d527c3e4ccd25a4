#include "sfu/transport/dtls_failure.h"

namespace rtcpub::sfu {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

std::string describeDtlsFailure(std::string_view reason) {
  const std::string failed = "DTLS failed: ";
  if (reason.empty()) {
    return failed + "the client's certificate is not the one of its offer, or it gave up";
  }
  const std::string quoted = " (" + std::string(reason) + ")";
  if (has(reason, "verify failed")) {
    return failed + "the client's certificate is not the one of its offer" + quoted;
  }
  if (has(reason, "curve")) {
    return failed +
           "the client's certificate has a key of an elliptic curve that isn't taken; make one "
           "with "
           "P-256" +
           quoted;
  }
  if (has(reason, "alert")) return failed + "the client gave up" + quoted;
  return failed + std::string(reason);
}

}  // namespace rtcpub::sfu
