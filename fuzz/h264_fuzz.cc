#include "core/h264/h264.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const h264::AccessUnit unit = h264::inspect({data, size});
  require(!unit.idr || unit.picture);
  require(!unit.bSlices || unit.picture);
  if (unit.sps) {
    require(unit.sps->width > 0 && unit.sps->width <= 16384);
    require(unit.sps->height > 0 && unit.sps->height <= 32768);
    require(unit.sps->maxReorderFrames.value_or(0) <= 16);
  }
  std::size_t bytes = 0;
  h264::NalReader reader({data, size});
  while (const auto nal = reader.next()) bytes += nal->bytes.size();
  require(bytes <= size);
  return 0;
}
