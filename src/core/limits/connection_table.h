#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

/// Who may be connected: no stranger's connections keep others out. Pure.
namespace rtcpub {

/// Whose connection it is, as far as its address tells: an IPv4 address, mapped into IPv6, or the
/// /64 that an IPv6 client has to itself (RFC 6177 section 2).
using NetworkKey = std::array<std::uint8_t, 16>;

/// Of an IPv6 address, or an IPv4 one as mapped into it. Link-local addresses share their prefix
/// (RFC 4291 section 2.5.6): each counts alone.
NetworkKey networkOf(const std::array<std::uint8_t, 16>& address);

/// All connections by how far each has come, its phase, and by network. Each phase has room of its
/// own, in all and for one network, so a flood of one kind harms that kind only. Where there is no
/// room, whoever has been in the phase for longest goes: first of a network that has more than its
/// share, otherwise of the one that has most. So a newcomer always comes in, and has as long to get
/// on as it takes the flood to fill the room anew.
class ConnectionTable {
 public:
  using Id = std::uint64_t;
  using Phase = std::size_t;
  struct Room {
    std::size_t ofOneNetwork;
    std::size_t inAll;
  };

  /// `rooms`: one for each phase, 0 first.
  explicit ConnectionTable(const std::vector<Room>& rooms);

  /// A new connection. `network` is nullopt where the address says nothing, as a proxy's does: such
  /// connections count in all only. Returns who must go for it, still in the table.
  [[nodiscard]] std::optional<Id> enter(Id id, std::optional<NetworkKey> network, Phase phase);
  /// It has come to another phase (the same: its time there begins anew).
  [[nodiscard]] std::optional<Id> move(Id id, Phase phase);
  /// Likewise; and it turned out to be of another network.
  [[nodiscard]] std::optional<Id> move(Id id, Phase phase, std::optional<NetworkKey> network);
  void leave(Id id);

  [[nodiscard]] bool contains(Id id) const { return entries_.contains(id); }
  [[nodiscard]] Phase phaseOf(Id id) const { return entries_.at(id).phase; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t size(Phase phase) const { return phases_[phase].size; }
  [[nodiscard]] std::size_t size(Phase phase, const std::optional<NetworkKey>& network) const;
  /// Whether one more of this network would push somebody out.
  [[nodiscard]] bool full(Phase phase, const std::optional<NetworkKey>& network) const;
  /// The one that goes first when room is needed in all phases before `end`.
  [[nodiscard]] std::optional<Id> leastUseful(Phase end) const;

 private:
  using Order = std::uint64_t;
  using Members = std::map<Order, Id>;
  struct PhaseMembers {
    Room room;
    std::size_t size = 0;
    std::map<std::optional<NetworkKey>, Members> networks;  // none of them empty
  };
  struct Entry {
    Phase phase;
    std::optional<NetworkKey> network;
    Order order;
  };

  void insert(Id id, Phase phase, std::optional<NetworkKey> network);
  void remove(const Entry& entry);
  [[nodiscard]] std::optional<Id> surplus(const Entry& newcomer) const;
  [[nodiscard]] static const Members& largest(const PhaseMembers& phase);

  std::vector<PhaseMembers> phases_;
  std::unordered_map<Id, Entry> entries_;
  Order nextOrder_ = 0;
};

}  // namespace rtcpub
