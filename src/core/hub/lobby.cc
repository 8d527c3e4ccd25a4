#include "core/hub/lobby.h"

#include <utility>

namespace rtcpub {

std::vector<Lobby::Action> Lobby::enter(MemberId client, spider::Role role,
                                        const std::string& channel) {
  const Place place{channel, role};
  const auto known = places_.find(client);
  if (known != places_.end() && known->second == place) return greet(client);

  auto actions = leave(client);
  auto& members = channels_[channel];
  if (role == spider::Role::kSubscriber) {
    members.subscribers.insert(client);
  } else if (const auto old = std::exchange(members.publisher, client)) {
    places_.erase(*old);
    actions.push_back(Evict{*old, {"replaced", "a newer publisher took channel " + channel}});
  }
  places_[client] = place;
  tellAll(channel, members, actions);
  return actions;
}

std::vector<Lobby::Action> Lobby::leave(MemberId client) {
  const auto known = places_.extract(client);
  if (known.empty()) return {};
  const auto at = channels_.find(known.mapped().channel);
  auto& members = at->second;
  if (known.mapped().role == spider::Role::kPublisher) {
    members.publisher.reset();
  } else {
    members.subscribers.erase(client);
  }
  if (!members.publisher && members.subscribers.empty()) {
    channels_.erase(at);
    return {};
  }
  std::vector<Action> actions;
  tellAll(at->first, members, actions);
  return actions;
}

std::vector<Lobby::Action> Lobby::greet(MemberId client) const {
  const auto known = places_.find(client);
  if (known == places_.end()) return {};
  const auto& channel = known->second.channel;
  return {Notify{client, joins(channel, channels_.at(channel))}};
}

std::vector<Lobby::Channel> Lobby::channels() const {
  std::vector<Channel> channels;
  channels.reserve(channels_.size());
  for (const auto& [id, members] : channels_) {
    channels.push_back(
        {id, members.publisher.has_value(), static_cast<int>(members.subscribers.size())});
  }
  return channels;
}

void Lobby::tellAll(const std::string& channel, const Members& members,
                    std::vector<Action>& actions) {
  const auto message = joins(channel, members);
  if (members.publisher) actions.emplace_back(Notify{*members.publisher, message});
  for (const auto subscriber : members.subscribers)
    actions.emplace_back(Notify{subscriber, message});
}

spider::Joins Lobby::joins(const std::string& channel, const Members& members) {
  return {channel, members.publisher ? 1 : 0, static_cast<int>(members.subscribers.size())};
}

}  // namespace rtcpub
