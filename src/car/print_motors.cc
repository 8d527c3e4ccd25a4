#include "car/print_motors.h"

#include <fcntl.h>

#include <cerrno>

#include "car/process.h"
#include "car/report_lines.h"
#include "rtcpub/clock.h"

namespace rtcpub::car {

Result<void> PrintMotors::prepare() {
  if (!path_.empty() && !file_) {
    // For reading, too: so a FIFO can be opened when nobody reads it.
    constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC;
    file_ = Descriptor(open(path_.c_str(), kFlags, 0644));
    if (!file_) {
      const int error = errno;
      return fail(ErrorCode::kIo, path_ + " can't be written: " + errorText(error));
    }
  }
  last_.reset();
  return {};
}

Result<void> PrintMotors::write(const Position& position) {
  if (!file_ || position == last_) return {};
  last_ = position;
  const Written written{.steering = position.steering,
                        .throttle = position.throttle,
                        .neutral = position.neutral,
                        .reason = position.reason,
                        .at = monotonicNow()};
  if (writeNow(file_.get(), format(written) + "\n")) return {};
  return fail(ErrorCode::kIo, path_ + " takes no more lines");
}

}  // namespace rtcpub::car
