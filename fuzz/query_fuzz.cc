// Query strings, and the targets of requests that hold them.
#include "core/spider/message.h"
#include "core/text/query.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto text = asText(data, size);
  const auto parameters = query::parse(text);
  if (parameters) {
    for (const auto& [name, value] : *parameters) {
      require(query::percentDecode(query::percentEncode(value)) == value);
    }
  }
  const auto request = spider::parseTarget(text);
  if (request) require(spider::parseTarget(spider::formatTarget(*request)) == *request);
  return 0;
}
