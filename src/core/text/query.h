#pragma once

#include <map>
#include <string>
#include <string_view>

#include "rtcpub/result.h"

/// Query strings of URLs (RFC 3986 sections 2.1 and 3.4).
namespace rtcpub::query {

/// Names and their values; a name without `=` has an empty value.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// Reads `a=1&b=2`, without the `?`. A `+` stands for itself. Errors: kInvalidArgument (over 4096
/// characters, more than 32 parameters, a name twice or empty, a bad `%`, a control character).
Result<Parameters> parse(std::string_view query);

/// Turns each %XX into its byte. Errors: kInvalidArgument (a `%` without two hexadecimal digits, a
/// control character); the message holds nothing of the text.
Result<std::string> percentDecode(std::string_view text);

/// The inverse: all but the unreserved characters as %XX.
std::string percentEncode(std::string_view text);

}  // namespace rtcpub::query
