#include "car/i2c_device.h"

#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "car/process.h"

namespace rtcpub::car {
namespace {

/// How long a transfer may take, in units of 10 ms: one takes 1 ms, and a bus that hangs must not
/// make the other process think that this one does. It holds for the whole adapter.
constexpr unsigned long kTimeout = 1;

std::string hexadecimal(int number) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%02x", static_cast<unsigned>(number));
  return text.data();
}

}  // namespace

tl::unexpected<Error> I2cDevice::cannotOpen(int error) const {
  const std::string what = device_ + " can't be opened: " + errorText(error);
  if (error == ENOENT) {
    return fail(ErrorCode::kNotFound,
                what +
                    "; enable I2C (a Raspberry Pi: raspi-config, or dtparam=i2c_arm=on), and load "
                    "i2c-dev. `ls /dev/i2c-*` shows the buses");
  }
  if (error == EACCES) {
    return fail(ErrorCode::kIo, what + "; add the user to the group i2c (SupplementaryGroups=i2c)");
  }
  return fail(ErrorCode::kIo, what);
}

tl::unexpected<Error> I2cDevice::noAnswer(int error) const {
  return fail(ErrorCode::kIo, "the PCA9685 at " + hexadecimal(address_) + " on " + device_ +
                                  " does not answer: " + errorText(error) +
                                  "; check its power and wires. `i2cdetect -y` and the bus's "
                                  "number show who answers");
}

Result<void> I2cDevice::open() {
  bus_ = Descriptor(::open(device_.c_str(), O_RDWR | O_CLOEXEC));
  if (!bus_) return cannotOpen(errno);
  unsigned long functions = 0;
  if (ioctl(bus_.get(), I2C_FUNCS, &functions) != 0) {
    return fail(ErrorCode::kIo, device_ + " is no I2C bus: " + errorText(errno));
  }
  if ((functions & I2C_FUNC_I2C) == 0) {
    return fail(ErrorCode::kUnsupported,
                device_ + " can't transfer more than SMBus does: take another I2C bus");
  }
  if (ioctl(bus_.get(), I2C_SLAVE, static_cast<unsigned long>(address_)) != 0) {
    const std::string at = hexadecimal(address_) + " on " + device_;
    if (errno == EBUSY) {
      return fail(ErrorCode::kIo, "a driver of the kernel has " + at +
                                      ": use its outputs by sysfs-pwm:, or unload it "
                                      "(pwm-pca9685)");
    }
    return fail(ErrorCode::kIo, at + " can't be used: " + errorText(errno));
  }
  ioctl(bus_.get(), I2C_TIMEOUT, kTimeout);
  return {};
}

Result<void> I2cDevice::write(std::span<const std::uint8_t> bytes) {
  if (::write(bus_.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {
    return {};
  }
  return noAnswer(errno);
}

/// Both in one transfer, so that nobody comes between them.
Result<std::uint8_t> I2cDevice::read(std::uint8_t registerNumber) {
  const auto address = static_cast<__u16>(address_);
  std::uint8_t value = 0;
  std::array<i2c_msg, 2> messages{{{.addr = address, .flags = 0, .len = 1, .buf = &registerNumber},
                                   {.addr = address, .flags = I2C_M_RD, .len = 1, .buf = &value}}};
  i2c_rdwr_ioctl_data transfer{.msgs = messages.data(), .nmsgs = messages.size()};
  if (ioctl(bus_.get(), I2C_RDWR, &transfer) < 0) return noAnswer(errno);
  return value;
}

void I2cDevice::pause(std::chrono::microseconds time) { std::this_thread::sleep_for(time); }

}  // namespace rtcpub::car
