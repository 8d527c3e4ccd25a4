#include <algorithm>

#include "core/stun/stun_binding.h"
#include "core/stun/stun_limits.h"
#include "fuzz_input.h"

namespace {

using namespace rtcpub::stun;

/// What is taken for an address is written as it was read, the reserved first byte aside.
void checkAddress(const Message& message, Bytes value) {
  const auto address = readXorAddress(value, message.id());
  if (!address) return;
  Writer writer(kBindingSuccess, message.id());
  writer.addXorAddress(kXorMappedAddress, *address);
  const auto packet = writer.take();
  const auto again = Message::read(packet);
  require(again && readXorAddress(*again->find(kXorMappedAddress), message.id()) == address);
  const Bytes written = *again->find(kXorMappedAddress);
  require(std::equal(value.begin() + 1, value.end(), written.begin() + 1, written.end()));
}

void checkMessage(const Message& message) {
  for (const auto type : {kMappedAddress, kUsername, kXorMappedAddress}) {
    const auto all = message.findAll(type);
    const auto first = message.find(type);
    require(first.has_value() != all.empty());
    for (const auto value : all) checkAddress(message, value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = Message::read({data, size});
  if (message) checkMessage(*message);
  const auto response = parseBindingResponse({data, size});
  require(message || !response);
  require(message || !overlongAttribute({data, size}));
  // What we ask is never taken for what we are told.
  if (response) require(!parseBindingResponse(bindingRequest(response->id, size)));
  return 0;
}
