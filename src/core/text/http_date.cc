#include "core/text/http_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "core/text/text.h"

namespace rtcpub {
namespace {

using namespace std::chrono;

constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string formatHttpDate(std::int64_t seconds) {
  const sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                      kDays.at(weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                      kMonths.at(static_cast<unsigned>(date.month()) - 1).data(),
                      static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::optional<std::int64_t> parseHttpDate(std::string_view text) {
  constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != kForm.size() || !text.ends_with(" GMT")) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size, int most) {
    return text::parseInteger(text.substr(at, size), 0, most);
  };
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const auto d = number(5, 2, 31);
  const auto y = number(12, 4, 9999);
  const auto h = number(17, 2, 23);
  const auto m = number(20, 2, 59);
  const auto s = number(23, 2, 60);
  if (month == kMonths.end() || !d || !y || !h || !m || !s) return std::nullopt;
  const year_month_day date{year(*y), std::chrono::month(1) + months(month - kMonths.begin()),
                            day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  const sys_seconds time = sys_days(date) + hours(*h) + minutes(*m) + seconds(*s);
  return time.time_since_epoch().count();
}

}  // namespace rtcpub
