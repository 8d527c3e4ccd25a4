#include "cli/wrapped.h"

#include <algorithm>

namespace rtcpub::cli {

std::string wrapped(std::string_view text, std::size_t column) {
  std::string out;
  std::size_t end = column;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (end > column && end + 1 + word.size() > kLineWidth) {
      out += "\n" + std::string(column, ' ');
      end = column;
    } else if (end > column) {
      out += ' ';
      ++end;
    }
    out += word;
    end += word.size();
  }
  return out;
}

}  // namespace rtcpub::cli
