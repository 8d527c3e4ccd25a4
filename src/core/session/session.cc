#include "core/session/session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/sdp/sdp.h"
#include "core/session/printable_line.h"

namespace rtcpub::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kAnswerTimeout = 10s;
/// A network that is silent is asked that often: a dial is the probe.
constexpr auto kProbeInterval = 1s;
/// What has worked for that long is worth an attempt at once when it is lost.
constexpr auto kProven = 5s;
/// A server that says in a word why it refuses may ask for waits up to that.
constexpr std::chrono::milliseconds kLongestWait = 15min;
/// A proxy's page of maintenance is gone sooner than it says, and a robot is not to be missed.
constexpr std::chrono::milliseconds kLongestWaitForProxies = 10s;
/// How long to wait for a first candidate, if they are to stand in the offer.
constexpr auto kFirstCandidate = 1s;
/// A machine has some interfaces, not hundreds.
constexpr std::size_t kMaxFound = 200;

}  // namespace

Session::Session(Options options, std::function<double()> random)
    : options_(std::move(options)),
      backoff_(std::move(random)),
      peer_{.complete = !options_.trickle} {}

std::vector<Action> Session::handle(const Event& event, Time now) {
  if (phase_ == Phase::kEnded) return {};
  const bool wasHealthy = healthy();
  auto actions = std::visit([this, now](const auto& e) { return on(e, now); }, event);
  if (phase_ == Phase::kEnded) return actions;
  if (healthy() && !wasHealthy) {
    everHealthy_ = true;
    if (!healthySince_) healthySince_ = now;
    troubleSince_.reset();
    deadlines_.clear({Due::kGiveUp});
    trouble_.clear();
    told_.onGood();
  }
  offerAgain(actions);
  reportChange(actions);
  return actions;
}

std::optional<Time> Session::deadline() const { return deadlines_.first(); }

void Session::append(Actions& actions, Actions more) {
  actions.insert(actions.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

// --- Reaching the server

Session::Actions Session::on(const Start& /*event*/, Time now) {
  if (phase_ != Phase::kIdle) return {};
  troubleSince_ = now;
  auto actions = makePeer();
  append(actions, dial(now));
  return actions;
}

Session::Actions Session::dial(Time now) {
  phase_ = Phase::kDialing;
  socket_ = {.dialed = now};
  deadlines_.clear({Due::kDial});
  return {Dial{}};
}

Session::Actions Session::on(const OfferReady& event, Time now) {
  if (phase_ == Phase::kIdle) return {};
  peer_.offer = event.sdp;
  peer_.unanswered = true;
  deadlines_.clear({Due::kGathered});
  if (peer_.complete) {
    deadlines_.set(Due::kGathered,
                   now + (peer_.found.empty() ? kFirstCandidate : options_.gathering));
  }
  if (phase_ == Phase::kRegistered) phase_ = Phase::kOpen;
  return sendOfferWhenReady(now);
}

Session::Actions Session::on(const SocketOpened& event, Time now) {
  if (phase_ != Phase::kDialing) return {};
  phase_ = Phase::kOpen;
  socket_.server = event.server;
  if (!peer_.serverUfrag) return sendOfferWhenReady(now);
  // Another server than ours has forgotten its client with the socket.
  if (!serverKeeps_) return makePeer();
  socket_.rejoining = true;
  return sendOffer(joined_, now);
}

Session::Actions Session::sendOfferWhenReady(Time now) {
  if (phase_ != Phase::kOpen || !peer_.offer || deadlines_.at(Due::kGathered)) return {};
  socket_.rejoining = false;
  auto actions = sendOffer(*peer_.offer, now);
  for (auto& candidate : std::exchange(peer_.found, {})) {
    actions.emplace_back(Send{std::move(candidate)});
  }
  return actions;
}

Session::Actions Session::sendOffer(const std::string& sdp, Time now) {
  phase_ = Phase::kOffered;
  deadlines_.set(Due::kNoAnswer, now + kAnswerTimeout);
  deadlines_.clear({Due::kPing});
  // The peer connection offers all that it can; what was not answered isn't done.
  return {Send{Offer{socket_.server.flexfec ? sdp : sdp::withoutFec(sdp), options_.open}}};
}

Session::Actions Session::on(const CandidateFound& event, Time now) {
  const bool sendable =
      peer_.offer && !peer_.complete &&
      (phase_ == Phase::kOffered || phase_ == Phase::kAnswered || phase_ == Phase::kRegistered);
  if (sendable) return {Send{event.candidate}};
  if (peer_.found.size() == kMaxFound) return {};
  peer_.found.push_back(event.candidate);
  if (deadlines_.at(Due::kGathered) && peer_.found.size() == 1) {
    deadlines_.set(Due::kGathered, now + options_.gathering);
  }
  return {};
}

Session::Actions Session::on(const SocketFailed& event, Time now) {
  if (phase_ != Phase::kDialing) return {};
  const bool passes = event.error.code == ErrorCode::kUnreachable;
  const Finality finality = !event.code.empty() ? finalityOf(event.code)
                            : passes            ? Finality::kRetry
                                                : Finality::kFinalWhenNew;
  const Error error = event.code.empty() ? event.error : refused(event);
  if (isTheEnd(error, finality, now)) return end(error.message, error);
  phase_ = Phase::kWaiting;
  const auto longest = event.code.empty() ? kLongestWaitForProxies : kLongestWait;
  const auto least = std::min(event.retryAfter.value_or(0ms), longest);
  deadlines_.set(Due::kDial, event.heard ? now + backoff_.next(least)
                                         : std::max(now, socket_.dialed + kProbeInterval));
  return {};
}

/// By a server that says why in a word: with what helps.
Error Session::refused(const SocketFailed& event) const {
  return {event.error.code, "channel " + options_.channel + ": " + event.error.message +
                                adviceFor(event.code, options_.role)};
}

Session::Actions Session::on(const SocketClosed& event, Time now) {
  return onServerEnd(event.reason.empty()
                         ? "the connection to it was closed"
                         : "the connection to it was closed: " + printableLine(event.reason),
                     now);
}

// --- Losses

Session::Actions Session::onLoss(const Error& error, Finality finality, Time now) {
  if (isTheEnd(error, finality, now)) return end(lastError_->message, lastError_);
  phase_ = Phase::kWaiting;
  deadlines_.set(Due::kDial, nextAttempt(now));
  deadlines_.clear({Due::kNoAnswer, Due::kNoPath, Due::kPing});
  socket_.held.clear();
  return {CutSocket{}};
}

Time Session::nextAttempt(Time now) {
  const auto since = std::exchange(healthySince_, std::nullopt);
  if (!since || now - *since < kProven) return now + backoff_.next();
  backoff_.reset();
  return now;
}

bool Session::isTheEnd(const Error& error, Finality finality, Time now) {
  lastError_ = error;
  trouble_ = error.message;
  if (finality == Finality::kFinal) return true;
  if (finality == Finality::kFinalWhenNew && !everRegistered_) return true;
  if (options_.failFast && !everHealthy_) return true;
  if (!troubleSince_) troubleSince_ = now;
  if (!options_.maxRetryTime) return false;
  const Time giveUpAt = *troubleSince_ + *options_.maxRetryTime;
  deadlines_.set(Due::kGiveUp, giveUpAt);
  return now >= giveUpAt;
}

Session::Actions Session::on(const NetworkChanged& event, Time now) {
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kEnded:
      return {};
    case Phase::kWaiting:
    case Phase::kDialing:
      backoff_.reset();
      return dial(now);
    default:
      hurryPath(now);
      if (event.socketUsable) return {};
  }
  auto actions = onLoss({ErrorCode::kClosed, options_.server + ", channel " + options_.channel +
                                                 ": this machine's network changed"},
                        Finality::kRetry, now);
  if (phase_ == Phase::kEnded) return actions;
  append(actions, dial(now));
  return actions;
}

// --- Another offer by the same peer connection

Session::Actions Session::on(const OfferAgain& /*event*/, Time /*now*/) {
  peer_.offerAgain = true;
  return {};
}

/// Only where nothing else is under way: an answer to be waited for, a path to be found.
void Session::offerAgain(Actions& actions) {
  if (!peer_.offerAgain || !healthy() || peer_.unanswered || !peer_.offer) return;
  peer_.offerAgain = false;
  peer_.offeringAgain = true;
  peer_.offer.reset();
  actions.emplace_back(MakeOffer{});
}

// --- Time and the end

Session::Actions Session::on(const TimePassed& /*event*/, Time now) {
  const auto due = deadlines_.take(now);
  if (!due) return {};
  switch (*due) {
    case Due::kGiveUp:
      return end(lastError_->message, lastError_);
    case Due::kDial:
      return dial(now);
    case Due::kNoAnswer:
      return onNoAnswer(now);
    case Due::kGathered:
      return sendCompleteOffer(now);
    case Due::kNoPath:
      return onPathOverdue(now);
    case Due::kRenewPeer:
      return renewPeer(now);
    case Due::kRefreshPath:
      return refreshPath(now);
    case Due::kPing:
      deadlines_.set(Due::kPing, now + kPingInterval);
      return {Send{Ping{}}};
    case Due::kCount:
      break;
  }
  return {};
}

Session::Actions Session::onNoAnswer(Time now) {
  return onLoss({ErrorCode::kProtocol, options_.server + " did not answer the offer for channel " +
                                           options_.channel + " within 10 s; is it a " +
                                           options_.protocol + " server?"},
                Finality::kRetry, now);
}

Session::Actions Session::sendCompleteOffer(Time now) {
  std::vector<std::string> lines;
  for (const auto& found : std::exchange(peer_.found, {})) {
    if (!found.line.empty()) lines.push_back(found.line);
  }
  peer_.offer = sdp::withCandidates(*peer_.offer, lines);
  return sendOfferWhenReady(now);
}

Session::Actions Session::on(const StopRequested& /*event*/, Time /*now*/) {
  return end("stopped", std::nullopt);
}

Session::Actions Session::end(const std::string& reason, std::optional<Error> error) {
  phase_ = Phase::kEnded;
  deadlines_.clearAll();
  return {HangUp{}, Report{{ConnectionState::kClosed, reason}}, Finish{std::move(error)}};
}

// --- What people are told

Session::Actions Session::on(const Noted& event, Time /*now*/) {
  peer_.note = event.what;
  return {};
}

StateChange Session::state() const {
  if (peer_.path == Path::kUp && peer_.serverUfrag) {
    return {ConnectionState::kConnected,
            !trouble_.empty()     ? "media flows, signalling is being rejoined: " + trouble_
            : !peer_.note.empty() ? peer_.note
                                  : "connected to " + options_.server};
  }
  if (phase_ == Phase::kRegistered && peer_.path == Path::kNone) {
    return {ConnectionState::kRegistered,
            trouble_.empty() ? options_.server + " has registered channel " + options_.channel
                             : trouble_};
  }
  if (peer_.path == Path::kSilent && trouble_.empty()) {
    return {ConnectionState::kDisconnected, "nothing comes from " + options_.server + " any more"};
  }
  return {everRegistered_ ? ConnectionState::kReconnecting : ConnectionState::kConnecting,
          trouble_.empty() ? "connecting to " + options_.server : trouble_ + "; trying again"};
}

void Session::reportChange(Actions& actions) {
  if (phase_ == Phase::kIdle) return;
  auto now = state();
  if (now == reported_) return;
  reported_ = now;
  const bool news = !trouble_.empty() && told_.isNews(trouble_);
  actions.emplace_back(Report{std::move(now), news});
}

}  // namespace rtcpub::session
