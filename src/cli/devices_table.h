#pragma once

#include <string>

#include "rtcpub/devices.h"

namespace rtcpub::cli {

/// The devices for people to read, with the lines to type.
std::string devicesTable(const Devices& devices);

}  // namespace rtcpub::cli
