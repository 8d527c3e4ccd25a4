#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "core/car/car_uri.h"
#include "core/car/motors.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// One chip on an I2C bus, as its registers are reached: by their number and what follows it.
class RegisterBus {
 public:
  RegisterBus() = default;
  RegisterBus(const RegisterBus&) = delete;
  RegisterBus& operator=(const RegisterBus&) = delete;
  virtual ~RegisterBus() = default;

  /// Anew, if it was open. Errors: kNotFound, kIo; as below, for people.
  virtual Result<void> open() = 0;
  /// One transfer: the register's number, then bytes for it and those behind it.
  virtual Result<void> write(std::span<const std::uint8_t> bytes) = 0;
  virtual Result<std::uint8_t> read(std::uint8_t registerNumber) = 0;
  virtual void pause(std::chrono::microseconds time) = 0;
};

/// Registers of a PCA9685, and what they take (NXP's data sheet, revision 4, section 7.3).
namespace pca9685 {

inline constexpr std::uint8_t kMode1 = 0x00;
inline constexpr std::uint8_t kMode2 = 0x01;
inline constexpr std::uint8_t kLed0OnL = 0x06;  ///< four for each output: ON_L, ON_H, OFF_L, OFF_H
inline constexpr std::uint8_t kPreScale = 0xFE;

inline constexpr std::uint8_t kRestart = 0x80;        ///< MODE1: outputs that slept go on
inline constexpr std::uint8_t kExternalClock = 0x40;  ///< MODE1: until it is reset
inline constexpr std::uint8_t kAutoIncrement = 0x20;  ///< MODE1
inline constexpr std::uint8_t kSleep = 0x10;          ///< MODE1: the oscillator is off
inline constexpr std::uint8_t kTotemPole = 0x04;  ///< MODE2; 0 besides: change on STOP, low by OE
inline constexpr std::uint8_t kFullOff = 0x10;    ///< OFF_H: no pulse

/// What the oscillator takes to start (section 7.3.1.1).
inline constexpr std::chrono::microseconds kStarts{500};

/// For a PWM of so many Hz, 24 to 1526 (section 7.3.5): 121 for 50, 101 for 60.
std::uint8_t preScale(int frequency);
/// A pulse in parts of the period that this prescale makes.
int steps(double pulseUs, std::uint8_t preScale);

}  // namespace pca9685

/// A servo and a motor controller behind a PCA9685. Other outputs of the chip are left as they are.
class Pca9685 final : public Motors {
 public:
  Pca9685(Pca9685Uri uri, RegisterBus& bus);

  Result<void> prepare() override;
  Result<void> write(const Position& position) override;
  Result<void> check() override;
  Result<void> release() override;

 private:
  Result<void> set(std::uint8_t number, std::uint8_t value);
  Result<void> pulse(const PwmAxis& axis, double value);
  Result<void> noPulse(const PwmAxis& axis);
  Result<std::uint8_t> mode1();
  Result<bool> runs();
  Result<void> start();

  const Pca9685Uri uri_;
  const std::uint8_t preScale_;
  RegisterBus& bus_;
};

}  // namespace rtcpub::car
