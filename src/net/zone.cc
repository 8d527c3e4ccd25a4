#include "net/zone.h"

#include <net/if.h>

#include <array>
#include <limits>
#include <string>

#include "core/address/link_local.h"
#include "core/text/text.h"

namespace rtcpub::net {

std::optional<std::uint32_t> interfaceOf(std::string_view host) {
  const std::string zone(zoneOf(host));
  if (zone.empty()) return 0;
  if (const auto index = if_nametoindex(zone.c_str()); index != 0) return index;
  const auto number = text::parseInteger(zone, 1, std::numeric_limits<int>::max());
  std::array<char, IF_NAMESIZE> name{};
  if (!number || if_indextoname(static_cast<unsigned>(*number), name.data()) == nullptr) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*number);
}

}  // namespace rtcpub::net
