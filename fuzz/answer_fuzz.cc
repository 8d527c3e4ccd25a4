#include <cstdint>
#include <vector>

#include "engine/engine.h"
#include "fuzz_input.h"
#include "rtcpub/log.h"
#include "sfu/transport/answer.h"

// An offer of any bytes gets an answer or an error, for either end of a channel.

namespace {

using rtcpub::sfu::AnswerOptions;

void negotiate(const rtcpub::sfu::Offer& offer, rtcpub::Rights rights) {
  const AnswerOptions options{.rights = rights,
                              .codec = {},
                              .ice = {"serverufrag0", "serverpasswordserverpass"},
                              .fingerprint = {"sha-256", std::vector<std::uint8_t>(32, 1)},
                              .udp = {{"192.0.2.1"}, 8268},
                              .ssrcs = {1, 2, 3},
                              .sessionId = 1};
  const auto negotiation = rtcpub::sfu::answer(offer, options);
  require(!negotiation || negotiation->sdp.starts_with("v=0\r\n"));
  require(!negotiation || negotiation->feedback.size() == negotiation->media.sections.size());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto offer = rtcpub::sfu::Offer::parse(asText(data, size));
  if (!offer) return 0;
  negotiate(*offer, rtcpub::Right::kPublish);
  negotiate(*offer, rtcpub::Right::kView);
  return 0;
}
