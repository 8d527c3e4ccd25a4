#include "cli/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace rtcpub::cli {
namespace {

/// The largest last.
constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
    {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};
constexpr std::int64_t kLongest = 86400LL * 36525;

}  // namespace

std::optional<std::chrono::seconds> parseDuration(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || rest + 1 != end) return std::nullopt;
  const auto* const unit =
      std::ranges::find(kUnits, *rest, [](const auto& each) { return each.first; });
  if (unit == kUnits.end() || count <= 0 || count > kLongest / unit->second) return std::nullopt;
  return std::chrono::seconds(count * unit->second);
}

std::string formatDuration(std::chrono::seconds duration) {
  const auto unit = std::find_if(kUnits.rbegin(), kUnits.rend(), [&](const auto& each) {
    return duration.count() % each.second == 0;
  });
  return std::to_string(duration.count() / unit->second) + unit->first;
}

}  // namespace rtcpub::cli
