#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub {

/// Whether what failed like this may work later without anybody changing what was asked for: a
/// device that isn't plugged in yet, is busy, or belongs to a group that this program isn't in yet;
/// a server that doesn't answer. A wrong name, option or password doesn't pass. Pure.
[[nodiscard]] bool mayPass(ErrorCode code);

/// The reasons of one trouble that people were told already, so that each is told once however
/// often it comes back. Pure.
class ToldReasons {
 public:
  /// So many different ones of one trouble are told; those that differ in a number would otherwise
  /// never end.
  static constexpr std::size_t kMost = 16;

  /// Whether it is to be told now. It counts as told from then on.
  [[nodiscard]] bool isNews(std::string_view reason);
  /// All is well: the next trouble is told from its beginning.
  void onGood() { told_.clear(); }

 private:
  std::vector<std::string> told_;
};

}  // namespace rtcpub
