#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub {

/// Which channels something is about: names of channels in which `*` stands for any characters, or
/// for none.
class ChannelPatterns {
 public:
  /// No channel.
  ChannelPatterns() = default;
  /// Every channel.
  static ChannelPatterns all();
  /// Errors: kInvalidArgument (none, more than 64, or one that no channel's name can match).
  static Result<ChannelPatterns> make(std::vector<std::string> patterns);

  [[nodiscard]] bool match(std::string_view channel) const;
  /// Whether one of them is `*`.
  [[nodiscard]] bool matchAll() const;
  [[nodiscard]] const std::vector<std::string>& texts() const { return patterns_; }

  friend bool operator==(const ChannelPatterns&, const ChannelPatterns&) = default;

 private:
  std::vector<std::string> patterns_;
};

}  // namespace rtcpub
