#pragma once

#include <string>

#include "core/car/car_uri.h"
#include "core/car/motors.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// Files with a text of one line each, as the kernel's.
class FileTree {
 public:
  FileTree() = default;
  FileTree(const FileTree&) = delete;
  FileTree& operator=(const FileTree&) = delete;
  virtual ~FileTree() = default;

  [[nodiscard]] virtual bool exists(const std::string& path) = 0;
  /// Errors: kNotFound, kIo; they name the path.
  virtual Result<std::string> read(const std::string& path) = 0;
  virtual Result<void> write(const std::string& path, const std::string& text) = 0;
};

/// A servo and a motor controller at PWM outputs of the kernel (Linux's Documentation/
/// driver-api/pwm.rst): `period` and `duty_cycle` are in ns, and a duty cycle can't be longer than
/// the period.
class SysfsPwm final : public Motors {
 public:
  SysfsPwm(SysfsPwmUri uri, FileTree& files);

  Result<void> prepare() override;
  Result<void> write(const Position& position) override;
  Result<void> check() override;
  Result<void> release() override;

 private:
  [[nodiscard]] std::string output(const PwmAxis& axis) const;
  Result<void> prepare(const PwmAxis& axis);
  Result<void> pulse(const PwmAxis& axis, double value);
  Result<bool> runs(const PwmAxis& axis);

  const SysfsPwmUri uri_;
  const std::string periodNs_;
  FileTree& files_;
};

}  // namespace rtcpub::car
