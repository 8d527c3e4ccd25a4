#include "sfu/media_server.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "core/clock/heartbeat.h"
#include "log/log.h"
#include "sfu/channel.h"
#include "sfu/channel_events.h"
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
/// Who has a relay by then keeps it while his rights hold.
constexpr std::chrono::hours kCredentialsLife{4};

std::string_view kindOf(Rights rights) {
  return rights.has(Right::kPublish) ? "publisher" : "viewer";
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
      members_.clear();
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
    auto* known = find(request.member);
    if (known == nullptr) known = findByProof(request, offer);
    if (known == nullptr || !known->goesOnWith(request, offer)) {
      return answered(request.member, true, admit(request, offer));
    }
    if (known->id() != request.member) {
      log().info("member {}: it is {} again, on another WebSocket", request.member, known->id());
      request.member = known->id();
    }
    return answered(known->id(), false, renegotiate(*known, request, offer));
  }

  /// Any thread. Nothing is done when whoever it is about has gone.
  void postTo(std::string channel, std::function<void(Channel&)> task) {
    post([this, id = std::move(channel), task = std::move(task)] {
      if (const auto found = channels_.find(id); found != channels_.end()) task(*found->second);
    });
  }

  /// Likewise.
  void postTo(MemberId id, std::function<void(Member&)> task) {
    post([this, id, task = std::move(task)] {
      if (auto* member = find(id)) task(*member);
    });
  }

  void leave(MemberId id) {
    const auto found = members_.find(id);
    if (found == members_.end()) return;
    const std::string channelId = found->second->channel().id();
    members_.erase(found);
    forgetIfEmpty(channelId);
  }

  void evict(MemberId id) {
    if (auto* member = find(id)) member->channel().stampRights(*member, {}, monotonicNow());
    leave(id);
  }

  /// Any thread.
  [[nodiscard]] Time::duration late() const { return heartbeat_.late(monotonicNow()); }

  MediaStats stats() {
    MediaStats stats;
    stats.members.reserve(members_.size());
    for (const auto& [id, member] : members_) stats.members.push_back(member->stats());
    std::sort(stats.members.begin(), stats.members.end(),
              [](const auto& a, const auto& b) { return a.member < b.member; });
    stats.packetsIn = pastPacketsIn_;
    stats.packetsOut = pastPacketsOut_;
    for (const auto& [id, channel] : channels_) {
      stats.packetsIn += channel->packetsIn();
      stats.packetsOut += channel->packetsOut();
    }
    addTotals(stats);
    stats.sendFailures = network_->sendFailures();
    stats.garbage = network_->garbage();
    stats.droppedLate = network_->droppedLate();
    stats.streams = network_->streams();
    stats.turn = network_->turn();
    stats.busy = overload_.busy();
    stats.overload = overload_.report(monotonicNow());
    stats.overloadedFor = overload_.lasted(monotonicNow());
    stats.lag = lag_;
    return stats;
  }

 private:
  void addTotals(MediaStats& stats) {
    std::vector<ChannelTotals> present;
    present.reserve(channels_.size());
    for (const auto& [id, channel] : channels_) present.push_back({id, channel->totals()});
    auto report = ledger_.report(present);
    stats.totals = report.all;
    stats.channels = std::move(report.channels);
    stats.unlistedChannels = report.unlisted;
  }

  Member* find(MemberId id) const {
    const auto found = members_.find(id);
    return found == members_.end() ? nullptr : found->second.get();
  }

  /// A member that was here before and comes by another WebSocket.
  Member* findByProof(const JoinRequest& request, const Offer& offer) const {
    for (const auto& [id, member] : members_) {
      if (member->goesOnWith(request, offer) && member->admission().clientIce == offer.ice()) {
        return member.get();
      }
    }
    return nullptr;
  }

  /// Where it can be reached by TCP.
  [[nodiscard]] std::vector<std::string> streamAddresses(
      const std::vector<std::string>& addresses) const {
    if (streams_.port == 0) return {};
    return addressesOfListener(streams_.address, addresses, options_.publicIps);
  }

  static Result<JoinAnswer> answered(MemberId member, bool anew, Result<std::string> sdp) {
    if (!sdp) return tl::unexpected(sdp.error());
    return JoinAnswer{.member = member, .sdp = *std::move(sdp), .anew = anew, .joined = true};
  }

  AnswerOptions answerOptions(const JoinRequest& request) const {
    const auto reached = addresses(request.loopback, request.called);
    return {.rights = request.rights,
            .codec = request.codec,
            .ice = Network::newCredentials(),
            .fingerprint = network_->fingerprint(),
            .udp = {reached, network_->port()},
            .tcp = {streamAddresses(reached), streams_.port},
            .ssrcs = {Network::newSsrc(), Network::newSsrc(), Network::newSsrc()},
            .sessionId = request.member + 1};
  }

  /// A member that has stopped all its transceivers closes its transport, and begins a new one with
  /// the next that it makes.
  Result<JoinAnswer> disconnect(const JoinRequest& request, const Offer& offer, const Error& why) {
    if (find(request.member) == nullptr) return tl::unexpected(why);
    auto negotiation = answer(offer, answerOptions(request));
    if (!negotiation) return tl::unexpected(negotiation.error());
    log().info("member {}: it has stopped all that it sent and received", request.member);
    leave(request.member);
    return JoinAnswer{
        .member = request.member, .sdp = std::move(negotiation->sdp), .joined = false};
  }

  Result<std::string> admit(const JoinRequest& request, const Offer& offer) {
    const auto options = answerOptions(request);
    auto negotiation = answer(offer, options);
    if (!negotiation) return tl::unexpected(negotiation.error());
    const std::string sdp = negotiation->sdp;
    Admission admission{request.member,
                        request.name,
                        offer.ice(),
                        {.member = request.member,
                         .rights = request.rights,
                         .ice = options.ice,
                         .fingerprint = offer.fingerprint(),
                         .dtlsServer = !offer.waitsForDtls(),
                         .negotiation = std::move(*negotiation)}};
    const Time now = monotonicNow();
    Channel& joined = channel(request.channel);
    auto member = Member::make(*network_, joined, std::move(admission), memberEvents(), now);
    if (!member) {
      forgetIfEmpty(request.channel);
      return tl::unexpected(member.error());
    }
    joined.join(**member, now);
    auto& place = members_[request.member];
    const bool back = place != nullptr && !place->present();
    place = std::move(*member);  // one of before is in no channel any more
    if (back && events_.presence) events_.presence(request.member, true);
    log().info("member {}: {} of channel {}", request.member, kindOf(request.rights),
               request.channel);
    return sdp;
  }

  Result<std::string> renegotiate(Member& member, const JoinRequest& request, const Offer& offer) {
    auto options = answerOptions(request);
    const bool restarts = member.admission().clientIce != offer.ice();
    if (!restarts) options.ice = member.admission().parameters.ice;
    const auto freshSsrcs = options.ssrcs;
    options.ssrcs = ssrcsOf(member.media(), freshSsrcs);
    auto negotiation = answer(offer, options);
    if (!negotiation) return tl::unexpected(negotiation.error());
    const bool same = negotiation->media == member.media();
    if (!same && member.views()) {
      // Other packets under the same SSRC would begin with a jump, which SRTP refuses.
      options.ssrcs = freshSsrcs;
      negotiation = answer(offer, options);
      if (!negotiation) return tl::unexpected(negotiation.error());
    }
    if (restarts) member.restartIce(offer.ice(), options.ice);
    const std::string sdp = negotiation->sdp;
    const bool moreData = negotiation->data && !member.admission().parameters.negotiation.data;
    if (!same || moreData) member.renegotiate(std::move(*negotiation), monotonicNow());
    return sdp;
  }

  Member::Events memberEvents() {
    return {.stands = [this](MemberId id) { onStands(id); },
            .gone = [this](MemberId id, bool closed,
                           std::string reason) { onGone(id, closed, std::move(reason)); }};
  }

  void onStands(MemberId id) {
    log().info("member {}: connected", id);
    if (events_.stands) events_.stands(id);
  }

  /// From inside the member's transport, which must not be destroyed now.
  void onGone(MemberId id, bool closed, std::string reason) {
    const Member* member = find(id);
    post([this, id, member, closed, reason = std::move(reason)]() mutable {
      if (find(id) == member) drop(id, closed, std::move(reason));
    });
  }

  void drop(MemberId id, bool closed, std::string reason) {
    log().info("member {}: gone, {}", id, reason);
    leave(id);
    if (events_.gone) events_.gone(id, closed, std::move(reason));
  }

  Channel& channel(const std::string& id) {
    auto& channel = channels_[id];
    if (channel == nullptr) {
      channel = std::make_unique<Channel>(id, *network_, channelEvents(events_));
    }
    return *channel;
  }

  void forgetIfEmpty(const std::string& id) {
    const auto found = channels_.find(id);
    if (found == channels_.end() || !found->second->empty()) return;
    pastPacketsIn_ += found->second->packetsIn();
    pastPacketsOut_ += found->second->packetsOut();
    ledger_.onEnded(id, found->second->totals());
    channels_.erase(found);
  }

  void tick() {
    const Time now = monotonicNow();
    heartbeat_.beat(now);
    if (dueAt_ != Time{}) lag_.observe(now - dueAt_);
    noticeAbsence(now);
    dropSilent(now);
    overload_.onTick(channels_, now);
    for (const auto& [id, member] : members_) member->transport().resumeData();
    if (now - reportedAt_ >= kReports) {
      reportedAt_ = now;
      for (const auto& [id, channel] : channels_) channel->onSecond(now);
      for (const auto& [id, member] : members_) member->measureRate(now);
    }
    dueAt_ = monotonicNow() + kTick;
    network_->postAfter(kTick, [this, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) tick();
    });
  }

  void dropSilent(Time now) {
    std::vector<std::pair<MemberId, std::string>> silent;
    for (const auto& [id, member] : members_) {
      if (auto reason = member->lost(now, options_)) silent.emplace_back(id, std::move(*reason));
    }
    for (auto& [id, reason] : silent) drop(id, false, std::move(reason));
  }

  void noticeAbsence(Time now) {
    for (const auto& [id, member] : members_) {
      if (member->noticeFirstSign() && events_.heard) events_.heard(id);
      const auto present = member->look(now, options_);
      if (!present) continue;
      log().info("member {}: {}", id, *present ? "is back" : "nothing comes from it");
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
  std::unordered_map<MemberId, std::unique_ptr<Member>> members_;
  std::uint64_t pastPacketsIn_ = 0;  // of channels that are no more
  std::uint64_t pastPacketsOut_ = 0;
  TotalsLedger ledger_;
  Time reportedAt_{};
  Time dueAt_{};  // the next tick
  DurationHistogram lag_;
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

RelayCredentials MediaServer::relayCredentials(std::optional<Time> until) const {
  using std::chrono::seconds;
  const Time now = monotonicNow();
  seconds life = kCredentialsLife;
  if (until) life = std::clamp(std::chrono::floor<seconds>(*until - now), seconds(0), life);
  const auto made = impl_->network().turnCredentials({.expiry = now + life, .end = until});
  return {made.username, made.password, life};
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

void MediaServer::stampChannel(std::string channel, std::optional<MemberId> publisher,
                               std::vector<std::string> openLabels) {
  impl_->postTo(std::move(channel), [publisher, open = std::move(openLabels)](Channel& stamped) {
    stamped.stamp(publisher, open, monotonicNow());
  });
}

void MediaServer::stampHeir(std::string channel, MemberId heir,
                            std::vector<std::string> openLabels) {
  impl_->postTo(std::move(channel), [heir, open = std::move(openLabels)](Channel& stamped) {
    stamped.stampHeir(heir, open, monotonicNow());
  });
}

void MediaServer::stampRights(MemberId member, Rights rights) {
  impl_->postTo(member, [rights](Member& stamped) {
    stamped.channel().stampRights(stamped, rights, monotonicNow());
  });
}

void MediaServer::stampDriver(std::string channel, control::DriveStamp stamp) {
  impl_->postTo(std::move(channel), [stamp = std::move(stamp)](Channel& stamped) {
    stamped.stampDriver(stamp, monotonicNow());
  });
}

void MediaServer::refuseDrive(MemberId member, control::Refusal why, bool implicitly) {
  impl_->postTo(member, [why, implicitly](Member& refused) {
    refused.channel().onDriveRefused(refused, why, implicitly);
  });
}

void MediaServer::leave(MemberId member) {
  impl_->post([impl = impl_.get(), member] { impl->leave(member); });
}

void MediaServer::evict(MemberId member) {
  impl_->post([impl = impl_.get(), member] { impl->evict(member); });
}

void MediaServer::setDeserted(MemberId member, bool deserted) {
  impl_->postTo(member, [deserted](Member& found) { found.setDeserted(deserted); });
}

void MediaServer::stats(std::function<void(MediaStats)> done) {
  impl_->post([impl = impl_.get(), done = std::move(done)] { done(impl->stats()); });
}

}  // namespace rtcpub::sfu
