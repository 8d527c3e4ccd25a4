#pragma once

#include <string>

#include "rtcpub/doctor.h"

namespace rtcpub::cli {

/// One check as its lines of the table, for a terminal as wide as most.
std::string doctorRow(const Check& check);

/// The last line: whether publishing can work, and if not what to look at first.
std::string doctorVerdict(const Diagnosis& diagnosis);

}  // namespace rtcpub::cli
