#include "core/car/helm.h"
#include "core/car/line.h"
#include "core/car/line_buffer.h"
#include "fuzz_input.h"

/// Lines to `rtcpub car`, one after the other, 20 ms apart.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rtcpub;
  car::LineBuffer lines(car::kMaxLineBytes);
  car::Helm helm({.pwm = {}, .ramp = 2});
  Time now(std::chrono::seconds(1000));
  lines.feed(asText(data, size));
  while (const auto line = lines.next()) {
    now += std::chrono::milliseconds(20);
    helm.onTime(now);
    (void)car::parseReport(*line);
    (void)car::parseSpeedMessage(*line);
    const auto order = car::parseOrder(*line);
    if (!order) continue;
    if (const auto* drive = std::get_if<car::Drive>(&*order)) helm.onDrive(*drive, now);
    if (const auto* neutral = std::get_if<car::Neutral>(&*order)) helm.onNeutral(*neutral, now);
    if (const auto* speed = std::get_if<car::MaxSpeed>(&*order)) (void)helm.onMaxSpeed(*speed);
    const auto& position = helm.position();
    require(position.throttle >= -1 && position.throttle <= 1);
    require(position.steering >= -1 && position.steering <= 1);
    require(position.neutral || *helm.until() > now);
  }
  helm.onTime(now + car::Helm::kSilence);
  require(helm.position().neutral);
  return 0;
}
