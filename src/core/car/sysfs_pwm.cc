#include "core/car/sysfs_pwm.h"

#include <array>
#include <cmath>
#include <utility>

namespace rtcpub::car {

SysfsPwm::SysfsPwm(SysfsPwmUri uri, FileTree& files)
    : uri_(std::move(uri)),
      periodNs_(std::to_string(std::lround(1e9 / uri_.pwm.frequency))),
      files_(files) {}

std::string SysfsPwm::output(const PwmAxis& axis) const {
  return uri_.directory + "/pwm" + std::to_string(axis.channel);
}

Result<void> SysfsPwm::pulse(const PwmAxis& axis, double value) {
  const auto ns = std::lround(pulseUs(axis.pulses, value) * 1000);
  return files_.write(output(axis) + "/duty_cycle", std::to_string(ns));
}

/// Whether it makes pulses of our frequency already.
Result<bool> SysfsPwm::runs(const PwmAxis& axis) {
  const auto enabled = files_.read(output(axis) + "/enable");
  if (!enabled) return tl::unexpected(enabled.error());
  const auto period = files_.read(output(axis) + "/period");
  if (!period) return tl::unexpected(period.error());
  return *enabled == "1" && *period == periodNs_;
}

Result<void> SysfsPwm::prepare(const PwmAxis& axis) {
  if (!files_.exists(output(axis))) {
    const auto number = std::to_string(axis.channel);
    if (auto exported = files_.write(uri_.directory + "/export", number); !exported) {
      return exported;
    }
  }
  const auto running = runs(axis);
  if (!running) return tl::unexpected(running.error());
  if (*running) return pulse(axis, 0);
  const std::array<std::pair<const char*, std::string>, 3> steps{
      {{"/enable", "0"}, {"/duty_cycle", "0"}, {"/period", periodNs_}}};
  for (const auto& [file, text] : steps) {
    if (auto written = files_.write(output(axis) + file, text); !written) return written;
  }
  if (auto written = pulse(axis, 0); !written) return written;
  return files_.write(output(axis) + "/enable", "1");
}

Result<void> SysfsPwm::prepare() {
  if (!files_.exists(uri_.directory)) {
    return fail(ErrorCode::kNotFound,
                "there is no " + uri_.directory +
                    ": `ls /sys/class/pwm` shows the chips that the kernel has; a Raspberry Pi's "
                    "needs dtoverlay=pwm-2chan in config.txt");
  }
  auto motor = prepare(uri_.pwm.throttle);
  return firstError(std::move(motor), prepare(uri_.pwm.steering));
}

Result<void> SysfsPwm::write(const Position& position) {
  auto motor = pulse(uri_.pwm.throttle, position.throttle);
  return firstError(std::move(motor), pulse(uri_.pwm.steering, position.steering));
}

Result<void> SysfsPwm::check() {
  for (const PwmAxis* axis : {&uri_.pwm.throttle, &uri_.pwm.steering}) {
    const auto running = runs(*axis);
    if (!running) return tl::unexpected(running.error());
    if (!*running) {
      return fail(ErrorCode::kIo,
                  output(*axis) + " has lost its settings: another program uses it");
    }
  }
  return {};
}

Result<void> SysfsPwm::release() {
  auto motor = files_.write(output(uri_.pwm.throttle) + "/enable", "0");
  return firstError(std::move(motor), files_.write(output(uri_.pwm.steering) + "/enable", "0"));
}

}  // namespace rtcpub::car
