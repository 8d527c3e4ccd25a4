#include <algorithm>

#include "core/sdp/tidy.h"
#include "fuzz_input.h"

// What is tidy stays as it is, and no byte of a peer's ends or breaks a line.

namespace {

bool isClean(std::string_view sdp) {
  return std::all_of(sdp.begin(), sdp.end(), [](char c) {
    return c == '\r' || c == '\n' || static_cast<unsigned char>(c) >= 0x20;
  });
}

bool takesAll(std::string_view /*candidate*/) { return true; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto tidied = sdp::tidy(asText(data, size), takesAll);
  if (!tidied) return 0;
  require(isClean(tidied->sdp));
  const auto again = sdp::tidy(tidied->sdp, takesAll);
  require(again.has_value() && again->sdp == tidied->sdp);
  const auto rejected = sdp::reject(tidied->sdp, tidied->declined);
  require(isClean(rejected));
  return 0;
}
