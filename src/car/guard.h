#pragma once

#include <chrono>

#include "car/descriptor.h"
#include "car/equipment.h"
#include "car/shared_memory.h"

namespace rtcpub::car {

/// How often motors that failed are tried again.
inline constexpr std::chrono::milliseconds kRetry{500};
/// How often motors are asked whether they are there.
inline constexpr std::chrono::milliseconds kCheck{250};

/// The second process: it has the motors open, too, and watches over the first. When that is killed
/// or stands still, it ends it for good, so that it can't write any more, brings the motors to
/// neutral, says so, and ends.
///
/// It was forked off, perhaps from a process with several threads: nothing that another thread may
/// have locked is used here, as log().
[[noreturn]] void runGuard(Equipment& equipment, Shared& shared, const Descriptor& writer);

}  // namespace rtcpub::car
