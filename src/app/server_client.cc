#include "app/server_client.h"

#include <utility>

#include "app/signalling.h"
#include "log/log.h"

namespace rtcpub {
namespace {

/// How long a new client may take to send its offer.
constexpr std::chrono::seconds kOfferTimeout{10};

}  // namespace

ServerClient::ServerClient(Signalling& signalling, net::EventLoop& loop, ClientId id,
                           spider::ConnectRequest request, bool loopback, std::string called)
    : signalling_(signalling),
      id_(id),
      request_(std::move(request)),
      loopback_(loopback),
      called_(std::move(called)),
      silence_(loop) {}

ServerClient::~ServerClient() { signalling_.onGone(*this); }

void ServerClient::send(const spider::Message& message) {
  if (peer_) peer_->send(spider::format(message));
}

void ServerClient::refuse(const spider::ServerError& error) {
  log().info("client {} on {}: {} ({})", id_, request_.channel, error.message, error.code);
  send(error);
  end();
}

void ServerClient::end() {
  left_ = true;
  silence_.cancel();
  send(spider::Close{});
  if (peer_) peer_->close();
}

void ServerClient::opened(std::shared_ptr<net::WebSocketPeer> peer) {
  peer_ = std::move(peer);
  signalling_.onOpened(*this);
  awaitOffer();
}

void ServerClient::awaitOffer() {
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
    return signalling_.onOffer(*this, offer->sdp);
  }
  // Candidates are not needed: an ICE-lite server answers to wherever the checks come from. Pings
  // ask for nothing.
  if (std::holds_alternative<spider::Close>(*message)) end();
}

void ServerClient::closed(const net::WebSocketEnd& end) {
  left_ |= end.onPurpose;
  log().info("client {} on {}: {} ({})", id_, request_.channel,
             left_ ? "left" : "its WebSocket is lost", end.reason);
  silence_.cancel();
  peer_.reset();
}

}  // namespace rtcpub
