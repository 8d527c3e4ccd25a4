#pragma once

#include <memory>

#include "core/car/car_uri.h"
#include "rtcpub/result.h"

/// Pins, by libgpiod: 1.x (Debian 12) or 2.x (Debian 13), whose functions have nothing in common.
namespace rtcpub::car {

/// A pin that is set. Whatever this process does, the kernel gives it back when the last process
/// that has it is gone. Runs on: one thread at a time.
class OutputPin {
 public:
  /// Inactive. Errors: kNotFound, kIo.
  static Result<std::unique_ptr<OutputPin>> open(const Pin& pin);

  OutputPin(const OutputPin&) = delete;
  OutputPin& operator=(const OutputPin&) = delete;
  virtual ~OutputPin() = default;

  virtual Result<void> set(bool active) = 0;

 protected:
  OutputPin() = default;
};

/// A pin that is waited for to become active. Runs on: one thread at a time.
class SensorPin {
 public:
  /// Errors: kNotFound, kIo.
  static Result<std::unique_ptr<SensorPin>> open(const Pin& pin);

  SensorPin(const SensorPin&) = delete;
  SensorPin& operator=(const SensorPin&) = delete;
  virtual ~SensorPin() = default;

  /// Readable when it became active.
  [[nodiscard]] virtual int descriptor() const = 0;
  /// Takes what has come.
  virtual Result<void> take() = 0;

 protected:
  SensorPin() = default;
};

}  // namespace rtcpub::car
