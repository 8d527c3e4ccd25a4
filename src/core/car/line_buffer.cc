#include "core/car/line_buffer.h"

namespace rtcpub::car {

void LineBuffer::feed(std::string_view bytes) {
  pending_.erase(0, start_);
  start_ = 0;
  pending_.append(bytes);
}

std::optional<std::string_view> LineBuffer::next() {
  while (true) {
    const auto end = pending_.find('\n', start_);
    if (end == std::string::npos) break;
    std::string_view line = std::string_view(pending_).substr(start_, end - start_);
    start_ = end + 1;
    if (skipping_) {
      skipping_ = false;
      continue;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() <= longest_) return line;
    ++tooLong_;
  }
  if (pending_.size() - start_ > longest_ + 1) {
    if (!skipping_) ++tooLong_;
    skipping_ = true;
    pending_.clear();
    start_ = 0;
  }
  return std::nullopt;
}

void LineBuffer::clear() {
  pending_.clear();
  start_ = 0;
  skipping_ = false;
}

}  // namespace rtcpub::car
