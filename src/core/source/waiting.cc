#include "core/source/waiting.h"

#include <algorithm>

namespace rtcpub {

bool mayPass(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kUnreachable || code == ErrorCode::kIo;
}

bool ToldReasons::isNews(std::string_view reason) {
  if (told_.size() == kMost || std::ranges::find(told_, reason) != told_.end()) return false;
  told_.emplace_back(reason);
  return true;
}

}  // namespace rtcpub
