#include "core/session/probe_offer.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& each : rtcpub::sdp::udpCandidates(asText(data, size))) require(each.port != 0);
  return 0;
}
