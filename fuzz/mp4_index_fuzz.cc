#include <sstream>
#include <string>

#include "fuzz_input.h"
#include "media/recipes/mp4_index.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream file{std::string(asText(data, size))};
  (void)rtcpub::media::lacksIndex(file);
  return 0;
}
