#pragma once

#include "core/car/sysfs_pwm.h"

namespace rtcpub::car {

/// The kernel's files below /sys.
class KernelFiles final : public FileTree {
 public:
  bool exists(const std::string& path) override;
  Result<std::string> read(const std::string& path) override;
  Result<void> write(const std::string& path, const std::string& text) override;
};

}  // namespace rtcpub::car
