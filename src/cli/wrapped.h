#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rtcpub::cli {

constexpr std::size_t kLineWidth = 100;

/// The text, which begins at this column, in lines of at most kLineWidth, broken between words;
/// those after the first are indented to the column.
std::string wrapped(std::string_view text, std::size_t column);

}  // namespace rtcpub::cli
