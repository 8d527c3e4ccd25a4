#include "sfu/transport/turn/allocation.h"

namespace rtcpub::sfu {

void Allocation::forgetExpired(Time now) {
  std::erase_if(permissions_, [&](const auto& permission) { return permission.second <= now; });
  std::erase_if(channels_, [&](const auto& channel) { return channel.second.expiry <= now; });
}

bool Allocation::permit(const IpAddress& peer, Time now) {
  forgetExpired(now);
  if (!permissions_.contains(peer) && permissions_.size() >= kMaxPeers) return false;
  permissions_[peer] = now + kPermissionLife;
  return true;
}

bool Allocation::permits(const IpAddress& peer, Time now) const {
  const auto found = permissions_.find(peer);
  return found != permissions_.end() && found->second > now;
}

bool Allocation::bindChannel(std::uint16_t number, const Endpoint& peer, Time now) {
  forgetExpired(now);
  const auto bound = channels_.find(number);
  if (bound != channels_.end() && bound->second.peer != peer) return false;
  const auto other = channelOf(peer, now);
  if (other && *other != number) return false;
  if (bound == channels_.end() && channels_.size() >= kMaxPeers) return false;
  if (!permit(peer.ip, now)) return false;
  channels_[number] = {peer, now + kChannelLife};
  return true;
}

std::optional<Endpoint> Allocation::peerOf(std::uint16_t channel, Time now) const {
  const auto found = channels_.find(channel);
  if (found == channels_.end() || found->second.expiry <= now) return std::nullopt;
  return found->second.peer;
}

std::optional<std::uint16_t> Allocation::channelOf(const Endpoint& peer, Time now) const {
  for (const auto& [number, channel] : channels_) {
    if (channel.peer == peer && channel.expiry > now) return number;
  }
  return std::nullopt;
}

}  // namespace rtcpub::sfu
