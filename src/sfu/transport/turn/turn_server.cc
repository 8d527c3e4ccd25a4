#include "sfu/transport/turn/turn_server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/compat/bytes.h"
#include "sfu/transport/stun_message.h"

namespace rtcpub::sfu {
namespace {

using cricket::StunByteStringAttribute;
using cricket::StunErrorCodeAttribute;
using cricket::StunUInt32Attribute;
using cricket::StunXorAddressAttribute;
using cricket::TurnMessage;

constexpr std::chrono::seconds kLeastLifetime{600};
constexpr std::chrono::seconds kMostLifetime{3600};
constexpr std::uint32_t kUdp = 17;  // of IP's protocols
constexpr std::uint16_t kRequestedAddressFamily = 0x0017;
constexpr std::uint16_t kFirstPort = 49152;  // where dynamic ports begin
constexpr std::size_t kChannelHeader = 4;
/// What makes a request's type that of its error response (RFC 8489 section 5).
constexpr int kError = 0x0110;

std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::string text(const StunByteStringAttribute* attribute) {
  return attribute == nullptr ? std::string() : std::string(attribute->string_view());
}

void add(TurnMessage& message, int type, const Endpoint& endpoint) {
  message.AddAttribute(std::make_unique<StunXorAddressAttribute>(static_cast<std::uint16_t>(type),
                                                                 toSocketAddress(endpoint)));
}

void add(TurnMessage& message, int type, std::string_view value) {
  message.AddAttribute(std::make_unique<StunByteStringAttribute>(
      static_cast<std::uint16_t>(type), absl::string_view(value.data(), value.size())));
}

/// Clients name one, or all addresses of a server.
constexpr std::size_t kMaxPeersOfRequest = 16;

/// All of them; nothing if one is malformed, or there is none.
std::vector<Endpoint> peersOf(const stun::Message& message) {
  std::vector<Endpoint> peers;
  for (const auto value : message.findAll(cricket::STUN_ATTR_XOR_PEER_ADDRESS)) {
    const auto peer = stun::readXorAddress(value, message.id());
    if (!peer) return {};
    peers.push_back(toEndpoint(*peer));
  }
  return peers;
}

/// Whether the client asks for an address of the family that it came by, or of any.
bool familyFits(const stun::Message& message, bool ipv4) {
  const auto asked = message.find(kRequestedAddressFamily);
  return !asked || (!asked->empty() && asked->front() == (ipv4 ? 1 : 2));
}

/// As the client asks, but not beyond the end of its credentials.
std::chrono::seconds lifetimeOf(const TurnMessage& message, const std::optional<Time>& end,
                                Time now) {
  const auto* asked = message.GetUInt32(cricket::STUN_ATTR_TURN_LIFETIME);
  const auto lifetime = asked == nullptr ? kLeastLifetime
                                         : std::clamp(std::chrono::seconds(asked->value()),
                                                      kLeastLifetime, kMostLifetime);
  return end ? std::min(lifetime, std::chrono::ceil<std::chrono::seconds>(*end - now)) : lifetime;
}

}  // namespace

/// A client's way to the media port, whose output goes back to it.
class TurnServer::Relay final : public DatagramOutput {
 public:
  Relay(TurnServer& server, const Path& client, DatagramOutput& output, Allocation made)
      : allocation(std::move(made)),
        server_(server),
        client_(client),
        output_(output),
        number_(server.outlet_.add(*this)) {}
  ~Relay() override { server_.outlet_.remove(number_); }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  [[nodiscard]] const Path& client() const { return client_; }
  [[nodiscard]] std::uint32_t number() const { return number_; }

  void send(const Path& path, std::span<const std::uint8_t> datagram) override {
    const Endpoint peer{path.local, server_.policy_.mediaPort, 0};
    if (!allocation.permits(peer.ip, server_.now_)) return;
    ++server_.counted_.packetsOut;
    server_.counted_.bytesOut += datagram.size();
    if (const auto channel = allocation.channelOf(peer, server_.now_)) {
      sendChannelData(*channel, datagram);
    } else {
      sendIndication(peer, datagram);
    }
  }

  Allocation allocation;
  std::string username;
  std::string transaction;  ///< of the request that made it
  std::chrono::seconds lifetime{};

 private:
  void sendChannelData(std::uint16_t channel, std::span<const std::uint8_t> payload) {
    frame_.assign({static_cast<std::uint8_t>(channel >> 8U), static_cast<std::uint8_t>(channel),
                   static_cast<std::uint8_t>(payload.size() >> 8U),
                   static_cast<std::uint8_t>(payload.size())});
    frame_.insert(frame_.end(), payload.begin(), payload.end());
    output_.send(client_, frame_);
  }

  void sendIndication(const Endpoint& peer, std::span<const std::uint8_t> payload) {
    TurnMessage indication(cricket::TURN_DATA_INDICATION);
    add(indication, cricket::STUN_ATTR_XOR_PEER_ADDRESS, peer);
    add(indication, cricket::STUN_ATTR_DATA,
        {reinterpret_cast<const char*>(payload.data()), payload.size()});
    output_.send(client_, serialize(indication));
  }

  TurnServer& server_;
  const Path client_;
  DatagramOutput& output_;
  const std::uint32_t number_;
  std::vector<std::uint8_t> frame_;  // scratch
};

struct TurnServer::Request {
  stun::Message asWritten;  ///< refers to the datagram
  const Path& client;
  DatagramOutput& output;
  TurnMessage message;
  std::string username;
  TurnTerm term{};
  std::string key;

  /// What is given now is gone by then.
  [[nodiscard]] Time expiry(std::chrono::seconds lifetime, Time now) const {
    return std::min(now + lifetime, term.end.value_or(Time::max()));
  }
};

TurnServer::TurnServer(const TurnSecret& secret, DatagramInput& media, Outlet& outlet)
    : secret_(secret), media_(media), outlet_(outlet) {}

TurnServer::~TurnServer() = default;

TurnStats TurnServer::stats() const {
  TurnStats stats = counted_;
  stats.relays = relays_.size();
  return stats;
}

void TurnServer::onDatagram(std::span<const std::uint8_t> datagram, const Path& client,
                            DatagramOutput& output, Time now) {
  now_ = now;
  if (datagram.size() < kChannelHeader) return;
  if (Allocation::isChannel(read16(datagram, 0))) return onChannelData(datagram, client);
  const auto asWritten = stun::Message::read(datagram);
  if (!asWritten) return;
  if (asWritten->type() == stun::kBindingRequest) {
    const auto reply = plainBindingReply(datagram, client.remote);
    return reply ? output.send(client, *reply) : void();
  }
  if (asWritten->type() == cricket::TURN_SEND_INDICATION) return onSend(*asWritten, client);
  Request request{*asWritten, client, output, {}, {}, {}, {}};
  auto reader = engine::readerOf(datagram);
  if (request.message.Read(&reader)) onRequest(request);
}

void TurnServer::onChannelData(std::span<const std::uint8_t> datagram, const Path& client) {
  const Relay* relay = find(client);
  if (relay == nullptr) return;
  const auto peer = relay->allocation.peerOf(read16(datagram, 0), now_);
  const std::size_t length = read16(datagram, 2);
  if (!peer || length > datagram.size() - kChannelHeader) return;
  intoMedia(*relay, *peer, datagram.subspan(kChannelHeader, length));
}

void TurnServer::onSend(const stun::Message& indication, const Path& client) {
  const Relay* relay = find(client);
  const auto address = indication.find(cricket::STUN_ATTR_XOR_PEER_ADDRESS);
  if (relay == nullptr || !address) return;
  const auto peer = stun::readXorAddress(*address, indication.id());
  if (!peer) return;
  intoMedia(*relay, toEndpoint(*peer),
            indication.find(cricket::STUN_ATTR_DATA).value_or(stun::Bytes()));
}

void TurnServer::intoMedia(const Relay& relay, const Endpoint& peer,
                           std::span<const std::uint8_t> payload) {
  if (peer.port != policy_.mediaPort || !relay.allocation.permits(peer.ip, now_)) return;
  ++counted_.packetsIn;
  counted_.bytesIn += payload.size();
  media_.deliver(payload, {relay.allocation.relayed(), peer.ip, relay.number()}, now_);
}

void TurnServer::onRequest(Request& request) {
  switch (request.message.type()) {
    case cricket::STUN_ALLOCATE_REQUEST:
      return authenticate(request) ? allocate(request) : void();
    case cricket::TURN_REFRESH_REQUEST:
      return authenticate(request) ? refresh(request) : void();
    case cricket::TURN_CREATE_PERMISSION_REQUEST:
      return authenticate(request) ? createPermission(request) : void();
    case cricket::TURN_CHANNEL_BIND_REQUEST:
      return authenticate(request) ? bindChannel(request) : void();
    default:
      return;
  }
}

/// RFC 8489 section 9.2.4. What fails is answered.
bool TurnServer::authenticate(Request& request) {
  using Integrity = cricket::StunMessage::IntegrityStatus;
  TurnMessage& message = request.message;
  if (message.GetByteString(cricket::STUN_ATTR_MESSAGE_INTEGRITY) == nullptr) {
    challenge(request, 401, "Unauthorized");
    return false;
  }
  request.username = text(message.GetByteString(cricket::STUN_ATTR_USERNAME));
  const std::string nonce = text(message.GetByteString(cricket::STUN_ATTR_NONCE));
  if (request.username.empty() || nonce.empty()) {
    challenge(request, 400, "Bad Request");
    return false;
  }
  if (!secret_.isFresh(nonce, request.client.remote.ip, now_)) {
    challenge(request, 438, "Stale Nonce");
    return false;
  }
  const Relay* relay = find(request.client);
  const bool known = relay != nullptr && relay->username == request.username;
  const auto term = TurnSecret::termOf(request.username);
  const bool holds = term && now_ < (known ? term->end.value_or(Time::max()) : term->expiry);
  const auto key = holds ? secret_.key(request.username) : std::nullopt;
  if (!key || message.ValidateMessageIntegrity(*key) != Integrity::kIntegrityOk) {
    ++counted_.refused;
    challenge(request, 401, "Unauthorized");
    return false;
  }
  request.term = *term;
  request.key = *key;
  if (relay != nullptr && !known) {
    refuse(request, 441, "Wrong Credentials");
    return false;
  }
  return true;
}

void TurnServer::challenge(const Request& request, int code, const char* reason) {
  const bool maybeAnothersAddress = request.client.stream == 0;  // a connection has its own
  if (maybeAnothersAddress && !strangers_.take(request.client.remote.ip, now_)) return;
  TurnMessage reply(static_cast<std::uint16_t>(request.message.type() | kError),
                    request.message.transaction_id());
  reply.AddAttribute(
      std::make_unique<StunErrorCodeAttribute>(cricket::STUN_ATTR_ERROR_CODE, code, reason));
  if (code != 400) {
    add(reply, cricket::STUN_ATTR_REALM, kTurnRealm);
    add(reply, cricket::STUN_ATTR_NONCE, secret_.nonce(request.client.remote.ip, now_));
  }
  request.output.send(request.client, serialize(reply));
}

void TurnServer::refuse(const Request& request, int code, const char* reason) {
  ++counted_.refused;
  TurnMessage reply(static_cast<std::uint16_t>(request.message.type() | kError),
                    request.message.transaction_id());
  reply.AddAttribute(
      std::make_unique<StunErrorCodeAttribute>(cricket::STUN_ATTR_ERROR_CODE, code, reason));
  answer(request, reply);
}

void TurnServer::answer(const Request& request, TurnMessage& reply) {
  reply.AddMessageIntegrity(request.key);
  request.output.send(request.client, serialize(reply));
}

void TurnServer::allocate(const Request& request) {
  const IpAddress& from = request.client.remote.ip;
  if (const Relay* relay = find(request.client)) {
    if (relay->transaction == request.message.transaction_id()) {
      return confirmAllocation(request, *relay);  // our answer was lost
    }
    return refuse(request, 437, "Allocation Mismatch");
  }
  const auto* transport = request.message.GetUInt32(cricket::STUN_ATTR_REQUESTED_TRANSPORT);
  if (transport == nullptr) return refuse(request, 400, "Bad Request");
  if (transport->value() >> 24U != kUdp) {
    return refuse(request, 442, "Unsupported Transport Protocol");
  }
  const IpAddress address = policy_.relayedFor(request.client.local);
  if (!familyFits(request.asWritten, isIpv4(address))) {
    return refuse(request, 440, "Address Family not Supported");
  }
  const bool quota = countOf(from) >= policy_.maxOfOneAddress;
  if (quota || relays_.size() >= policy_.maxAllocations) {
    full_.warn("TURN: no more relays for " + toString(from) + ": it, or all, have too many", now_);
    return quota ? refuse(request, 486, "Allocation Quota Reached")
                 : refuse(request, 508, "Insufficient Capacity");
  }
  const auto lifetime = lifetimeOf(request.message, request.term.end, now_);
  auto relay =
      std::make_unique<Relay>(*this, request.client, request.output,
                              Allocation({address, freePort(), 0}, request.expiry(lifetime, now_)));
  relay->username = request.username;
  relay->transaction = request.message.transaction_id();
  relay->lifetime = lifetime;
  confirmAllocation(request, *relay);
  relays_[request.client] = std::move(relay);
  ++counted_.allocated;
}

void TurnServer::confirmAllocation(const Request& request, const Relay& relay) {
  TurnMessage reply(cricket::STUN_ALLOCATE_RESPONSE, request.message.transaction_id());
  add(reply, cricket::STUN_ATTR_XOR_RELAYED_ADDRESS, relay.allocation.relayed());
  reply.AddAttribute(std::make_unique<StunUInt32Attribute>(
      cricket::STUN_ATTR_TURN_LIFETIME, static_cast<std::uint32_t>(relay.lifetime.count())));
  add(reply, cricket::STUN_ATTR_XOR_MAPPED_ADDRESS, request.client.remote);
  answer(request, reply);
}

void TurnServer::refresh(const Request& request) {
  Relay* relay = find(request.client);
  if (relay == nullptr) return refuse(request, 437, "Allocation Mismatch");
  const auto* asked = request.message.GetUInt32(cricket::STUN_ATTR_TURN_LIFETIME);
  const bool ends = asked != nullptr && asked->value() == 0;
  const auto lifetime =
      ends ? std::chrono::seconds(0) : lifetimeOf(request.message, request.term.end, now_);
  TurnMessage reply(cricket::TURN_REFRESH_RESPONSE, request.message.transaction_id());
  reply.AddAttribute(std::make_unique<StunUInt32Attribute>(
      cricket::STUN_ATTR_TURN_LIFETIME, static_cast<std::uint32_t>(lifetime.count())));
  relay->allocation.extend(request.expiry(lifetime, now_));
  answer(request, reply);
  if (ends) relays_.erase(request.client);
}

bool TurnServer::allowed(const Request& request, const Endpoint& peer) {
  if (policy_.isOwn(peer.ip)) return true;
  forbidden_.warn("TURN: " + toString(request.client.remote.ip) + " asked for a way to " +
                      toString(peer.ip) + ", which is not this server: refused",
                  now_);
  refuse(request, 403, "Forbidden");
  return false;
}

void TurnServer::createPermission(const Request& request) {
  Relay* relay = find(request.client);
  if (relay == nullptr) return refuse(request, 437, "Allocation Mismatch");
  const auto peers = peersOf(request.asWritten);
  if (peers.empty()) return refuse(request, 400, "Bad Request");
  // For each the interfaces' addresses are read.
  if (peers.size() > kMaxPeersOfRequest) return refuse(request, 508, "Insufficient Capacity");
  for (const auto& peer : peers) {
    if (!allowed(request, peer)) return;
  }
  for (const auto& peer : peers) {
    if (!relay->allocation.permit(peer.ip, now_)) {
      return refuse(request, 508, "Insufficient Capacity");
    }
  }
  TurnMessage reply(cricket::TURN_CREATE_PERMISSION_RESPONSE, request.message.transaction_id());
  answer(request, reply);
}

void TurnServer::bindChannel(const Request& request) {
  Relay* relay = find(request.client);
  if (relay == nullptr) return refuse(request, 437, "Allocation Mismatch");
  const auto* channel = request.message.GetUInt32(cricket::STUN_ATTR_CHANNEL_NUMBER);
  const auto number = static_cast<std::uint16_t>(channel == nullptr ? 0 : channel->value() >> 16U);
  const auto peers = peersOf(request.asWritten);
  if (peers.size() != 1 || !Allocation::isChannel(number)) {
    return refuse(request, 400, "Bad Request");
  }
  if (!allowed(request, peers[0])) return;
  if (peers[0].port != policy_.mediaPort) return refuse(request, 403, "Forbidden");
  if (!relay->allocation.bindChannel(number, peers[0], now_)) {
    return refuse(request, 400, "Bad Request");
  }
  TurnMessage reply(cricket::TURN_CHANNEL_BIND_RESPONSE, request.message.transaction_id());
  answer(request, reply);
}

void TurnServer::forget(const Path& client) { relays_.erase(client); }

void TurnServer::sweep(Time now) {
  now_ = now;
  std::erase_if(relays_, [&](const auto& relay) { return relay.second->allocation.expired(now); });
}

TurnServer::Relay* TurnServer::find(const Path& client) const {
  const auto found = relays_.find(client);
  return found == relays_.end() ? nullptr : found->second.get();
}

std::size_t TurnServer::countOf(const IpAddress& address) const {
  return static_cast<std::size_t>(std::count_if(
      relays_.begin(), relays_.end(),
      [&](const auto& relay) { return relay.second->client().remote.ip == address; }));
}

/// There are more ports than relays; even ones, for those who ask for them (section 7.2).
std::uint16_t TurnServer::freePort() {
  const auto taken = [this](std::uint16_t port) {
    return std::any_of(relays_.begin(), relays_.end(), [&](const auto& relay) {
      return relay.second->allocation.relayed().port == port;
    });
  };
  do {
    lastPort_ = lastPort_ < kFirstPort || lastPort_ >= 65534
                    ? kFirstPort
                    : static_cast<std::uint16_t>(lastPort_ + 2);
  } while (taken(lastPort_));
  return lastPort_;
}

}  // namespace rtcpub::sfu
