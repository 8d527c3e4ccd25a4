#include "sfu/router/totals_ledger.h"

#include <algorithm>

namespace rtcpub::sfu {

void TotalsLedger::onEnded(const std::string& channel, const MediaTotals& totals) {
  past_ += totals;
  const auto entry = entries_.find(channel);
  if (entry == entries_.end()) return;
  entry->second.past += totals;
  entry->second.present = false;
  entry->second.endedAs = ++ends_;
}

TotalsLedger::Report TotalsLedger::report(const std::vector<ChannelTotals>& present) {
  // Those that have come back give their place to nobody.
  for (const auto& [channel, totals] : present) {
    const auto entry = entries_.find(channel);
    if (entry != entries_.end()) entry->second.present = true;
  }
  Report report{.all = past_, .channels = {}};
  std::map<std::string, MediaTotals> current;
  // Where all that are listed are there, nobody else gets in: looking once is enough.
  bool full = false;
  for (const auto& [channel, totals] : present) {
    report.all += totals;
    full = full || !list(channel);
    if (entries_.contains(channel)) {
      current[channel] += totals;
    } else {
      ++report.unlisted;
    }
  }
  for (const auto& [channel, entry] : entries_) {
    MediaTotals sum = entry.past;
    sum += current[channel];
    report.channels.push_back({channel, sum});
  }
  return report;
}

/// Lists it, if need be in the place of the one that ended first; false if there is no such one.
bool TotalsLedger::list(const std::string& channel) {
  if (entries_.contains(channel)) return true;
  if (entries_.size() >= kMost && !forgetOldest()) return false;
  entries_.try_emplace(channel);
  return true;
}

bool TotalsLedger::forgetOldest() {
  auto oldest = entries_.end();
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->second.present) continue;
    if (oldest == entries_.end() || entry->second.endedAs < oldest->second.endedAs) oldest = entry;
  }
  if (oldest == entries_.end()) return false;
  entries_.erase(oldest);
  return true;
}

}  // namespace rtcpub::sfu
