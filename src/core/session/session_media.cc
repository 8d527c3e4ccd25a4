#include <algorithm>
#include <utility>

#include "core/session/printable_line.h"
#include "core/session/session.h"

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

}  // namespace

Session::Actions Session::makePeer() {
  peer_ = {.complete = !options_.trickle};
  deadlines_.clear({Due::kGathered, Due::kNoPath, Due::kRefreshPath, Due::kRenewPeer});
  if (phase_ == Phase::kRegistered) phase_ = Phase::kOpen;
  return {MakePeer{}};
}

/// The answer is in place: from now on the path is expected.
void Session::awaitPath(Time now) {
  switch (peer_.path) {
    case Path::kUp:
      return deadlines_.clear({Due::kNoPath});
    case Path::kNone:
      return deadlines_.set(Due::kNoPath, now + kPathTimeout);
    case Path::kSilent:
      deadlines_.set(Due::kNoPath, now + (peer_.restarted ? kRestartTimeout : kSilenceAfterChange));
  }
}

void Session::hurryPath(Time now) {
  const auto expected = deadlines_.at(Due::kNoPath);
  if (peer_.path == Path::kSilent && !peer_.restarted && expected) {
    deadlines_.set(Due::kNoPath, std::min<Time>(*expected, now + kSilenceAfterChange));
  }
}

Session::Actions Session::on(const PeerConnected& /*event*/, Time /*now*/) {
  peer_.path = Path::kUp;
  peer_.restarted = false;
  deadlines_.clear({Due::kNoPath, Due::kRefreshPath, Due::kRenewPeer});
  return {};
}

Session::Actions Session::on(const PeerDisconnected& /*event*/, Time now) {
  if (peer_.path != Path::kUp) return {};
  peer_.path = Path::kSilent;
  deadlines_.set(Due::kRefreshPath, now + kRefreshInterval);
  if (phase_ == Phase::kRegistered) deadlines_.set(Due::kNoPath, now + kSilence);
  return {};
}

Session::Actions Session::on(const PathFailed& event, Time now) {
  if (!peer_.serverUfrag) return {};
  if (peer_.path == Path::kNone) return onNoPath(event.reason, now);
  (void)on(PeerDisconnected{}, now);
  const Error error = pathLost(event.reason);
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  // Without a socket the engine goes on alone.
  if (phase_ != Phase::kRegistered || peer_.restarted) return {};
  return restartIce(now);
}

Error Session::pathLost(const std::string& reason) const {
  return {ErrorCode::kClosed, options_.server + ", channel " + options_.channel +
                                  ": the media path was lost: " + printableLine(reason)};
}

Session::Actions Session::restartIce(Time now) {
  peer_.restarted = true;
  peer_.offer.reset();
  peer_.found.clear();
  deadlines_.set(Due::kNoPath, now + kRestartTimeout);
  return {RestartIce{}};
}

Session::Actions Session::onPathOverdue(Time now) {
  if (phase_ != Phase::kRegistered) return {};
  if (peer_.path == Path::kNone) return onNoPath("it took too long", now);
  const Error error = pathLost("nothing comes any more");
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  return peer_.restarted ? makePeer() : restartIce(now);
}

/// There never was one.
Session::Actions Session::onNoPath(const std::string& reason, Time now) {
  const Error error = noPath(reason);
  // Perhaps because the server doesn't know our candidates.
  if (!serverTrickles_) options_.trickle = false;
  if (isTheEnd(error, Finality::kRetry, now)) return end(error.message, error);
  deadlines_.clear({Due::kNoPath});
  deadlines_.set(Due::kRenewPeer, now + backoff_.next());
  return {};
}

Session::Actions Session::renewPeer(Time now) {
  if (phase_ != Phase::kOffered && phase_ != Phase::kAnswered) return makePeer();
  // The answer on its way would be taken for that to another offer.
  deadlines_.set(Due::kRenewPeer, now + kAnswerOnItsWay);
  return {};
}

Error Session::noPath(const std::string& reason) const {
  return {
      ErrorCode::kUnreachable,
      options_.server + ", channel " + options_.channel +
          ": no media path to the server: " + printableLine(reason) +
          (options_.relayOnly ? "; only relays may be used"
                              : "; see that nothing blocks UDP to its media port (8268 unless set "
                                "otherwise)") +
          iceTrouble()};
}

Session::Actions Session::on(const IceServerFailed& event, Time /*now*/) {
  peer_.iceTrouble = printableLine(event.reason);
  return {};
}

std::string Session::iceTrouble() const {
  return peer_.path == Path::kNone && !peer_.iceTrouble.empty() ? "; " + peer_.iceTrouble : "";
}

Session::Actions Session::refreshPath(Time now) {
  if (peer_.path != Path::kSilent) return {};
  deadlines_.set(Due::kRefreshPath, now + kRefreshInterval);
  return {RefreshPath{}};
}

Session::Actions Session::on(const PeerFailed& event, Time now) {
  const auto where = options_.server + ", channel " + options_.channel + ": ";
  const auto why = printableLine(event.reason);
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
  peer_.offer.reset();
  peer_.unanswered = false;
  peer_.serverUfrag.reset();
  const auto dialAt = deadlines_.at(Due::kDial);
  deadlines_.set(Due::kRenewPeer, dialAt ? *dialAt : now + backoff_.next());
  return actions;
}

}  // namespace rtcpub::session
