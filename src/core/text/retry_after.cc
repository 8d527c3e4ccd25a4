#include "core/text/retry_after.h"

#include <algorithm>
#include <cstdint>

#include "core/text/http_date.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr int kLongest = 1'000'000'000;  // seconds

}  // namespace

std::optional<std::chrono::seconds> parseRetryAfter(std::string_view field, std::string_view date) {
  if (const auto wait = text::parseInteger(field, 0, kLongest)) return std::chrono::seconds(*wait);
  const auto until = parseHttpDate(field);
  const auto now = parseHttpDate(date);
  if (!until || !now) return std::nullopt;
  return std::chrono::seconds(std::max<std::int64_t>(0, *until - *now));
}

}  // namespace rtcpub
