#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// What a client of the TURN server may do with its relayed address, and until when (RFC 8656
/// sections 9 and 12). Time is an argument.
class Allocation {
 public:
  static constexpr std::chrono::seconds kPermissionLife{300};
  static constexpr std::chrono::seconds kChannelLife{600};
  /// A server has some addresses, not hundreds.
  static constexpr std::size_t kMaxPeers = 32;

  Allocation(Endpoint relayed, Time expiry) : relayed_(relayed), expiry_(expiry) {}

  [[nodiscard]] const Endpoint& relayed() const { return relayed_; }
  void extend(Time expiry) { expiry_ = expiry; }
  [[nodiscard]] bool expired(Time now) const { return now >= expiry_; }

  /// Whether there was room for it.
  bool permit(const IpAddress& peer, Time now);
  [[nodiscard]] bool permits(const IpAddress& peer, Time now) const;

  [[nodiscard]] static bool isChannel(std::uint16_t number) {
    return number >= 0x4000 && number <= 0x4FFF;
  }
  /// Whether it could be: neither the channel nor the peer is bound elsewhere, and there is room.
  bool bindChannel(std::uint16_t number, const Endpoint& peer, Time now);
  [[nodiscard]] std::optional<Endpoint> peerOf(std::uint16_t channel, Time now) const;
  [[nodiscard]] std::optional<std::uint16_t> channelOf(const Endpoint& peer, Time now) const;

 private:
  struct Channel {
    Endpoint peer;
    Time expiry;
  };
  void forgetExpired(Time now);

  Endpoint relayed_;
  Time expiry_;
  std::map<IpAddress, Time> permissions_;
  std::map<std::uint16_t, Channel> channels_;
};

}  // namespace rtcpub::sfu
