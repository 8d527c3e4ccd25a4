#include "core/address/link_local.h"

#include "core/text/text.h"

namespace rtcpub {

bool isLinkLocalIpv6(std::string_view host) {
  // The ten first bits, 1111111010 (RFC 4291 section 2.5.6).
  if (host.find(':') != 4) return false;
  const auto first = text::toLower(host.substr(0, 3));
  return first == "fe8" || first == "fe9" || first == "fea" || first == "feb";
}

std::string_view zoneOf(std::string_view host) {
  return text::splitAt(host, '%').after.value_or("");
}

std::string_view withoutZone(std::string_view host) { return text::splitAt(host, '%').before; }

}  // namespace rtcpub
