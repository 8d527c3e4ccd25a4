#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/limits/connection_table.h"
#include "log/occasional_warning.h"
#include "net/connection_counts.h"
#include "net/forwarded.h"
#include "net/http_rules.h"
#include "net/web_server.h"

namespace rtcpub::net {

/// How far a server's connection has come.
enum class Phase : std::uint8_t {
  kSilent,    ///< not a byte came
  kSecuring,  ///< in the handshake of TLS
  kAsking,    ///< from a request's first byte to its answer's last
  kIdle,      ///< open for a request
  kWaiting,   ///< a WebSocket that hasn't proved of use
  kJoined,    ///< one that has
};

/// The connections of a server: makes room for newcomers by cutting those of least use. Runs on:
/// the loop's thread.
class Connections {
 public:
  using Id = ConnectionTable::Id;

  /// `trusted` outlives this.
  Connections(const ConnectionLimits& limits, const TrustedProxies& trusted);

  /// A new one, silent as yet; `cut` closes its socket within the call.
  void add(Id id, const RemoteAddress& remote, std::function<void()> cut);
  void reached(Id id, Phase phase);
  /// It is a WebSocket of the client at `address`, which a proxy may have named.
  void reachedWaiting(Id id, const std::string& address);
  void remove(Id id);

  /// Why the client at `address` gets no WebSocket; empty: it does.
  [[nodiscard]] std::string webSocketProblem(const std::string& address) const;
  /// Cuts one that hasn't joined; false: there is none.
  bool makeRoom();

  /// A request was answered with this status of HTTP.
  void answered(int status) { ++counted_.responses[status]; }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] ConnectionCounts counts() const;

 private:
  struct Entry {
    std::string address;
    std::function<void()> cut;
  };

  [[nodiscard]] std::optional<NetworkKey> networkOf(const std::string& address) const;
  [[nodiscard]] std::optional<NetworkKey> joinedNetworkOf(const std::string& address) const;
  void cut(std::optional<Id> id);

  const TrustedProxies& trusted_;
  ConnectionTable table_;
  std::unordered_map<Id, Entry> entries_;
  ConnectionCounts counted_;  ///< but for those that are open
  OccasionalWarning warning_;
};

}  // namespace rtcpub::net
