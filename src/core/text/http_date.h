#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// HTTP's Date (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
namespace rtcpub {

/// `seconds` since 1970, of the years 1970 to 9999.
std::string formatHttpDate(std::int64_t seconds);

/// The inverse; nullopt when it has another form.
std::optional<std::int64_t> parseHttpDate(std::string_view text);

}  // namespace rtcpub
