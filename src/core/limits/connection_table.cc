#include "core/limits/connection_table.h"

#include <algorithm>
#include <utility>

namespace rtcpub {

NetworkKey networkOf(const std::array<std::uint8_t, 16>& address) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const bool mapped = std::equal(kMapped.begin(), kMapped.end(), address.begin());
  const bool linkLocal = address[0] == 0xFE && (address[1] & 0xC0U) == 0x80;
  NetworkKey network = address;
  if (!mapped && !linkLocal) std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
  return network;
}

ConnectionTable::ConnectionTable(const std::vector<Room>& rooms) {
  for (const Room& room : rooms) phases_.push_back({.room = room, .networks = {}});
}

std::optional<ConnectionTable::Id> ConnectionTable::enter(Id id, std::optional<NetworkKey> network,
                                                          Phase phase) {
  insert(id, phase, network);
  return surplus(entries_.at(id));
}

std::optional<ConnectionTable::Id> ConnectionTable::move(Id id, Phase phase) {
  return move(id, phase, entries_.at(id).network);
}

std::optional<ConnectionTable::Id> ConnectionTable::move(Id id, Phase phase,
                                                         std::optional<NetworkKey> network) {
  leave(id);
  return enter(id, network, phase);
}

void ConnectionTable::leave(Id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  remove(found->second);
  entries_.erase(found);
}

void ConnectionTable::insert(Id id, Phase phase, std::optional<NetworkKey> network) {
  const Order order = nextOrder_++;
  entries_.emplace(id, Entry{phase, network, order});
  phases_[phase].networks[network].emplace(order, id);
  ++phases_[phase].size;
}

void ConnectionTable::remove(const Entry& entry) {
  PhaseMembers& phase = phases_[entry.phase];
  const auto members = phase.networks.find(entry.network);
  members->second.erase(entry.order);
  if (members->second.empty()) phase.networks.erase(members);
  --phase.size;
}

std::optional<ConnectionTable::Id> ConnectionTable::surplus(const Entry& newcomer) const {
  const PhaseMembers& phase = phases_[newcomer.phase];
  const Members& own = phase.networks.at(newcomer.network);
  if (newcomer.network && own.size() > phase.room.ofOneNetwork) return own.begin()->second;
  if (phase.size > phase.room.inAll) return largest(phase).begin()->second;
  return std::nullopt;
}

const ConnectionTable::Members& ConnectionTable::largest(const PhaseMembers& phase) {
  // Of several, the one whose oldest member is the oldest.
  return std::ranges::max_element(phase.networks,
                                  [](const auto& a, const auto& b) {
                                    return std::pair(a.second.size(), b.second.begin()->first) <
                                           std::pair(b.second.size(), a.second.begin()->first);
                                  })
      ->second;
}

std::size_t ConnectionTable::size(Phase phase, const std::optional<NetworkKey>& network) const {
  const auto members = phases_[phase].networks.find(network);
  return members == phases_[phase].networks.end() ? 0 : members->second.size();
}

bool ConnectionTable::full(Phase phase, const std::optional<NetworkKey>& network) const {
  const Room& room = phases_[phase].room;
  return phases_[phase].size >= room.inAll ||
         (network && size(phase, network) >= room.ofOneNetwork);
}

std::optional<ConnectionTable::Id> ConnectionTable::leastUseful(Phase end) const {
  for (Phase phase = 0; phase < end; ++phase) {
    if (phases_[phase].size > 0) return largest(phases_[phase]).begin()->second;
  }
  return std::nullopt;
}

}  // namespace rtcpub
