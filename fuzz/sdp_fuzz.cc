#include "core/sdp/sdp.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto edited = sdp::useOneTransport(asText(data, size));
  if (edited) require(sdp::useOneTransport(*edited) == *edited);
  const auto plain = sdp::withoutFec(asText(data, size));
  require(plain.size() <= size && sdp::withoutFec(plain) == plain);
  return 0;
}
