#include "core/stun/stun_limits.h"

#include <string_view>

namespace rtcpub::stun {
namespace {

struct Limit {
  std::uint16_t type;
  std::string_view name;
  std::size_t longest;  ///< bytes of its value
};

/// 127 characters, each of up to six bytes, and one more.
constexpr std::size_t kLongestText = 763;
/// Of ERROR-CODE, before the reason.
constexpr std::size_t kCodeSize = 4;

constexpr std::array<Limit, 6> kLimits{{
    {0x0006, "USERNAME", 508},                         // section 14.3
    {0x0009, "ERROR-CODE", kLongestText + kCodeSize},  // section 14.8
    {0x0014, "REALM", kLongestText},                   // section 14.9
    {0x0015, "NONCE", kLongestText},                   // section 14.10
    {0x8022, "SOFTWARE", kLongestText},                // section 14.14
    {0x8003, "ALTERNATE-DOMAIN", 255},                 // section 14.16
}};

}  // namespace

std::optional<std::string> overlongAttribute(Bytes datagram) {
  const auto message = Message::read(datagram);
  if (!message) return std::nullopt;
  for (const auto& [type, name, longest] : kLimits) {
    for (const auto& value : message->findAll(type)) {
      if (value.size() <= longest) continue;
      return "a " + std::string(name) + " of " + std::to_string(value.size()) + " bytes, where " +
             std::to_string(longest) + " are the most";
    }
  }
  return std::nullopt;
}

}  // namespace rtcpub::stun
