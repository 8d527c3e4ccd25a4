// What a server writes into the heads of its answers, and a client reads.
#include "core/session/server_features.h"
#include "core/text/http_date.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto text = asText(data, size);
  const auto features = parseFeatures(text);
  require(parseFeatures(format(features)) == features);
  // The day of the week may be a wrong one.
  if (const auto time = parseHttpDate(text)) require(parseHttpDate(formatHttpDate(*time)) == time);
  return 0;
}
