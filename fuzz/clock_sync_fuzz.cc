// Lines of `rtcpub.clock`: what is read is written the same, and no sum of times overflows.
#include <chrono>

#include "core/clock/clock_sync.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  auto rest = asText(data, size);
  clock_sync::Estimator estimator;
  Time now{std::chrono::seconds(1000)};
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    now += std::chrono::milliseconds(700);
    const auto message = clock_sync::parse(line);
    if (!message) continue;
    const auto text = std::visit([](const auto& one) { return format(one); }, *message);
    require(clock_sync::parse(text) == *message);
    if (const auto* reply = std::get_if<clock_sync::Reply>(&*message)) estimator.add(*reply, now);
    (void)estimator.offsetUs(now);
  }
  return 0;
}
