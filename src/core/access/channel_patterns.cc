#include "core/access/channel_patterns.h"

#include <algorithm>
#include <utility>

#include "core/text/text.h"

namespace rtcpub {
namespace {

constexpr std::size_t kMostPatterns = 64;
constexpr std::size_t kMaxLength = 128;
/// Those of channels' names (core/hub/channel_id), and the one that stands for any.
constexpr std::string_view kAllowed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-*";

/// Takes a time that grows with the product of their lengths at most: where it doesn't fit, only
/// the last star takes one character more.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;  // how far the star reaches
  for (std::size_t i = 0; i < name.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = i;
    } else if (at < pattern.size() && pattern[at] == name[i]) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

ChannelPatterns ChannelPatterns::all() {
  ChannelPatterns patterns;
  patterns.patterns_ = {"*"};
  return patterns;
}

Result<ChannelPatterns> ChannelPatterns::make(std::vector<std::string> patterns) {
  if (patterns.empty()) return fail(ErrorCode::kInvalidArgument, "no channel is named");
  if (patterns.size() > kMostPatterns) {
    return fail(ErrorCode::kInvalidArgument, "more than " + std::to_string(kMostPatterns) +
                                                 " channels are named: join them by *");
  }
  for (const auto& pattern : patterns) {
    const bool fits = !pattern.empty() && pattern.size() <= kMaxLength &&
                      pattern.find_first_not_of(kAllowed) == std::string::npos;
    if (!fits) {
      return fail(ErrorCode::kInvalidArgument,
                  text::quote(pattern) +
                      " names no channel: A-Z a-z 0-9 _ - are allowed, and * for any of them");
    }
  }
  ChannelPatterns made;
  made.patterns_ = std::move(patterns);
  return made;
}

bool ChannelPatterns::match(std::string_view channel) const {
  return std::ranges::any_of(patterns_,
                             [&](const std::string& each) { return matches(each, channel); });
}

bool ChannelPatterns::matchAll() const {
  return std::ranges::any_of(patterns_, [](const std::string& each) {
    return each.find_first_not_of('*') == std::string::npos;
  });
}

}  // namespace rtcpub
