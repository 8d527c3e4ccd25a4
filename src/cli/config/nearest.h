#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rtcpub::cli {

/// That of the names which was most likely meant by `written`: few letters are other ones, missing,
/// too many or swapped. Empty: none is near.
std::string nearest(std::string_view written, const std::vector<std::string>& names);

}  // namespace rtcpub::cli
