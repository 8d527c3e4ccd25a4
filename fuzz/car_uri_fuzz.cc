#include "core/car/car_uri.h"
#include "fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  const auto text = asText(data, size);
  if (const auto pin = car::parsePin(text, true)) {
    require(pin->line >= 0 && pin->chip.starts_with('/'));
  }
  const auto uri = car::parseCarUri(text);
  if (!uri) {
    require(uri.error().message.size() < 400);
    return 0;
  }
  const auto pwm = car::pwmOf(*uri);
  for (const auto& axis : {pwm.steering, pwm.throttle}) {
    require(axis.channel >= 0 && axis.channel <= 255);
    for (const double value : {-1.0, -0.3, 0.0, 1.0}) {
      const double pulse = car::pulseUs(axis.pulses, value);
      require(pulse >= 400 && pulse <= 2600);
    }
  }
  const double share = car::throttleShare(pwm, 400);
  require(share >= 0 && share <= 1);
  return 0;
}
