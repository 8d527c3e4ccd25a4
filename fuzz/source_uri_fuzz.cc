#include "core/source_uri.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto source = source_uri::parse(asText(data, size));
  if (!source) {
    require(source.error().message.size() < 300);
  } else if (const auto* test = std::get_if<source_uri::Test>(&*source)) {
    require(test->width >= 64 && test->height >= 64 && test->fps >= 1);
    require(test->width % 2 == 0 && test->height % 2 == 0);
  }
  return 0;
}
