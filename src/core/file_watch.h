#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rtcpub/clock.h"

namespace rtcpub {

/// By what it shows that a file is another one, or was written: stat(2), behind symbolic links.
struct FileStamp {
  bool there = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970
  std::int64_t changed = 0;   ///< likewise: rights, owner and name count, too

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Says when files that belong together, such as a certificate and its key, should be read again,
/// because somebody renews them while the program runs. Renewing takes several steps: they are read
/// when nothing has changed from one look to the next, and later once more if that fails.
class FileWatch {
 public:
  /// How long to wait with files that couldn't be used and stay what they are.
  static constexpr Time::duration kRetryAfter = std::chrono::minutes(1);
  /// They are read that often though nothing has changed: what they hold may have come of age.
  static constexpr Time::duration kAtLeastEvery = std::chrono::hours(24);

  /// A look at all files; whether to read them now. Never while one isn't there. The caller tells
  /// by wasRead() what came of it. The first look says nothing.
  [[nodiscard]] bool look(std::vector<FileStamp> seen, Time now);
  /// Files that were read well are read again when they change.
  void wasRead(bool well, Time now);

 private:
  std::vector<FileStamp> last_;                  ///< as they were at the last look
  std::optional<std::vector<FileStamp>> known_;  ///< as they were when they were read last
  Time read_{};                                  ///< when that was
  bool well_ = true;
};

}  // namespace rtcpub
