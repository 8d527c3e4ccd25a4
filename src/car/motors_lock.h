#pragma once

#include <string>

#include "car/descriptor.h"
#include "rtcpub/result.h"

namespace rtcpub::car {

/// Sees to it that no two programs drive the same motors: held until the last process that has it
/// is gone, and whatever it dies of. Errors: kIo (another program has it).
Result<Descriptor> lockMotors(const std::string& what);

}  // namespace rtcpub::car
