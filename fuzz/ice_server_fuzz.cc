// The URLs of ICE servers and of the Spider server.
#include "core/address/server_url.h"
#include "core/ice/ice_server.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto text = asText(data, size);
  const auto ice = parseIceServer(text);
  if (ice) {
    require(ice->url.find('@') == std::string::npos);
    require(ice->url.starts_with("stun") || (!ice->username.empty() && !ice->password.empty()));
  } else {
    require(ice.error().message.size() < 300);
  }
  const auto server = parseServerUrl(text);
  if (server) require(parseServerUrl(format(*server)) == *server);
  return 0;
}
