#pragma once

#include <optional>
#include <string>

#include "core/car/helm.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// What turns wheels. Whoever has it writes to it; errors are for people and say what to try.
/// Runs on: one thread.
class Motors {
 public:
  Motors() = default;
  Motors(const Motors&) = delete;
  Motors& operator=(const Motors&) = delete;
  virtual ~Motors() = default;

  /// Opens it, and brings it to neutral: before that no pulse. Again after anything has failed.
  virtual Result<void> prepare() = 0;
  /// The motor first, then the steering, which is tried even if the motor failed.
  virtual Result<void> write(const Position& position) = 0;
  /// Whether it is there, and as it was prepared.
  virtual Result<void> check() = 0;
  /// What it waits for until it can be relied on, after prepare(), for people; nothing: it can be.
  [[nodiscard]] virtual std::optional<std::string> awaited() const { return std::nullopt; }
  /// No pulse any more, the motor's first. write() comes before it, since what is without a pulse
  /// goes on as it did for some motor controllers.
  virtual Result<void> release() = 0;
};

/// The first error of the two.
inline Result<void> firstError(Result<void> first, Result<void> second) {
  return first ? std::move(second) : std::move(first);
}

}  // namespace rtcpub::car
