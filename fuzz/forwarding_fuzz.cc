// What members and a robot say of control, to a server that forwards it. Each line is an event: its
// first character says whose, the rest is its text.
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/control/emergency.h"
#include "core/control/forwarding.h"
#include "fuzz_input.h"

namespace {

using namespace rtcpub;
using namespace std::chrono_literals;

constexpr std::uint64_t kDriver = 7;

/// Only what the driver says moves anything.
class Output final : public control::ForwardingOutput {
 public:
  void sendCommand(const control::Command& command) override {
    require(drives && command.lease == 1 && !command.sawRtp);
    require(control::parseCommand(control::format(command)).has_value());
  }
  void sendMotion(const std::string& text, bool stops) override {
    require(drives || stops || text.empty());
  }
  void passOn(std::uint64_t member, const control::StreamMessage& message, bool stops) override {
    require(drives && member == kDriver && control::isForDrivers(message.text));
    require(stops || !emergency.status());
  }
  void retract() override {}
  void sendReport(const control::GateReport& report) override {
    for (const auto& order : emergency.onReport(report, now)) (void)control::format(order.message);
  }
  void refuse(std::uint64_t /*member*/, control::Refusal /*why*/) override {}
  void askFor(std::uint64_t /*member*/) override { require(!drives); }
  void onSilent(std::uint64_t lease) override { require(lease == 1); }
  [[nodiscard]] std::optional<std::int64_t> captured(std::uint64_t /*member*/,
                                                     std::uint32_t rtp) const override {
    return rtp;
  }

  control::Emergency emergency;
  Time now{1000s};
  bool drives = false;
};

using Fate = control::Forwarding::Fate;

Fate say(control::Forwarding& forwarding, std::uint64_t member, std::string_view text, Time now) {
  if (!control::isForDrivers(text)) return Fate::kPass;
  return forwarding.onStream(member, {.text = std::string(text), .arrived = now}, member == kDriver,
                             now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = asText(data, size);
  Output output;
  control::Forwarding forwarding(output);
  constexpr std::array kKinds{control::RobotKind::kGated, control::RobotKind::kOld,
                              control::RobotKind::kUnknown};
  forwarding.onOtherRobot(kKinds.at(size % kKinds.size()), output.now);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    if (line.empty()) continue;
    const auto text = line.substr(1);
    output.now += 20ms;
    switch (line.front()) {
      case 'd':
        output.drives = true;
        forwarding.onStamp(
            {.lease = 1, .driver = Driver{kDriver, "Kim"}, .implicit = !text.empty()}, output.now);
        break;
      case 'n':
        forwarding.onStamp({}, output.now);
        output.drives = false;
        break;
      case 'c':
        forwarding.onCommand(kDriver, text, output.now);
        break;
      case 'o':
        forwarding.onCommand(8, text, output.now);
        break;
      case 'm':
        (void)say(forwarding, kDriver, text, output.now);
        break;
      case 's':
        require(say(forwarding, 8, text, output.now) != Fate::kTaken);
        break;
      case 'r':
        forwarding.onReport(text, output.now);
        break;
      case 'k':
        forwarding.onNoGate();
        break;
      case 'e':
        for (const auto& order : output.emergency.press("", std::string(text), output.now)) {
          require(control::parseLeaseMessageToClient(control::format(order.message)).has_value());
        }
        break;
      default:
        forwarding.onTime(output.now);
    }
    forwarding.onEmergency(output.emergency.status().has_value(), output.now);
  }
  return 0;
}
