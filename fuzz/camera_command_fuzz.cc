#include "core/source/camera_command.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto driven = camera_command::parse(asText(data, size), true);
  const auto told = camera_command::parse(asText(data, size), false);
  // Driving only adds commands; it changes none.
  if (told) require(driven == told);
  if (!driven) return 0;
  if (const auto* select = std::get_if<camera_command::Select>(&*driven)) {
    require(!select->camera.empty() && select->camera != camera_command::kList);
    require(!camera_command::format({select->camera}, select->camera).empty());
  }
  return 0;
}
