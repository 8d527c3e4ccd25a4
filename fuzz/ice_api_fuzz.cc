#include "core/ice/ice_api.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  if (const auto servers = parseIceAnswer(asText(data, size))) {
    require(servers->size() <= kMaxIceServers);
    for (const auto& server : *servers) require(!server.url.empty());
  }
  return 0;
}
