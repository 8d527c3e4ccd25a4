#pragma once

#include <optional>
#include <string>

#include "car/descriptor.h"
#include "core/car/motors.h"

namespace rtcpub::car {

/// No motors. What they would do is added to a file, a line each, with the time after it was
/// written; a FIFO is never waited for. Runs on: one thread.
class PrintMotors final : public Motors {
 public:
  /// Empty: no file.
  explicit PrintMotors(std::string path) : path_(std::move(path)) {}

  Result<void> prepare() override;
  Result<void> write(const Position& position) override;
  Result<void> check() override { return {}; }
  Result<void> release() override { return {}; }

 private:
  const std::string path_;
  Descriptor file_;
  std::optional<Position> last_;
};

}  // namespace rtcpub::car
