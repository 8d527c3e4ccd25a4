#pragma once

#include <string_view>

#include "core/car/line.h"

namespace rtcpub::car {

/// Writes a line to standard output in one piece, from both processes. It never waits: where nobody
/// reads, lines are left out.
void say(const Report& report);

/// Writes a line for people to standard error, where log() can't be used: in a process that was
/// forked off, since another thread may have held its lock.
void complainRaw(std::string_view text);

/// Writes it whole if there is room for it now.
bool writeNow(int fd, std::string_view text);

}  // namespace rtcpub::car
