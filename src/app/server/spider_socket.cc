#include "app/server/spider_socket.h"

#include <utility>

#include "app/server/spider_door.h"
#include "log/log.h"

namespace rtcpub {
namespace {

/// How long a new member may take to send its offer.
constexpr std::chrono::seconds kOfferTimeout{10};
/// Offers that wait for the answers to those before: nobody sends more at once.
constexpr std::size_t kMaxWaitingOffers = 8;

}  // namespace

SpiderSocket::SpiderSocket(SpiderDoor& door, net::EventLoop& loop, MemberId id, Visit visit,
                           OfferTurns turns)
    : door_(door),
      id_(id),
      visit_(std::move(visit)),
      silence_(loop),
      turns_(std::move(turns)),
      turn_(loop) {}

SpiderSocket::~SpiderSocket() { door_.onGone(*this); }

void SpiderSocket::send(const spider::Message& message) {
  if (peer_) peer_->send(spider::format(message));
}

void SpiderSocket::onJoined() {
  silence_.cancel();
  if (peer_) peer_->joined();
}

void SpiderSocket::refuse(const spider::ServerError& error) {
  log().info("member {} on {}: {} ({})", id_, visit_.request.channel, error.message, error.code);
  send(error);
  end();
}

void SpiderSocket::refuseOffer(const spider::ServerError& error) {
  log().info("member {} on {}: {} ({}); what was agreed before goes on", id_,
             visit_.request.channel, error.message, error.code);
  send(error);
  close();
}

void SpiderSocket::end() {
  left_ = true;
  close();
}

void SpiderSocket::close() {
  closing_ = true;
  silence_.cancel();
  turn_.cancel();
  offers_.clear();
  send(spider::Close{});
  if (peer_) peer_->close();
}

void SpiderSocket::opened(std::shared_ptr<net::WebSocketPeer> peer) {
  peer_ = std::move(peer);
  door_.onOpened(*this);
  awaitOffer();
}

void SpiderSocket::awaitOffer() {
  if (closing_ || offerWaitsForTurn_ || !offers_.empty()) return;
  silence_.set(monotonicNow() + kOfferTimeout,
               [this] { refuse({.code = "timeout", .message = "no offer came within 10 s"}); });
}

void SpiderSocket::text(std::string text) {
  auto message = spider::parse(text);
  if (!message && message.error().code == ErrorCode::kUnsupported) {
    // A newer program may say more than this server knows.
    return log().debug("member {} on {}: {}", id_, visit_.request.channel, message.error().message);
  }
  if (!message) {
    return refuse({.code = "bad-message", .message = message.error().message});
  }
  if (const auto* offer = std::get_if<spider::Offer>(&*message)) {
    silence_.cancel();
    return takeOffer(*offer);
  }
  // Candidates are not needed: an ICE-lite server answers to wherever the checks come from. Pings
  // ask for nothing.
  if (std::holds_alternative<spider::Close>(*message)) end();
}

/// Passes it on when its turn has come.
void SpiderSocket::takeOffer(spider::Offer offer) {
  const Time now = monotonicNow();
  const auto due = turns_.take(now);
  if (!due) {
    return door_.refuseOffer(*this, {.code = "too-many-offers", .message = due.error().message});
  }
  if (*due <= now) return queueOffer(std::move(offer));
  log().debug("member {} on {}: its offer waits for its turn", id_, visit_.request.channel);
  offerWaitsForTurn_ = true;  // and no other one can, meanwhile
  turn_.set(*due, [this, offer = std::move(offer)] {
    offerWaitsForTurn_ = false;
    queueOffer(offer);
  });
}

void SpiderSocket::queueOffer(spider::Offer offer) {
  if (offers_.size() > kMaxWaitingOffers) {
    return door_.refuseOffer(
        *this, {.code = "too-many-offers",
                .message = std::to_string(offers_.size()) + " offers wait for their answers"});
  }
  offers_.push_back(std::move(offer));
  if (offers_.size() == 1) door_.onOffer(*this, offers_.front());
}

void SpiderSocket::onOfferDone() {
  if (offers_.empty()) return;  // it is being closed
  offers_.pop_front();
  if (!offers_.empty()) door_.onOffer(*this, offers_.front());
}

void SpiderSocket::closed(const net::WebSocketEnd& end) {
  left_ |= end.onPurpose && !closing_;
  endedByPeer_ = end.byPeer;
  log().info("member {} on {}: {} ({})", id_, visit_.request.channel,
             left_ ? "left" : "its WebSocket is lost", end.reason);
  silence_.cancel();
  turn_.cancel();
  peer_.reset();
}

}  // namespace rtcpub
