#include "core/spider/message.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto message = spider::parse(asText(data, size));
  if (message) {
    require(spider::parse(spider::format(*message)) == *message);
  } else {
    require(message.error().message.size() < 200);
  }
  return 0;
}
