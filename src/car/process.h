#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "car/descriptor.h"

/// What Linux has for processes that must not be late.
namespace rtcpub::car {

/// Keeps what this process uses in memory, so that no disk is waited for. Why it can't; nothing: it
/// is done.
std::optional<std::string> lockMemory();

/// Lets this thread go before all that have no real-time priority. What it starts hasn't.
std::optional<std::string> makeRealTime();

/// That process, whoever gets its number later; none: it isn't there.
Descriptor processDescriptor(pid_t process);

/// Whether it ends within that time. That it is stopped makes no difference.
bool endsWithin(const Descriptor& process, std::chrono::milliseconds time);

/// Ends it, stopped or not: when this returns it does nothing more by itself. What it has begun to
/// write may take a moment.
void kill(const Descriptor& process);

/// "No such device (ENXIO)", for the current errno.
std::string errorText(int number);

}  // namespace rtcpub::car
