#pragma once

#include <cstddef>
#include <string_view>

/// What names a data channel.
namespace rtcpub {

/// A label has at least one.
inline constexpr std::size_t kMaxLabelBytes = 128;

inline constexpr std::string_view kReservedPrefix = "rtcpub.";

/// A driver's commands and the gate's reports, and who drives (docs/control.md).
inline constexpr std::string_view kControlLabel = "rtcpub.control";
inline constexpr std::string_view kLeaseLabel = "rtcpub.lease";

/// Whether a data channel of this label is one between a client and the server: users can't have
/// it, and nothing on it is passed on.
inline bool isReservedLabel(std::string_view label) { return label.starts_with(kReservedPrefix); }

}  // namespace rtcpub
