#include "app/client/peer_link.h"

#include <utility>

namespace rtcpub {

PeerLink::PeerLink(net::EventLoop& loop, Events& events, Create create)
    : loop_(loop), events_(events), create_(std::move(create)) {}

Result<void> PeerLink::make(const peer::PeerOptions& options) {
  auto made = create_(options, *this);
  if (!made) return tl::unexpected(made.error());
  peer_ = *std::move(made);
  return {};
}

void PeerLink::drop() {
  if (!peer_) return;
  peer_.reset();
  ++dropped_;
}

void PeerLink::readCounters() {
  if (!peer_) return;
  peer_->stats([this](peer::PeerStats counters) {
    post([this, counters = std::move(counters)] { events_.onCounters(counters); });
  });
}

void PeerLink::post(std::function<void()> task) {
  loop_.post([this, before = dropped_.load(), task = std::move(task)] {
    if (peer_ && before == dropped_) task();
  });
}

void PeerLink::tell(session::Event event) {
  post([this, event = std::move(event)] { events_.onPeerEvent(event); });
}

void PeerLink::onOffer(std::string sdp) { tell(session::OfferReady{std::move(sdp)}); }

void PeerLink::onAnswer(std::string sdp) { tell(session::AnswerReady{std::move(sdp)}); }

void PeerLink::onAnswerApplied() { tell(session::AnswerApplied{}); }

void PeerLink::onCandidate(Candidate candidate) {
  tell(session::CandidateFound{std::move(candidate)});
}

void PeerLink::onConnected() { tell(session::PeerConnected{}); }

void PeerLink::onDisconnected() { tell(session::PeerDisconnected{}); }

void PeerLink::onPathFailed(std::string reason) { tell(session::PathFailed{std::move(reason)}); }

void PeerLink::onIceServerFailed(std::string reason) {
  tell(session::IceServerFailed{std::move(reason)});
}

void PeerLink::onFailed(std::string reason) { tell(session::PeerFailed{std::move(reason)}); }

void PeerLink::onNetworkChanged() { tell(session::NetworkChanged{}); }

void PeerLink::onChannelOpen(const std::string& label) {
  post([this, label] { events_.onChannelOpen(label); });
}

void PeerLink::onPeersChannel(const std::string& label, const DataChannelOptions& options) {
  post([this, label, options] { events_.onPeersChannel(label, options); });
}

void PeerLink::onMessage(const std::string& label, Message message) {
  events_.onMessage(label, std::move(message));
}

/// Not posted: what isn't told before the peer ends is sent again.
void PeerLink::onMessageDone(const std::string& label, std::uint64_t id, bool delivered) {
  events_.onMessageDone(label, id, delivered);
}

void PeerLink::onVideoFrame(VideoFrame frame) { events_.onVideoFrame(frame); }

}  // namespace rtcpub
