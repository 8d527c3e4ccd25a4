#include "net/connections.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <utility>

namespace rtcpub::net {

namespace {

namespace ip = boost::asio::ip;

static_assert(static_cast<std::size_t>(Phase::kJoined) + 1 == kPhaseNames.size());

constexpr ConnectionTable::Phase number(Phase phase) {
  return static_cast<ConnectionTable::Phase>(phase);
}

const char* words(ConnectionTable::Phase phase) {
  switch (static_cast<Phase>(phase)) {
    case Phase::kSilent:
      return "one that said nothing";
    case Phase::kSecuring:
      return "one in its TLS handshake";
    case Phase::kAsking:
      return "one whose request was under way";
    case Phase::kIdle:
      return "one that was idle";
    case Phase::kWaiting:
      return "a WebSocket that had not joined a channel";
    case Phase::kJoined:
      break;
  }
  return "one";
}

}  // namespace

Connections::Connections(const ConnectionLimits& limits, const TrustedProxies& trusted)
    : trusted_(trusted),
      table_({limits.unproven, limits.unproven, limits.unproven, limits.unproven, limits.waiting,
              limits.joined}) {}

void Connections::add(Id id, const RemoteAddress& remote, std::function<void()> cut) {
  ++counted_.accepted;
  entries_.emplace(id, Entry{remote.text, std::move(cut)});
  this->cut(table_.enter(id, networkOf(remote.text), number(Phase::kSilent)));
}

void Connections::reached(Id id, Phase phase) {
  if (!table_.contains(id)) return;  // it is being cut
  const auto surplus = table_.move(id, number(phase));
  // Who has joined stays: that there is room was asked when the WebSocket opened.
  if (phase != Phase::kJoined) cut(surplus);
}

void Connections::reachedWaiting(Id id, const std::string& address) {
  if (!table_.contains(id)) return;
  answered(101);
  cut(table_.move(id, number(Phase::kWaiting), joinedNetworkOf(address)));
}

void Connections::remove(Id id) {
  table_.leave(id);
  entries_.erase(id);
}

ConnectionCounts Connections::counts() const {
  ConnectionCounts counts = counted_;
  for (std::size_t phase = 0; phase < counts.open.size(); ++phase) {
    counts.open[phase] = table_.size(phase);
  }
  return counts;
}

std::string Connections::webSocketProblem(const std::string& address) const {
  const auto network = joinedNetworkOf(address);
  if (!table_.full(number(Phase::kJoined), network)) return {};
  const bool all = !table_.full(number(Phase::kJoined), std::nullopt);
  return std::string(all ? "your address has" : "there are") +
         " as many clients here as may be; try again when some are gone";
}

bool Connections::makeRoom() {
  const auto found = table_.leastUseful(number(Phase::kJoined));
  cut(found);
  return found.has_value();
}

std::optional<NetworkKey> Connections::networkOf(const std::string& address) const {
  boost::system::error_code error;
  const auto parsed = ip::make_address(address, error);
  if (error || trusted_.contains(address)) return std::nullopt;
  return rtcpub::networkOf(parsed.is_v6()
                               ? parsed.to_v6().to_bytes()
                               : ip::make_address_v6(ip::v4_mapped, parsed.to_v4()).to_bytes());
}

/// Of one who has a WebSocket. Whoever is on this machine may have as many as there are.
std::optional<NetworkKey> Connections::joinedNetworkOf(const std::string& address) const {
  return remoteAddress(address).loopback ? std::nullopt : networkOf(address);
}

void Connections::cut(std::optional<Id> id) {
  if (!id) return;
  const auto found = entries_.find(*id);
  if (found == entries_.end()) return;
  warning_.warn("too many connections that are of no use: cut " +
                    std::string(words(table_.phaseOf(*id))) + ", of " + found->second.address +
                    ", to let others in",
                monotonicNow());
  ++counted_.cut;
  table_.leave(*id);
  found->second.cut();  // it comes back to remove() when it has ended
}

}  // namespace rtcpub::net
