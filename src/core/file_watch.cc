#include "core/file_watch.h"

#include <algorithm>
#include <utility>

namespace rtcpub {

bool FileWatch::look(std::vector<FileStamp> seen, Time now) {
  const bool quiet = seen == last_;
  last_ = std::move(seen);
  if (!quiet || !std::ranges::all_of(last_, &FileStamp::there)) return false;
  if (known_ != last_) return true;
  return now - read_ >= (well_ ? kAtLeastEvery : kRetryAfter);
}

void FileWatch::wasRead(bool well, Time now) {
  known_ = last_;
  read_ = now;
  well_ = well;
}

}  // namespace rtcpub
