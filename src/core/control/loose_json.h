#pragma once

#include <string_view>

/// JSON as robots' programs may read it, which read more than is JSON: Python takes NaN, UTF-16 and
/// byte order marks.
namespace rtcpub::control {

/// Whether a program may take the text for an object with this member, understood here or not:
/// whatever text of which that can't be ruled out.
bool mayHaveMember(std::string_view text, std::string_view name);

}  // namespace rtcpub::control
