#pragma once

#include <api/transport/stun.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/stun/stun_format.h"
#include "log/occasional_warning.h"
#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/outlet.h"
#include "sfu/transport/stream_port.h"
#include "sfu/transport/turn/allocation.h"
#include "sfu/transport/turn/reply_limit.h"
#include "sfu/transport/turn/turn_secret.h"
#include "sfu/transport/turn/turn_stats.h"

namespace rtcpub::sfu {

/// What the TURN server may do, and where it leads to.
struct TurnPolicy {
  std::uint16_t mediaPort = 0;
  /// Whether an address is this server's own, at its interfaces or before its NAT.
  std::function<bool(const IpAddress&)> isOwn;
  /// What relayed addresses say, for a client that called this address of ours.
  std::function<IpAddress(const IpAddress&)> relayedFor;
  std::size_t maxAllocations = 1000;
  std::size_t maxOfOneAddress = 64;  ///< many viewers may sit behind one router
};

/// A TURN server (RFC 8656) that leads to this server's own media port and nowhere else: what a
/// client sends to a peer is handed to the media port's input at once, and its answers go back to
/// the client. Relayed addresses are names of such ways; no socket has them, so there is nobody
/// else whom anything could be relayed to or from.
/// Runs on: the network thread.
class TurnServer final : public TurnInput {
 public:
  /// All outlive this.
  TurnServer(const TurnSecret& secret, DatagramInput& media, Outlet& outlet);
  ~TurnServer() override;
  TurnServer(const TurnServer&) = delete;
  TurnServer& operator=(const TurnServer&) = delete;

  /// Before the first datagram.
  void setPolicy(TurnPolicy policy) { policy_ = std::move(policy); }

  // TurnInput
  void onDatagram(std::span<const std::uint8_t> datagram, const Path& client,
                  DatagramOutput& output, Time now) override;
  [[nodiscard]] bool serves(const Path& client) const override { return relays_.contains(client); }
  void forget(const Path& client) override;

  /// Ends what has expired. Once a second or so.
  void sweep(Time now);

  [[nodiscard]] std::size_t allocations() const { return relays_.size(); }
  [[nodiscard]] TurnStats stats() const;

 private:
  class Relay;
  struct Request;

  void onChannelData(std::span<const std::uint8_t> datagram, const Path& client);
  void onSend(const stun::Message& indication, const Path& client);
  void onRequest(Request& request);
  bool authenticate(Request& request);
  void challenge(const Request& request, int code, const char* reason);

  void allocate(const Request& request);
  void refresh(const Request& request);
  void createPermission(const Request& request);
  void bindChannel(const Request& request);

  /// Whether the peer is one that anybody may reach; if not, the request is refused.
  bool allowed(const Request& request, const Endpoint& peer);
  void refuse(const Request& request, int code, const char* reason);
  /// Signs and sends it.
  void answer(const Request& request, cricket::TurnMessage& reply);
  void confirmAllocation(const Request& request, const Relay& relay);
  [[nodiscard]] Relay* find(const Path& client) const;
  [[nodiscard]] std::size_t countOf(const IpAddress& address) const;
  [[nodiscard]] std::uint16_t freePort();
  void intoMedia(const Relay& relay, const Endpoint& peer, std::span<const std::uint8_t> payload);

  const TurnSecret& secret_;
  DatagramInput& media_;
  Outlet& outlet_;
  TurnPolicy policy_;
  std::unordered_map<Path, std::unique_ptr<Relay>, PathHash> relays_;
  ReplyLimit strangers_;
  OccasionalWarning forbidden_;
  OccasionalWarning full_;
  TurnStats counted_;  ///< but for the relays
  std::uint16_t lastPort_ = 0;
  Time now_{};  // of the latest datagram
};

/// What a UDP port needs to hand its datagrams to the TURN server. Runs on: the network thread.
class TurnUdpInput final : public DatagramInput {
 public:
  /// Both outlive this.
  TurnUdpInput(TurnServer& server, DatagramOutput& output) : server_(server), output_(output) {}
  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) override {
    server_.onDatagram(datagram, path, output_, now);
  }

 private:
  TurnServer& server_;
  DatagramOutput& output_;
};

}  // namespace rtcpub::sfu
