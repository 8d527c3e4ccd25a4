#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rtcpub::sfu {

/// Which numbers packets go out under when some of them are left out: there is no gap, and each
/// number stands for one packet for ever. Numbers are unwrapped.
class SequenceMap {
 public:
  /// So many gaps are known, some 15 s of them; packets from before are forgotten.
  static constexpr std::size_t kMaxRuns = 256;

  struct Place {
    std::int64_t number = 0;
    std::uint16_t frames = 0;  ///< that were left out before it, modulo 2^16
  };

  /// Packets from `source` on go out as `outgoing` and after it; those before don't. The count of
  /// frames goes on.
  void begin(std::int64_t source, std::int64_t outgoing);
  /// Another stream comes: nothing goes out before begin(), and the count of frames starts anew.
  void clear() { runs_.clear(); }
  /// The packet is newer than all before, and doesn't go out. What is missing between it and the
  /// one before may still come, and keeps its place.
  void leaveOut(std::int64_t source, bool startsFrame);

  /// Nothing for what doesn't go out.
  [[nodiscard]] std::optional<Place> find(std::int64_t source) const;
  [[nodiscard]] std::optional<std::int64_t> sourceOf(std::int64_t outgoing) const;

 private:
  /// Packets in a row that go out.
  struct Run {
    std::int64_t first = 0;
    std::int64_t end = 0;  ///< behind the last one; of the last run open
    std::int64_t offset = 0;
    std::uint16_t frames = 0;
  };

  std::vector<Run> runs_;  ///< in order
};

}  // namespace rtcpub::sfu
