#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace rtcpub::sfu {

/// Makes room for packets of the server's own between those of the publisher: where these stand
/// then. Numbers never wrap (SourceTracker::Place).
class SequenceShift {
 public:
  /// So many insertions are known; publishers' packets that are late don't come from before.
  static constexpr std::size_t kMaxInsertions = 256;

  [[nodiscard]] std::int64_t of(std::int64_t source) const;
  /// Where the inserted packet stands. No packet from `source` on has come before.
  std::int64_t insertBefore(std::int64_t source);

 private:
  std::int64_t forgotten_ = 0;
  std::deque<std::int64_t> insertions_;  ///< before which packets, in order
};

}  // namespace rtcpub::sfu
