// Lines of `rtcpub.control` and SpiderCar's: what is read is written the same, and whatever comes,
// the gate holds nothing for longer than it may.
#include <chrono>

#include "core/control/gate.h"
#include "core/control/motion.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  using namespace std::chrono_literals;
  auto rest = asText(data, size);
  control::Gate gate{ControlOptions{}};
  Time now{1000s};
  gate.onClock(control::ServerClock{.comparedAt = now});
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    now += 20ms;
    if (const auto command = control::parseCommand(line)) {
      require(control::parseCommand(control::format(*command)) == *command);
      (void)gate.onCommand({.command = *command, .at = now, .captured = now - 50ms});
    } else if (const auto report = control::parseReport(line)) {
      require(control::parseReport(control::format(*report)).has_value());
    } else if (const auto motion = control::parseMotion(line)) {
      (void)gate.onMotion(*motion, now);
    } else {
      gate.onRefused(Verdict::kMalformed, now);
    }
    const auto output = gate.output(now);
    require(!output.until || *output.until <= now + 200ms);
    require(output.neutral == isNeutral(output.axes));
    for (const auto& event : gate.takeEvents()) require(!toJson(event).empty());
    require(!control::format(gate.report()).empty());
  }
  return 0;
}
