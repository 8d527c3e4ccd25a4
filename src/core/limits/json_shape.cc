#include "core/limits/json_shape.h"

namespace rtcpub::json {
namespace {

/// The end of a string of which `rest` is what follows its first quote.
std::size_t lengthOfString(std::string_view rest) {
  for (std::size_t at = rest.find_first_of("\"\\"); at != std::string_view::npos;
       at = rest.find_first_of("\"\\", at)) {
    if (rest[at] == '"') return at + 1;
    at += 2;  // what is escaped
    if (at >= rest.size()) break;
  }
  return rest.size();
}

}  // namespace

bool isSmall(std::string_view text) {
  std::size_t depth = 0;
  std::size_t parts = 0;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    switch (c) {
      case '"':
        text.remove_prefix(lengthOfString(text));
        break;
      case '[':
      case '{':
        if (++depth > kMaxDepth) return false;
        break;
      case ']':
      case '}':
        if (depth > 0) --depth;
        break;
      case ',':
      case ':':
        if (++parts > kMaxParts) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace rtcpub::json
