#pragma once

#include <string>

#include "car/descriptor.h"
#include "core/car/pca9685.h"

namespace rtcpub::car {

/// A chip on an I2C bus of Linux (`/dev/i2c-N`). Runs on: one thread.
class I2cDevice final : public RegisterBus {
 public:
  I2cDevice(std::string device, int address) : device_(std::move(device)), address_(address) {}

  Result<void> open() override;
  Result<void> write(std::span<const std::uint8_t> bytes) override;
  Result<std::uint8_t> read(std::uint8_t registerNumber) override;
  void pause(std::chrono::microseconds time) override;

 private:
  [[nodiscard]] tl::unexpected<Error> cannotOpen(int error) const;
  [[nodiscard]] tl::unexpected<Error> noAnswer(int error) const;

  const std::string device_;
  const int address_;
  Descriptor bus_;
};

}  // namespace rtcpub::car
