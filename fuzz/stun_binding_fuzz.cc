#include "core/stun_binding.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub::stun;
  const auto response = parseBindingResponse({data, size});
  // What we ask is never taken for what we are told.
  if (response) require(!parseBindingResponse(bindingRequest(response->id, size)));
  return 0;
}
