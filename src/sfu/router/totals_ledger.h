#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sfu/router/media_totals.h"

namespace rtcpub::sfu {

struct ChannelTotals {
  std::string channel;
  MediaTotals totals;
};

/// What was counted in all, and by channel: a channel that ends and begins anew goes on where it
/// was. Names of channels come from clients, so no more than kMost are listed: those that are there
/// as long as they are, then those that ended last. The others count in the sum of all only. Pure.
class TotalsLedger {
 public:
  static constexpr std::size_t kMost = 250;

  struct Report {
    MediaTotals all;
    std::vector<ChannelTotals> channels;  ///< sorted by name
    std::size_t unlisted = 0;             ///< channels that are there, but have no room in the list
  };

  /// A channel has ended, with this since it began.
  void onEnded(const std::string& channel, const MediaTotals& totals);
  /// `present`: the channels that are there, each with what it has counted since it began. Once a
  /// second or so: who isn't there for as long is in no list.
  [[nodiscard]] Report report(const std::vector<ChannelTotals>& present);

 private:
  struct Entry {
    MediaTotals past;  ///< of the times before
    bool present = true;
    std::uint64_t endedAs = 0;  ///< the number of its end, in their order
  };

  [[nodiscard]] bool list(const std::string& channel);
  [[nodiscard]] bool forgetOldest();

  MediaTotals past_;
  std::map<std::string, Entry> entries_;
  std::uint64_t ends_ = 0;
};

}  // namespace rtcpub::sfu
