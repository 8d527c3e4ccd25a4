#include "cli/line_splitter.h"

namespace rtcpub::cli {

void LineSplitter::feed(std::string_view bytes, Time since) {
  pending_.erase(0, start_);
  start_ = 0;
  const bool stillBegun = begun_ && !pending_.empty();
  if (!stillBegun) firstSince_ = pending_.empty() ? since : restSince_;
  begun_ = !pending_.empty();
  restSince_ = since;
  pending_.append(bytes);
}

std::optional<LineSplitter::Line> LineSplitter::next() {
  const auto end = pending_.find('\n', start_);
  if (end == std::string::npos) return std::nullopt;
  const Line line{.text = std::string_view(pending_).substr(start_, end - start_),
                  .since = begun_ ? firstSince_ : restSince_};
  begun_ = false;
  start_ = end + 1;
  return line;
}

bool LineSplitter::dropTooLong() {
  if (pending_.size() - start_ <= longest_) return false;
  pending_.clear();
  start_ = 0;
  begun_ = false;
  return true;
}

}  // namespace rtcpub::cli
