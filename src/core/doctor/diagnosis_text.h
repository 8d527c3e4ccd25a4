#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

/// Amounts and lists in the doctor's sentences.
namespace rtcpub::doctor {

/// "a, b and c"; of more than four the rest is counted.
inline std::string joined(const std::vector<std::string>& items) {
  constexpr std::size_t kMost = 4;
  const std::size_t shown = items.size() > kMost ? kMost - 1 : items.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  if (shown < items.size()) text += " and " + std::to_string(items.size() - shown) + " more";
  return text;
}

/// A part of a sentence as a whole one.
inline std::string sentence(std::string part) {
  if (!part.empty() && part[0] >= 'a' && part[0] <= 'z') {
    part[0] = static_cast<char>(part[0] - 'a' + 'A');
  }
  return part + ".";
}

inline std::string inDays(std::int64_t days) {
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

/// "12 ms", below 10 with a decimal.
inline std::string milliseconds(double ms) {
  if (ms >= 9.95) return std::to_string(std::lround(ms)) + " ms";
  const auto tenths = std::lround(ms * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

/// "1.4 Mbit/s" or "800 kbit/s"
inline std::string bitrate(double kbps) {
  if (kbps < 1000) return std::to_string(std::lround(kbps)) + " kbit/s";
  const auto tenths = std::lround(kbps / 100);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " Mbit/s";
}

}  // namespace rtcpub::doctor
