#include "app/server/spider_door.h"

#include <utility>
#include <vector>

#include "app/server/access_request.h"
#include "app/server/access_time.h"
#include "app/server/refusal_response.h"
#include "core/data/label.h"
#include "core/text/text.h"
#include "log/log.h"
#include "net/bearer_token.h"
#include "net/http_response.h"
#include "net/http_rules.h"

namespace rtcpub {
namespace {

constexpr std::chrono::seconds kPingInterval{30};

/// What a member's program reads of an error.
std::string code(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnsupported:
      return "no-common-codec";
    case ErrorCode::kProtocol:
      return "bad-offer";
    default:
      return "refused";
  }
}

bool publishes(const spider::ConnectRequest& request) { return request.role == Role::kPublisher; }

/// Of all that somebody may do in the channel, what its endpoint is for.
Membership membershipOf(const spider::ConnectRequest& request, const Grant& grant,
                        const std::string& address) {
  const Rights endpoint = publishes(request) ? Rights{Right::kPublish}
                                             : Rights{Right::kView, Right::kDrive, Right::kAdmin};
  return {.channel = request.channel,
          .rights = grant.rights & endpoint,
          .name = grant.name,
          .expires = grant.expires,
          .until = grant.until,
          // Of those on this machine there may be as many as come: a proxy may be one.
          .network = net::remoteAddress(address).loopback ? std::nullopt
                                                          : std::optional(networkOf(address))};
}

/// The labels of a publisher's offer that a data channel can have.
std::vector<std::string> openLabelsOf(const spider::ConnectRequest& request,
                                      std::vector<std::string> labels) {
  if (!publishes(request)) return {};
  std::erase_if(labels, [](const std::string& label) {
    return label.size() > kMaxLabelBytes || isReservedLabel(label);
  });
  return labels;
}

}  // namespace

SpiderDoor::SpiderDoor(net::EventLoop& loop, HubRunner& hub, Admission& admission)
    : loop_(loop), hub_(hub), admission_(admission), pingTimer_(loop) {}

void SpiderDoor::start(sfu::MediaServer& media) {
  media_ = &media;
  hub_.start(media, *this);
  pingTimer_.set(monotonicNow() + kPingInterval, [this] { pingAll(); });
}

void SpiderDoor::stop() {
  media_ = nullptr;
  hub_.stop();
  pingTimer_.cancel();
  for (const auto& [id, socket] : std::map(sockets_)) socket->end();
}

tl::expected<net::WebSocketAcceptance, net::HttpResponse> SpiderDoor::admit(
    const net::HttpRequest& request) {
  auto parsed = spider::parseTarget(request.target);
  if (!parsed) {
    const int status = parsed.error().code == ErrorCode::kNotFound ? 404 : 400;
    refusals_.warn(request.remoteAddress + " refused: " + parsed.error().message, monotonicNow());
    return tl::unexpected(net::errorResponse(status, parsed.error().message));
  }
  if (media_ == nullptr) return tl::unexpected(net::errorResponse(503, "the server is stopping"));
  const Right action = publishes(*parsed) ? Right::kPublish : Right::kView;
  const auto grant = admission_.ask(accessRequest(request, action, parsed->channel), accessNow());
  if (!grant) {
    refusals_.warn(
        request.remoteAddress + " refused on " + parsed->channel + ": " + grant.error().message,
        monotonicNow());
    return tl::unexpected(refusalResponse(grant.error()));
  }
  auto membership = membershipOf(*parsed, *grant, request.remoteAddress);
  const MemberId id = hub_.newId();
  log().info("member {} on {}: {}, may {}, from {}", id, parsed->channel,
             membership.name.empty() ? "nameless" : text::quote(membership.name),
             format(membership.rights), request.remoteAddress);
  // Programs on this machine are no strangers.
  OfferTurns turns(request.loopback ? nullptr : &offers_, request.remoteAddress);
  auto socket =
      std::make_unique<SpiderSocket>(*this, loop_, id,
                                     Visit{.request = *std::move(parsed),
                                           .membership = std::move(membership),
                                           .loopback = request.loopback && !request.browser,
                                           .called = request.localAddress},
                                     std::move(turns));
  return net::WebSocketAcceptance{.handler = std::move(socket),
                                  .subprotocol = net::bearerToken(request).subprotocol};
}

// --- From the members' sockets

void SpiderDoor::onOpened(SpiderSocket& socket) { sockets_[socket.id()] = &socket; }

void SpiderDoor::onOffer(SpiderSocket& socket, const spider::Offer& offer) {
  if (media_ == nullptr) return;
  const Visit& visit = socket.visit();
  media_->join({.member = socket.id(),
                .name = visit.membership.name,
                .rights = visit.membership.rights,
                .channel = visit.membership.channel,
                .offer = offer.sdp,
                .codec = visit.request.codec,
                .loopback = visit.loopback,
                .called = visit.called},
               [this, asked = &socket, life = socket.life(), id = socket.id(),
                open = openLabelsOf(visit.request, offer.open)](Result<sfu::JoinAnswer> answer) {
                 loop_.post([this, asked, life, id, open, answer = std::move(answer)] {
                   if (life.expired() || asked->left()) return onUnclaimed(id, answer);
                   onAnswer(*asked, answer, open);
                   asked->onOfferDone();
                   // It begins anew, or goes: it holds a place.
                   if (!hub_.hub().contains(asked->id())) asked->awaitOffer();
                 });
               });
}

void SpiderDoor::refuseOffer(SpiderSocket& socket, const spider::ServerError& error) {
  ++refusedOffers_[error.code];
  if (hub_.hub().contains(socket.id())) return socket.refuseOffer(error);
  socket.refuse(error);
}

/// It left while its answer was being made; what was agreed before stays, unless it has stopped
/// that itself.
void SpiderDoor::onUnclaimed(MemberId id, const Result<sfu::JoinAnswer>& answer) {
  if (!answer) return;
  const bool isNew = answer->member == id && !hub_.hub().contains(id);
  if (!answer->joined || isNew) hub_.leave(id);
}

void SpiderDoor::onAnswer(SpiderSocket& socket, const Result<sfu::JoinAnswer>& answer,
                          const std::vector<std::string>& openLabels) {
  if (!answer) {
    return refuseOffer(socket, {.code = code(answer.error()), .message = answer.error().message});
  }
  const bool resumes = answer->member != socket.id();
  if (resumes && !hub_.hub().contains(answer->member)) return refuseGone(socket, *answer);
  if (resumes) resume(socket, answer->member);
  socket.send(spider::Answer{answer->sdp});
  if (!answer->joined) return hub_.leave(socket.id());
  socket.onJoined();
  Membership membership = socket.visit().membership;
  membership.openLabels = openLabels;
  if (resumes) {
    hub_.resume(socket.id(), std::move(membership));
  } else if (answer->anew) {
    hub_.enter(socket.id(), std::move(membership));
  } else {
    hub_.renegotiate(socket.id(), openLabels);
  }
}

/// It proved to be a member from before, which was sent away while the answer was being made.
void SpiderDoor::refuseGone(SpiderSocket& socket, const sfu::JoinAnswer& answer) {
  hub_.leave(answer.member);
  const std::string& channel = socket.visit().membership.channel;
  if (publishes(socket.visit().request) && hub_.hub().publisherOf(channel)) {
    return socket.refuse(
        {.code = "replaced", .message = "a newer publisher took channel " + channel});
  }
  socket.refuse({.code = "media-lost", .message = "what it comes back to has ended"});
}

/// The WebSocket that it had before may not have noticed yet that it broke off.
void SpiderDoor::resume(SpiderSocket& socket, MemberId id) {
  sockets_.erase(socket.id());
  socket.resume(id);
  if (SpiderSocket* before = std::exchange(sockets_[id], &socket)) before->end();
  if (media_ != nullptr) media_->setDeserted(id, false);
}

void SpiderDoor::onGone(SpiderSocket& socket) {
  const auto found = sockets_.find(socket.id());
  if (found == sockets_.end() || found->second != &socket) return;
  sockets_.erase(found);
  if (socket.left() || !hub_.hub().contains(socket.id())) return hub_.leave(socket.id());
  // Its media may go on.
  if (socket.endedByPeer() && media_ != nullptr) media_->setDeserted(socket.id(), true);
  hub_.desert(socket.id());
}

// --- From the hub

void SpiderDoor::tell(MemberId member, const Attendance& who) {
  SpiderSocket* socket = find(member);
  if (socket == nullptr) return;
  socket->send(spider::Joins{.channel = who.channel,
                             .publishers = who.publishers,
                             .subscribers = who.viewers,
                             .open = who.openLabels});
}

void SpiderDoor::tell(MemberId member, const CodecReport& report) {
  if (SpiderSocket* socket = find(member)) socket->send(spider::Codecs{report});
}

void SpiderDoor::tellRefused(MemberId member, const std::string& label) {
  SpiderSocket* socket = find(member);
  if (socket == nullptr) return;
  socket->send(spider::Notice{
      .code = "no-right",
      .message = "what it says on " + text::quote(label) +
                 " isn't passed on: that takes the right to drive, or a publisher that opens this "
                 "data channel to its viewers"});
}

void SpiderDoor::tellRefused(MemberId member, control::Refusal why) {
  SpiderSocket* socket = find(member);
  if (socket == nullptr) return;
  socket->send(spider::Notice{
      .code = std::string(control::code(why)),
      .message = "what it drives by isn't passed on: " + std::string(control::sentence(why))});
}

void SpiderDoor::tell(MemberId member, const std::optional<Driver>& driver, bool emergency) {
  SpiderSocket* socket = find(member);
  if (socket == nullptr) return;
  spider::DriverNews news{.emergency = emergency};
  if (driver) news.driver = spider::DriverNews::Person{driver->id, driver->name};
  socket->send(news);
}

void SpiderDoor::dismiss(MemberId member, const Farewell& why) {
  if (SpiderSocket* socket = find(member)) {
    socket->refuse({.code = why.code, .message = why.message});
  }
}

void SpiderDoor::onMediaClosed(MemberId member) {
  if (SpiderSocket* socket = find(member)) socket->awaitOffer();
}

SpiderSocket* SpiderDoor::find(MemberId id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : found->second;
}

void SpiderDoor::pingAll() {
  for (const auto& [id, socket] : sockets_) socket->send(spider::Ping{});
  pingTimer_.set(monotonicNow() + kPingInterval, [this] { pingAll(); });
}

}  // namespace rtcpub
