#include <algorithm>
#include <array>
#include <utility>

#include "core/session/session.h"
#include "core/text/text.h"

/// The session's media: when a path counts as lost, and what is tried then.
namespace rtcpub::session {
namespace {

using namespace std::chrono_literals;

/// A new path may take that long; then another peer connection is tried.
constexpr auto kPathTimeout = 15s;
/// How long the engine may look for the path again by itself, and after a change of networks.
constexpr auto kSilence = 2s;
constexpr auto kSilenceAfterChange = 1s;
/// How long a restart of ICE may take before a new peer connection is made.
constexpr auto kRestartTimeout = 10s;
/// The engine forgets a silent server after 30 s, so it is told again before.
constexpr auto kRefreshInterval = 5s;
constexpr auto kAnswerOnItsWay = 1s;
constexpr std::size_t kMaxQuoted = 300;

}  // namespace

Session::Actions Session::makePeer() {
  path_ = Path::kNone;
  restarted_ = false;
  offerAgain_ = offeringAgain_ = false;  // the new one offers what is wanted by then
  note_.clear();
  iceTrouble_.clear();
  offer_.reset();
  unanswered_ = false;
  complete_ = !options_.trickle;
  found_.clear();
  serverUfrag_.reset();
  for (auto* deadline : {&gatherUntil_, &pathBy_, &refreshAt_, &renewAt_}) deadline->reset();
  if (phase_ == Phase::kRegistered) phase_ = Phase::kOpen;
  return {MakePeer{}};
}

/// The answer is in place: from now on the path is expected.
void Session::awaitPath(Time now) {
  if (path_ == Path::kUp) return pathBy_.reset();
  if (path_ == Path::kNone) {
    pathBy_ = now + kPathTimeout;
  } else {
    pathBy_ = now + (restarted_ ? kRestartTimeout : kSilenceAfterChange);
  }
}

void Session::hurryPath(Time now) {
  if (path_ == Path::kSilent && !restarted_ && pathBy_) {
    pathBy_ = std::min<Time>(*pathBy_, now + kSilenceAfterChange);
  }
}

Session::Actions Session::on(const PeerConnected& /*event*/, Time /*now*/) {
  path_ = Path::kUp;
  restarted_ = false;
  for (auto* deadline : {&pathBy_, &refreshAt_, &renewAt_}) deadline->reset();
  return {};
}

Session::Actions Session::on(const PeerDisconnected& /*event*/, Time now) {
  if (path_ != Path::kUp) return {};
  path_ = Path::kSilent;
  refreshAt_ = now + kRefreshInterval;
  if (phase_ == Phase::kRegistered) pathBy_ = now + kSilence;
  return {};
}

Session::Actions Session::on(const PathFailed& event, Time now) {
  if (!serverUfrag_) return {};
  if (path_ == Path::kNone) return onNoPath(event.reason, now);
  (void)on(PeerDisconnected{}, now);
  const Error error = pathLost(event.reason);
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  // Without a socket the engine goes on alone.
  if (phase_ != Phase::kRegistered || restarted_) return {};
  return restartIce(now);
}

Error Session::pathLost(const std::string& reason) const {
  return {ErrorCode::kClosed,
          options_.server + ", channel " + options_.channel +
              ": the media path was lost: " + text::printable(reason, kMaxQuoted)};
}

Session::Actions Session::restartIce(Time now) {
  restarted_ = true;
  offer_.reset();
  found_.clear();
  pathBy_ = now + kRestartTimeout;
  return {RestartIce{}};
}

Session::Actions Session::onPathOverdue(Time now) {
  if (phase_ != Phase::kRegistered) return {};
  if (path_ == Path::kNone) return onNoPath("it took too long", now);
  const Error error = pathLost("nothing comes any more");
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  return restarted_ ? makePeer() : restartIce(now);
}

/// There never was one.
Session::Actions Session::onNoPath(const std::string& reason, Time now) {
  const Error error = noPath(reason);
  // Perhaps because the server doesn't know our candidates.
  if (!serverTrickles_) options_.trickle = false;
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  pathBy_.reset();
  renewAt_ = now + backoff_.next();
  return {};
}

Session::Actions Session::renewPeer(Time now) {
  if (phase_ != Phase::kOffered && phase_ != Phase::kAnswered) return makePeer();
  // The answer on its way would be taken for that to another offer.
  renewAt_ = now + kAnswerOnItsWay;
  return {};
}

Error Session::noPath(const std::string& reason) const {
  return {
      ErrorCode::kUnreachable,
      options_.server + ", channel " + options_.channel +
          ": no media path to the server: " + text::printable(reason, kMaxQuoted) +
          (options_.relayOnly ? "; only relays may be used"
                              : "; see that nothing blocks UDP to its media port (8268 unless set "
                                "otherwise)") +
          iceTrouble()};
}

Session::Actions Session::on(const IceServerFailed& event, Time /*now*/) {
  iceTrouble_ = text::printable(event.reason, kMaxQuoted);
  return {};
}

std::string Session::iceTrouble() const {
  return path_ == Path::kNone && !iceTrouble_.empty() ? "; " + iceTrouble_ : "";
}

Session::Actions Session::refreshPath(Time now) {
  if (path_ != Path::kSilent) return {};
  refreshAt_ = now + kRefreshInterval;
  return {RefreshPath{}};
}

Session::Actions Session::on(const PeerFailed& event, Time now) {
  const auto where = options_.server + ", channel " + options_.channel + ": ";
  const auto why = text::printable(event.reason, kMaxQuoted);
  const Error error =
      phase_ == Phase::kAnswered
          ? Error{ErrorCode::kProtocol, where + "the server's answer can't be used: " + why}
      : phase_ == Phase::kRegistered
          ? Error{ErrorCode::kProtocol, where + why}
          : Error{ErrorCode::kInternal, where + "no offer could be made: " + why};
  Actions actions;
  if (phase_ >= Phase::kOpen) {
    actions = onLoss(error, Finality::kFinalWhenNew, now);
  } else if (isTheEnd(error, Finality::kFinalWhenNew, now)) {
    actions = end(error.message, error);
  }
  if (phase_ == Phase::kEnded) return actions;
  offer_.reset();
  unanswered_ = false;
  serverUfrag_.reset();
  renewAt_ = dialAt_ ? *dialAt_ : now + backoff_.next();
  return actions;
}

}  // namespace rtcpub::session
