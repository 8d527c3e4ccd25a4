// RTCP of any bytes for the estimate of a path: transport-wide feedback about packets that were
// sent, that were not, and at times that cannot be. The estimate keeps to its bounds.

#include <api/transport/field_trial_based_config.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>

#include "fuzz_input.h"
#include "sfu/transport/bandwidth_estimator.h"
#include "sfu/transport/rtcp.h"

namespace {

using namespace rtcpub;
using namespace rtcpub::sfu;

class Listener : public RtcpEvents {
 public:
  explicit Listener(BandwidthEstimator& estimator) : estimator_(estimator) {}
  void onNack(std::uint32_t, std::span<const std::uint16_t>) override {}
  void onPictureLost() override {}
  void onSenderReport(std::uint32_t, std::uint64_t, std::uint32_t) override {}
  void onReportBlock(std::uint32_t, std::uint32_t, std::uint32_t) override {}
  void onTransportFeedback(const webrtc::rtcp::TransportFeedback& feedback) override {
    estimator_.onFeedback(feedback, now);
    const auto estimate = estimator_.bitsPerSecond();
    require(!estimate || (*estimate >= 30'000 && *estimate <= 200'000'000));
  }

  Time now{std::chrono::seconds(1000)};

 private:
  BandwidthEstimator& estimator_;
};

std::optional<Probe> probeOf(std::uint8_t byte) {
  if (byte % 4 != 0) return std::nullopt;
  return Probe{.id = 1 + byte / 64, .bitsPerSecond = 1'000'000, .packets = 5, .bytes = 1000};
}

}  // namespace

/// Rounds of: how many packets leave, how far apart in ms, the length of a compound in two bytes,
/// the compound.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  webrtc::FieldTrialBasedConfig trials;
  BandwidthEstimator estimator(trials, Time(std::chrono::seconds(1000)));
  Listener listener(estimator);
  std::span<const std::uint8_t> input(data, size);
  while (input.size() > 4) {
    for (int i = 0; i < input[0]; ++i) {
      listener.now += std::chrono::milliseconds(input[1]);
      (void)estimator.number(std::size_t{200} + input[1] * 4U, probeOf(input[1]), listener.now);
    }
    const std::size_t length = std::min<std::size_t>(input[2] << 8 | input[3], input.size() - 4);
    parseRtcp(input.subspan(4, length), listener);
    input = input.subspan(4 + length);
  }
  return 0;
}
