// What is said on `rtcpub.lease`, either way: what is read is written the same.
#include "core/control/lease_message.h"
#include "core/text/text.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto said = asText(data, size);
  if (const auto toServer = control::parseLeaseMessageToServer(said)) {
    const auto again = control::parseLeaseMessageToServer(control::format(*toServer));
    require(again && *again == *toServer);
  }
  if (const auto toClient = control::parseLeaseMessageToClient(said)) {
    const auto again = control::parseLeaseMessageToClient(control::format(*toClient));
    require(again && *again == *toClient);
  }
  const auto shown = control::forPeople(said, control::kMaxWhyBytes);
  require(shown.size() <= control::kMaxWhyBytes && text::isUtf8(shown) && !text::hasControl(shown));
  return 0;
}
