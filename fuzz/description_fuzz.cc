// What a server says of itself to a client: its answer or offer, and its candidates, each line of
// the input being one of these, too.
#include "core/ice/candidate.h"
#include "engine/engine.h"
#include "fuzz_input.h"
#include "peer/descriptions.h"
#include "rtcpub/log.h"

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const std::string text(asText(data, size));
  const auto type = size % 2 == 0 ? webrtc::SdpType::kAnswer : webrtc::SdpType::kOffer;
  const auto description = peer::parseDescription(type, text);
  require(!description || *description != nullptr);
  std::string_view rest = text;
  for (int lines = 0; lines < 64 && !rest.empty(); ++lines) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    const auto candidate = peer::parseCandidate({std::string(line), "0", 0, {}});
    if (candidate) (void)peer::toCandidate(**candidate);
  }
  return 0;
}
