#include "core/codec_report.h"

namespace rtcpub {

std::string listOf(const std::vector<std::string>& codecs) {
  std::string list;
  for (std::size_t i = 0; i < codecs.size(); ++i) {
    if (i != 0) list += i + 1 == codecs.size() ? " and " : ", ";
    list += codecs[i];
  }
  return list;
}

}  // namespace rtcpub
