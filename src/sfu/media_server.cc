#include "sfu/media_server.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "core/clock/heartbeat.h"
#include "log/log.h"
#include "sfu/channel.h"
#include "sfu/member.h"
#include "sfu/overload.h"
#include "sfu/same_media.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/interfaces.h"
#include "sfu/transport/network.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {
namespace {

/// How often silent clients are looked for.
constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::milliseconds kReports{1000};
/// Who has a relay by then keeps it.
constexpr std::chrono::hours kCredentialsLife{4};

std::string_view nameOf(spider::Role role) {
  return role == spider::Role::kPublisher ? "publisher" : "subscriber";
}

}  // namespace

/// Runs on: the network thread, but for its construction and post().
class MediaServer::Impl {
 public:
  Impl(std::unique_ptr<Network> network, MediaServerOptions options, MediaServerEvents events)
      : network_(std::move(network)), options_(std::move(options)), events_(std::move(events)) {
    post([this] { tick(); });
  }

  ~Impl() {
    network_->call([this] {
      alive_.reset();
      clients_.clear();
      channels_.clear();
    });
  }

  /// Any thread. The task is dropped when the server ends first.
  void post(std::function<void()> task) {
    network_->post([alive = std::weak_ptr<bool>(alive_), task = std::move(task)] {
      if (!alive.expired()) task();
    });
  }

  [[nodiscard]] std::uint16_t port() const { return network_->port(); }

  /// Any thread.
  [[nodiscard]] std::vector<std::string> addresses(bool loopback, const std::string& called) const {
    const HostAddresses host = hostAddresses(network_->ipv6());  // interfaces come and go
    // Browsers need the others: Firefox has no way to 127.0.0.1, not even on its own machine.
    if (options_.thisMachineOnly && loopback) return host.loopback;
    return addressesFor(host, options_.publicIps, loopback, called);
  }

  /// Any thread.
  Result<void> serveBeside(const std::string& address, std::uint16_t port, std::uint32_t scope) {
    network_->call([&] { streams_ = {address, port}; });
    std::vector<IpAddress> publicIps;
    for (const auto& ip : options_.publicIps)
      publicIps.push_back(parseIp(ip).value_or(IpAddress{}));
    const auto ip = parseIp(address);
    return network_->serveTurn({.ip = ip.value_or(IpAddress{}), .port = port, .scope = scope},
                               std::move(publicIps));
  }

  /// Any thread.
  [[nodiscard]] Network& network() const { return *network_; }

  Result<JoinAnswer> join(JoinRequest request, const Offer& offer) {
    if (const auto live = offer.checkLive(); !live) {
      return disconnect(request, offer, live.error());
    }
    auto* known = find(request.client);
    if (known == nullptr) known = findByProof(request, offer);
    if (known == nullptr || !isSameTransport(*known, request, offer)) {
      return answered(request.client, admit(request, offer));
    }
    if (known->id() != request.client) {
      log().info("client {}: it is {} again, on another WebSocket", request.client, known->id());
      request.client = known->id();
    }
    return answered(known->id(), renegotiate(*known, request, offer));
  }

  void leave(MemberId id) { remove(id); }

  /// Any thread.
  [[nodiscard]] Time::duration late() const { return heartbeat_.late(monotonicNow()); }

  void setDeserted(MemberId id, bool deserted) {
    if (auto* client = find(id)) client->setDeserted(deserted);
  }

  MediaStats stats() const {
    MediaStats stats;
    stats.clients.reserve(clients_.size());
    for (const auto& [id, client] : clients_) stats.clients.push_back(client->stats());
    std::sort(stats.clients.begin(), stats.clients.end(),
              [](const auto& a, const auto& b) { return a.client < b.client; });
    stats.packetsIn = pastPacketsIn_;
    stats.packetsOut = pastPacketsOut_;
    for (const auto& [id, channel] : channels_) {
      stats.packetsIn += channel->packetsIn();
      stats.packetsOut += channel->packetsOut();
    }
    stats.sendFailures = network_->sendFailures();
    stats.garbage = network_->garbage();
    stats.overload = overload_.report(monotonicNow());
    return stats;
  }

 private:
  Member* find(MemberId id) const {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : found->second.get();
  }

  /// A client that was here before and comes by another WebSocket.
  Member* findByProof(const JoinRequest& request, const Offer& offer) const {
    for (const auto& [id, client] : clients_) {
      if (isSameTransport(*client, request, offer) &&
          client->admission().clientIce == offer.ice()) {
        return client.get();
      }
    }
    return nullptr;
  }

  /// DTLS goes on while both certificates stay what they are.
  static bool isSameTransport(Member& client, const JoinRequest& request, const Offer& offer) {
    return client.role() == request.role && client.channel().id() == request.channel &&
           client.admission().parameters.fingerprint == offer.fingerprint();
  }

  /// Where it can be reached by TCP.
  [[nodiscard]] std::vector<std::string> streamAddresses(
      const std::vector<std::string>& addresses) const {
    if (streams_.port == 0) return {};
    return addressesOfListener(streams_.address, addresses, options_.publicIps);
  }

  static Result<JoinAnswer> answered(MemberId client, Result<std::string> sdp) {
    if (!sdp) return tl::unexpected(sdp.error());
    return JoinAnswer{.client = client, .sdp = *std::move(sdp), .joined = true};
  }

  AnswerOptions answerOptions(const JoinRequest& request) const {
    const auto reached = addresses(request.loopback, request.called);
    return {.role = request.role,
            .codec = request.codec,
            .ice = Network::newCredentials(),
            .fingerprint = network_->fingerprint(),
            .udp = {reached, network_->port()},
            .tcp = {streamAddresses(reached), streams_.port},
            .ssrcs = {Network::newSsrc(), Network::newSsrc(), Network::newSsrc()},
            .sessionId = request.client + 1};
  }

  /// A client that has stopped all its transceivers closes its transport, and begins a new one with
  /// the next that it makes.
  Result<JoinAnswer> disconnect(const JoinRequest& request, const Offer& offer, const Error& why) {
    if (find(request.client) == nullptr) return tl::unexpected(why);
    auto negotiation = answer(offer, answerOptions(request));
    if (!negotiation) return tl::unexpected(negotiation.error());
    log().info("client {}: it has stopped all that it sent and received", request.client);
    remove(request.client);
    return JoinAnswer{
        .client = request.client, .sdp = std::move(negotiation->sdp), .joined = false};
  }

  Result<std::string> admit(const JoinRequest& request, const Offer& offer) {
    const auto options = answerOptions(request);
    auto negotiation = answer(offer, options);
    if (!negotiation) return tl::unexpected(negotiation.error());
    const std::string sdp = negotiation->sdp;
    Admission admission{request.client,
                        offer.ice(),
                        {.client = request.client,
                         .role = request.role,
                         .ice = options.ice,
                         .fingerprint = offer.fingerprint(),
                         .dtlsServer = !offer.waitsForDtls(),
                         .negotiation = std::move(*negotiation)},
                        request.network};
    const Time now = monotonicNow();
    Channel& joined = channel(request.channel);
    auto client = Member::make(*network_, joined, std::move(admission), clientEvents(), now);
    if (!client) {
      forgetIfEmpty(request.channel);
      return tl::unexpected(client.error());
    }
    if (request.role == spider::Role::kPublisher) makeRoomToWait(joined, **client);
    joined.join(**client, now);
    auto& place = clients_[request.client];
    const bool back = place != nullptr && !place->present();
    place = std::move(*client);  // one of before is in no channel any more
    if (back && events_.presence) events_.presence(request.client, true);
    log().info("client {}: {} of channel {}", request.client, nameOf(request.role),
               request.channel);
    return sdp;
  }

  void makeRoomToWait(const Channel& channel, const Member& newcomer) {
    if (const auto last = channel.tooMany(newcomer)) {
      drop(*last, false, "too many others want to publish on channel " + channel.id());
    }
  }

  Result<std::string> renegotiate(Member& client, const JoinRequest& request, const Offer& offer) {
    auto options = answerOptions(request);
    const bool restarts = client.admission().clientIce != offer.ice();
    if (!restarts) options.ice = client.admission().parameters.ice;
    const auto freshSsrcs = options.ssrcs;
    options.ssrcs = ssrcsOf(client.media(), freshSsrcs);
    auto negotiation = answer(offer, options);
    if (!negotiation) return tl::unexpected(negotiation.error());
    const bool same = isSameMedia(negotiation->media, client.media());
    if (!same && request.role == spider::Role::kSubscriber) {
      // Other packets under the same SSRC would begin with a jump, which SRTP refuses.
      options.ssrcs = freshSsrcs;
      negotiation = answer(offer, options);
      if (!negotiation) return tl::unexpected(negotiation.error());
    }
    if (restarts) client.restartIce(offer.ice(), options.ice);
    const std::string sdp = negotiation->sdp;
    const bool moreData = negotiation->data && !client.admission().parameters.negotiation.data;
    if (!same || moreData) client.renegotiate(std::move(*negotiation), monotonicNow());
    return sdp;
  }

  Member::Events clientEvents() {
    return {.ready = [this](MemberId id) { onReady(id); },
            .gone = [this](MemberId id, bool closed,
                           std::string reason) { onGone(id, closed, std::move(reason)); }};
  }

  Channel::Events channelEvents() {
    return {.codecs =
                [this](MemberId client, const CodecReport& report) {
                  if (events_.codecs) events_.codecs(client, report);
                },
            // Later: after the answer of one that had its channel at once.
            .published =
                [this](MemberId client) {
                  post([this, client] {
                    if (events_.published) events_.published(client);
                  });
                }};
  }

  void onReady(MemberId id) {
    log().info("client {}: connected", id);
    if (events_.connected) events_.connected(id);
  }

  /// From inside the client's transport, which must not be destroyed now.
  void onGone(MemberId id, bool closed, std::string reason) {
    const Member* client = find(id);
    post([this, id, client, closed, reason = std::move(reason)]() mutable {
      if (find(id) == client) drop(id, closed, std::move(reason));
    });
  }

  void drop(MemberId id, bool closed, std::string reason) {
    log().info("client {}: gone, {}", id, reason);
    remove(id);
    if (events_.gone) events_.gone(id, closed, std::move(reason));
  }

  void remove(MemberId id) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    const std::string channelId = found->second->channel().id();
    clients_.erase(found);
    forgetIfEmpty(channelId);
  }

  Channel& channel(const std::string& id) {
    auto& channel = channels_[id];
    if (channel == nullptr) {
      channel = std::make_unique<Channel>(id, *network_, channelEvents());
    }
    return *channel;
  }

  void forgetIfEmpty(const std::string& id) {
    const auto found = channels_.find(id);
    if (found == channels_.end() || !found->second->empty()) return;
    pastPacketsIn_ += found->second->packetsIn();
    pastPacketsOut_ += found->second->packetsOut();
    channels_.erase(found);
  }

  void tick() {
    const Time now = monotonicNow();
    heartbeat_.beat(now);
    noticeAbsence(now);
    dropSilent(now);
    overload_.onTick(channels_, now);
    for (const auto& [id, client] : clients_) client->transport().resumeData();
    if (now - reportedAt_ >= kReports) {
      reportedAt_ = now;
      for (const auto& [id, channel] : channels_) channel->onSecond(now);
      for (const auto& [id, client] : clients_) client->measureRate(now);
    }
    network_->postAfter(kTick, [this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) tick();
    });
  }

  void dropSilent(Time now) {
    std::vector<std::pair<MemberId, std::string>> silent;
    for (const auto& [id, client] : clients_) {
      if (auto reason = client->lost(now, options_)) silent.emplace_back(id, std::move(*reason));
    }
    for (auto& [id, reason] : silent) drop(id, false, std::move(reason));
  }

  void noticeAbsence(Time now) {
    for (const auto& [id, client] : clients_) {
      const auto present = client->look(now, options_);
      if (!present) continue;
      log().info("client {}: {}", id, *present ? "is back" : "nothing comes from it");
      if (events_.presence) events_.presence(id, *present);
    }
  }

  std::unique_ptr<Network> network_;
  const MediaServerOptions options_;
  struct Streams {
    std::string address;
    std::uint16_t port = 0;  // 0: there are none
  };
  Streams streams_;
  const MediaServerEvents events_;
  std::unordered_map<std::string, std::unique_ptr<Channel>> channels_;
  std::unordered_map<MemberId, std::unique_ptr<Member>> clients_;
  std::uint64_t pastPacketsIn_ = 0;  // of channels that are no more
  std::uint64_t pastPacketsOut_ = 0;
  Time reportedAt_{};
  Overload overload_{*network_, options_.load};
  Heartbeat heartbeat_{kTick};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

Result<std::unique_ptr<MediaServer>> MediaServer::create(MediaServerOptions options,
                                                         MediaServerEvents events) {
  for (const auto& ip : options.publicIps) {
    if (!parseIp(ip)) {
      return fail(ErrorCode::kInvalidArgument,
                  "'" + ip + "' is no IP address; a public address is like 203.0.113.7");
    }
  }
  auto network =
      Network::open(options.port, options.thisMachineOnly ? Reach::kThisMachine : Reach::kAll);
  if (!network) return tl::unexpected(network.error());
  return std::unique_ptr<MediaServer>(new MediaServer(
      std::make_unique<Impl>(std::move(*network), std::move(options), std::move(events))));
}

MediaServer::MediaServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MediaServer::~MediaServer() = default;

std::uint16_t MediaServer::port() const { return impl_->port(); }

Result<void> MediaServer::serveBeside(const std::string& address, std::uint16_t port,
                                      std::uint32_t scope) {
  return impl_->serveBeside(address, port, scope);
}

void MediaServer::takeStream(int descriptor, std::vector<std::uint8_t> received) {
  impl_->network().takeStream(descriptor, std::move(received));
}

RelayCredentials MediaServer::relayCredentials() const {
  const auto made = impl_->network().turnCredentials(kCredentialsLife);
  return {made.username, made.password, kCredentialsLife};
}

std::vector<std::string> MediaServer::addresses() const { return impl_->addresses(false, ""); }

void MediaServer::join(JoinRequest request,
                       std::function<void(Result<JoinAnswer> answer)> answered) {
  // On the caller's thread: media waits for nobody's text.
  auto parsed = Offer::parse(request.offer);
  if (!parsed) return answered(tl::unexpected(parsed.error()));
  impl_->post([impl = impl_.get(), request = std::move(request), answered = std::move(answered),
               offer = std::make_shared<const Offer>(std::move(*parsed))] {
    answered(impl->join(request, *offer));
  });
}

std::chrono::milliseconds MediaServer::late() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(impl_->late());
}

void MediaServer::leave(MemberId client) {
  impl_->post([impl = impl_.get(), client] { impl->leave(client); });
}

void MediaServer::setDeserted(MemberId client, bool deserted) {
  impl_->post([impl = impl_.get(), client, deserted] { impl->setDeserted(client, deserted); });
}

void MediaServer::stats(std::function<void(MediaStats)> done) {
  impl_->post([impl = impl_.get(), done = std::move(done)] { done(impl->stats()); });
}

}  // namespace rtcpub::sfu
