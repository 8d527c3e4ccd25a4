#include "core/session.h"

#include <chrono>
#include <utility>

#include "core/text.h"

namespace rtcpub::session {
namespace {

constexpr std::chrono::seconds kAnswerTimeout{10};
constexpr std::chrono::seconds kPingInterval{30};  // docs/protocol.md
/// Far more than a server has to say before its answer is applied.
constexpr std::size_t kMaxHeld = 1000;
constexpr std::size_t kMaxQuoted = 300;

Report report(ConnectionState state, std::string reason) {
  return Report{{state, std::move(reason)}};
}

}  // namespace

Session::Session(std::string server, std::string channel)
    : server_(std::move(server)), channel_(std::move(channel)) {}

std::vector<Action> Session::handle(const Event& event, Time now) {
  if (phase_ == Phase::kEnded) return {};
  return std::visit([this, now](const auto& e) { return on(e, now); }, event);
}

std::optional<Time> Session::deadline() const { return deadline_; }

// --- Reaching the server

Session::Actions Session::on(const Start& /*event*/, Time /*now*/) {
  if (phase_ != Phase::kIdle) return {};
  phase_ = Phase::kPreparing;
  return {report(ConnectionState::kConnecting, "connecting to " + server_), CreateOffer{}, Dial{}};
}

Session::Actions Session::on(const OfferReady& event, Time now) {
  if (phase_ != Phase::kPreparing) return {};
  offer_ = event.sdp;
  return sendOfferWhenReady(now);
}

Session::Actions Session::on(const SocketOpened& /*event*/, Time now) {
  if (phase_ != Phase::kPreparing) return {};
  socketOpen_ = true;
  return sendOfferWhenReady(now);
}

Session::Actions Session::sendOfferWhenReady(Time now) {
  if (!socketOpen_ || !offer_) return {};
  phase_ = Phase::kOffered;
  deadline_ = now + kAnswerTimeout;
  Actions actions{Send{spider::Offer{*std::exchange(offer_, std::nullopt)}}};
  for (auto& candidate : std::exchange(found_, {})) actions.push_back(Send{std::move(candidate)});
  return actions;
}

Session::Actions Session::on(const CandidateFound& event, Time /*now*/) {
  if (phase_ == Phase::kIdle || phase_ == Phase::kPreparing) {
    found_.push_back(event.candidate);
    return {};
  }
  return {Send{event.candidate}};
}

Session::Actions Session::on(const SocketFailed& event, Time /*now*/) {
  return onLoss(event.error);
}

Session::Actions Session::on(const SocketClosed& event, Time /*now*/) {
  return onLoss(closedByServer(event.reason.empty()
                                   ? "the connection to it was closed"
                                   : "the connection to it was closed: " +
                                         text::printable(event.reason, kMaxQuoted)));
}

// --- What the server says

Session::Actions Session::on(const TextReceived& event, Time /*now*/) {
  const auto message = spider::parse(event.text);
  if (message) return std::visit([this](const auto& m) { return onMessage(m); }, *message);
  if (message.error().code == ErrorCode::kUnsupported) return {};
  return onLoss({ErrorCode::kProtocol,
                 server_ + " does not speak the Spider protocol: " + message.error().message +
                     "; is it a Spider server's address?"});
}

Session::Actions Session::onMessage(const spider::Answer& answer) {
  if (phase_ != Phase::kOffered) return {};
  phase_ = Phase::kAnswered;
  deadline_.reset();
  return {ApplyAnswer{answer.sdp}};
}

Session::Actions Session::on(const AnswerApplied& /*event*/, Time now) {
  if (phase_ != Phase::kAnswered) return {};
  phase_ = Phase::kRegistered;
  deadline_ = now + kPingInterval;
  Actions actions{
      report(ConnectionState::kRegistered, server_ + " has registered channel " + channel_)};
  for (auto& action : std::exchange(held_, {})) actions.push_back(std::move(action));
  for (auto& action : reportPath()) actions.push_back(std::move(action));
  return actions;
}

Session::Actions Session::onMessage(const spider::Offer& offer) {
  return afterAnswer(ApplyOffer{offer.sdp});
}

Session::Actions Session::on(const AnswerReady& event, Time /*now*/) {
  if (phase_ != Phase::kRegistered) return {};
  return {Send{spider::Answer{event.sdp}}};
}

Session::Actions Session::onMessage(const spider::Candidate& candidate) {
  return afterAnswer(AddCandidate{candidate});
}

Session::Actions Session::afterAnswer(Action action) {
  if (phase_ == Phase::kRegistered) return {std::move(action)};
  if (held_.size() == kMaxHeld) {
    return onLoss({ErrorCode::kProtocol, server_ + " sent over " + std::to_string(kMaxHeld) +
                                             " messages before its answer was in place"});
  }
  held_.push_back(std::move(action));
  return {};
}

Session::Actions Session::onMessage(const spider::Joins& joins) {
  return {Viewers{joins.subscribers}};
}

Session::Actions Session::onMessage(const spider::Ping& /*ping*/) { return {}; }

Session::Actions Session::onMessage(const spider::ServerError& error) {
  serverError_ = error;
  return {};
}

Session::Actions Session::onMessage(const spider::Close& /*close*/) {
  return onLoss(closedByServer("it ended the session"));
}

/// What the server said of it before, if it did, is worth more than how it came.
Error Session::closedByServer(const std::string& how) const {
  if (!serverError_) return {ErrorCode::kClosed, server_ + ", channel " + channel_ + ": " + how};
  const auto why = text::printable(
      serverError_->message.empty() ? serverError_->code : serverError_->message, kMaxQuoted);
  if (serverError_->code == "replaced") {
    return {ErrorCode::kReplaced,
            server_ + ": a newer publisher took channel " + channel_ + ": " + why};
  }
  return {ErrorCode::kRejected, server_ + " refused channel " + channel_ + ": " + why};
}

// --- The media path

Session::Actions Session::on(const PeerConnected& /*event*/, Time /*now*/) {
  path_ = Path::kUp;
  return reportPath();
}

Session::Actions Session::on(const PeerDisconnected& /*event*/, Time /*now*/) {
  if (path_ == Path::kNone) return {};
  path_ = Path::kSilent;
  return reportPath();
}

/// The engine may connect before it has said that the answer is in place: `registered` comes first.
Session::Actions Session::reportPath() const {
  if (phase_ != Phase::kRegistered || path_ == Path::kNone) return {};
  if (path_ == Path::kUp) return {report(ConnectionState::kConnected, "connected to " + server_)};
  return {report(ConnectionState::kDisconnected, "nothing comes from " + server_ + " any more")};
}

Session::Actions Session::on(const PeerFailed& event, Time /*now*/) {
  return onLoss(pathFailure(event.reason));
}

Error Session::pathFailure(const std::string& reason) const {
  const auto where = server_ + ", channel " + channel_ + ": ";
  const auto why = text::printable(reason, kMaxQuoted);
  if (path_ != Path::kNone) return {ErrorCode::kClosed, where + "the media path was lost: " + why};
  switch (phase_) {
    case Phase::kRegistered:
      return {ErrorCode::kUnreachable,
              where + "no media path to the server: " + why +
                  "; see that nothing blocks UDP to its media port (8268 unless set otherwise)"};
    case Phase::kAnswered:
      return {ErrorCode::kProtocol, where + "the server's answer can't be used: " + why};
    default:
      return {ErrorCode::kInternal, where + "no offer could be made: " + why};
  }
}

// --- Time and the end

Session::Actions Session::on(const TimePassed& /*event*/, Time now) {
  if (!deadline_ || now < *deadline_) return {};
  if (phase_ == Phase::kOffered) {
    return onLoss({ErrorCode::kProtocol, server_ + " did not answer the offer for channel " +
                                             channel_ + " within 10 s; is it a Spider server?"});
  }
  deadline_ = now + kPingInterval;
  return {Send{spider::Ping{}}};
}

Session::Actions Session::on(const StopRequested& /*event*/, Time /*now*/) {
  return end("stopped", std::nullopt);
}

Session::Actions Session::onLoss(Error error) {
  const auto reason = error.message;
  return end(reason, std::move(error));
}

Session::Actions Session::end(const std::string& reason, std::optional<Error> error) {
  phase_ = Phase::kEnded;
  deadline_.reset();
  return {HangUp{}, report(ConnectionState::kClosed, reason), Finish{std::move(error)}};
}

}  // namespace rtcpub::session
