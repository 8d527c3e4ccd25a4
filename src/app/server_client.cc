#include "app/server_client.h"

#include <utility>

#include "app/signalling.h"
#include "log/log.h"

namespace rtcpub {
namespace {

/// How long a new client may take to send its offer.
constexpr std::chrono::seconds kOfferTimeout{10};
/// Offers that wait for the answers to those before: no client sends more at once.
constexpr std::size_t kMaxWaitingOffers = 8;

}  // namespace

ServerClient::ServerClient(Signalling& signalling, net::EventLoop& loop, ClientId id,
                           spider::ConnectRequest request, bool loopback, std::string called,
                           OfferTurns turns)
    : signalling_(signalling),
      id_(id),
      request_(std::move(request)),
      loopback_(loopback),
      called_(std::move(called)),
      silence_(loop),
      turns_(std::move(turns)),
      turn_(loop) {}

ServerClient::~ServerClient() { signalling_.onGone(*this); }

void ServerClient::send(const spider::Message& message) {
  if (peer_) peer_->send(spider::format(message));
}

void ServerClient::onJoined() {
  silence_.cancel();
  if (peer_) peer_->joined();
}

void ServerClient::refuse(const spider::ServerError& error) {
  log().info("client {} on {}: {} ({})", id_, request_.channel, error.message, error.code);
  send(error);
  end();
}

void ServerClient::refuseOffer(const spider::ServerError& error) {
  log().info("client {} on {}: {} ({}); what was agreed before goes on", id_, request_.channel,
             error.message, error.code);
  send(error);
  close();
}

void ServerClient::end() {
  left_ = true;
  close();
}

void ServerClient::close() {
  closing_ = true;
  silence_.cancel();
  turn_.cancel();
  offers_.clear();
  send(spider::Close{});
  if (peer_) peer_->close();
}

void ServerClient::opened(std::shared_ptr<net::WebSocketPeer> peer) {
  peer_ = std::move(peer);
  signalling_.onOpened(*this);
  awaitOffer();
}

void ServerClient::awaitOffer() {
  if (closing_ || offerWaitsForTurn_ || !offers_.empty()) return;
  silence_.set(monotonicNow() + kOfferTimeout,
               [this] { refuse({.code = "timeout", .message = "no offer came within 10 s"}); });
}

void ServerClient::text(std::string text) {
  auto message = spider::parse(text);
  if (!message && message.error().code == ErrorCode::kUnsupported) {
    // A newer client may say more than this server knows.
    return log().debug("client {} on {}: {}", id_, request_.channel, message.error().message);
  }
  if (!message) {
    return refuse({.code = "bad-message", .message = message.error().message});
  }
  if (const auto* offer = std::get_if<spider::Offer>(&*message)) {
    silence_.cancel();
    return takeOffer(offer->sdp);
  }
  // Candidates are not needed: an ICE-lite server answers to wherever the checks come from. Pings
  // ask for nothing.
  if (std::holds_alternative<spider::Close>(*message)) end();
}

/// Passes it on when its turn has come.
void ServerClient::takeOffer(const std::string& sdp) {
  const Time now = monotonicNow();
  const auto due = turns_.take(now);
  if (!due) {
    return signalling_.refuseOffer(*this,
                                   {.code = "too-many-offers", .message = due.error().message});
  }
  if (*due <= now) return queueOffer(sdp);
  log().debug("client {} on {}: its offer waits for its turn", id_, request_.channel);
  offerWaitsForTurn_ = true;  // and no other one can, meanwhile
  turn_.set(*due, [this, sdp] {
    offerWaitsForTurn_ = false;
    queueOffer(sdp);
  });
}

void ServerClient::queueOffer(const std::string& sdp) {
  if (offers_.size() > kMaxWaitingOffers) {
    return signalling_.refuseOffer(
        *this, {.code = "too-many-offers",
                .message = std::to_string(offers_.size()) + " offers wait for their answers"});
  }
  offers_.push_back(sdp);
  if (offers_.size() == 1) signalling_.onOffer(*this, sdp);
}

void ServerClient::onOfferDone() {
  if (offers_.empty()) return;  // it is being closed
  offers_.pop_front();
  if (!offers_.empty()) signalling_.onOffer(*this, offers_.front());
}

void ServerClient::closed(const net::WebSocketEnd& end) {
  left_ |= end.onPurpose && !closing_;
  endedByPeer_ = end.byPeer;
  log().info("client {} on {}: {} ({})", id_, request_.channel,
             left_ ? "left" : "its WebSocket is lost", end.reason);
  silence_.cancel();
  turn_.cancel();
  peer_.reset();
}

}  // namespace rtcpub
