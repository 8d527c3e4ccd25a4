#include "core/source/source_uri.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto source = source_uri::parse(asText(data, size));
  if (!source) {
    require(source.error().message.size() < 300);
  } else if (const auto* test = std::get_if<source_uri::Test>(&*source)) {
    require(test->width >= 64 && test->height >= 64 && test->fps >= 1);
    require(test->width % 2 == 0 && test->height % 2 == 0);
  } else if (const auto* rtsp = std::get_if<source_uri::Rtsp>(&*source)) {
    // Neither user nor password is left where messages are made of it.
    const auto authority = rtsp->url.substr(0, rtsp->url.find_first_of("/?", 8));
    require(authority.find('@') == std::string::npos);
    require(rtsp->latencyMs >= 0);
  } else if (const auto* csi = std::get_if<source_uri::Csi>(&*source)) {
    require(csi->sensor >= 0 && csi->capture.width >= 64);
  }
  return 0;
}
