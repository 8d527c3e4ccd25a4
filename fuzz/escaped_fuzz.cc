// Whatever a stranger says, a line of the log stays one line, of no more than the limit.
#include <algorithm>

#include "core/text/text.h"
#include "fuzz_input.h"
#include "rtcpub/log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto text = asText(data, size);
  for (const std::size_t limit : {std::size_t{2000}, size}) {
    const std::string out = escaped(text, limit);
    require(out.size() <= limit + 3);
    require(std::none_of(out.begin(), out.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    require(escaped(out, out.size()) == out);
  }
  require(text::printable(text, 100).size() <= 103);
  return 0;
}
