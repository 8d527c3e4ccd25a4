#include "core/session/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/sdp/limits.h"
#include "core/sdp/sdp.h"
#include "core/text/text.h"

namespace rtcpub::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kAnswerTimeout = 10s;
constexpr auto kPingInterval = 30s;  // docs/protocol.md
/// A network that is silent is asked that often: a dial is the probe.
constexpr auto kProbeInterval = 1s;
/// What has worked for that long is worth an attempt at once when it is lost.
constexpr auto kProven = 5s;
/// How long to wait for a first candidate, if they are to stand in the offer.
constexpr auto kFirstCandidate = 1s;
/// Far more than a server has to say before its answer is applied.
constexpr std::size_t kMaxHeld = 1000;
/// A machine has some interfaces, not hundreds.
constexpr std::size_t kMaxFound = 200;
constexpr std::size_t kMaxQuoted = 300;

}  // namespace

Session::Session(Options options, std::function<double()> random)
    : options_(std::move(options)), backoff_(std::move(random)), complete_(!options_.trickle) {}

std::vector<Action> Session::handle(const Event& event, Time now) {
  if (phase_ == Phase::kEnded) return {};
  const bool wasHealthy = healthy();
  auto actions = std::visit([this, now](const auto& e) { return on(e, now); }, event);
  if (phase_ == Phase::kEnded) return actions;
  if (healthy() && !wasHealthy) {
    everHealthy_ = true;
    if (!healthySince_) healthySince_ = now;
    troubleSince_.reset();
    giveUpAt_.reset();
    trouble_.clear();
    told_.onGood();
  }
  offerAgain(actions);
  reportChange(actions);
  return actions;
}

std::optional<Time> Session::deadline() const {
  Deadline first;
  for (const auto& deadline :
       {giveUpAt_, dialAt_, answerBy_, gatherUntil_, pathBy_, refreshAt_, renewAt_, pingAt_}) {
    if (deadline && (!first || *deadline < *first)) first = deadline;
  }
  return first;
}

// --- Reaching the server

Session::Actions Session::on(const Start& /*event*/, Time now) {
  if (phase_ != Phase::kIdle) return {};
  troubleSince_ = now;
  auto actions = makePeer();
  for (auto& action : dial(now)) actions.push_back(std::move(action));
  return actions;
}

Session::Actions Session::dial(Time now) {
  phase_ = Phase::kDialing;
  dialed_ = now;
  dialAt_.reset();
  serverError_.reset();
  held_.clear();
  return {Dial{}};
}

Session::Actions Session::on(const OfferReady& event, Time now) {
  if (phase_ == Phase::kIdle) return {};
  offer_ = event.sdp;
  unanswered_ = true;
  gatherUntil_.reset();
  if (complete_) gatherUntil_ = now + (found_.empty() ? kFirstCandidate : options_.gathering);
  if (phase_ == Phase::kRegistered) phase_ = Phase::kOpen;
  return sendOfferWhenReady(now);
}

Session::Actions Session::on(const SocketOpened& event, Time now) {
  if (phase_ != Phase::kDialing) return {};
  phase_ = Phase::kOpen;
  server_ = event.server;
  if (!serverUfrag_) return sendOfferWhenReady(now);
  // Another server than ours has forgotten its client with the socket.
  if (!serverKeeps_) return makePeer();
  rejoining_ = true;
  return sendOffer(joined_, now);
}

Session::Actions Session::sendOfferWhenReady(Time now) {
  if (phase_ != Phase::kOpen || !offer_ || gatherUntil_) return {};
  rejoining_ = false;
  auto actions = sendOffer(*offer_, now);
  for (auto& candidate : std::exchange(found_, {})) actions.push_back(Send{std::move(candidate)});
  return actions;
}

Session::Actions Session::sendOffer(const std::string& sdp, Time now) {
  phase_ = Phase::kOffered;
  answerBy_ = now + kAnswerTimeout;
  pingAt_.reset();
  // The peer connection offers all that it can; what was not answered isn't done.
  return {Send{spider::Offer{server_.flexfec ? sdp : sdp::withoutFec(sdp)}}};
}

Session::Actions Session::on(const CandidateFound& event, Time now) {
  const bool sendable =
      offer_ && !complete_ &&
      (phase_ == Phase::kOffered || phase_ == Phase::kAnswered || phase_ == Phase::kRegistered);
  if (sendable) return {Send{event.candidate}};
  if (found_.size() == kMaxFound) return {};
  found_.push_back(event.candidate);
  if (gatherUntil_ && found_.size() == 1) gatherUntil_ = now + options_.gathering;
  return {};
}

Session::Actions Session::on(const SocketFailed& event, Time now) {
  if (phase_ != Phase::kDialing) return {};
  const bool reachable = event.error.code == ErrorCode::kUnreachable;
  if (isTheEnd(event.error, reachable ? Finality::kRetry : Finality::kFinalWhenNew, now)) {
    return end(event.error.message, event.error);
  }
  phase_ = Phase::kWaiting;
  dialAt_ = event.heard ? now + backoff_.next() : std::max(now, dialed_ + kProbeInterval);
  return {};
}

Session::Actions Session::on(const SocketClosed& event, Time now) {
  return onServerEnd(event.reason.empty() ? "the connection to it was closed"
                                          : "the connection to it was closed: " +
                                                text::printable(event.reason, kMaxQuoted),
                     now);
}

// --- What the server says

Session::Actions Session::on(const TextReceived& event, Time now) {
  if (phase_ < Phase::kOpen) return {};  // of a socket that was given up
  const auto message = spider::parse(event.text);
  if (message)
    return std::visit([this, now](const auto& m) { return onMessage(m, now); }, *message);
  if (message.error().code == ErrorCode::kUnsupported) return {};
  return onLoss(
      {ErrorCode::kProtocol, options_.server + " does not speak the Spider protocol: " +
                                 message.error().message + "; is it a Spider server's address?"},
      Finality::kFinalWhenNew, now);
}

Session::Actions Session::onMessage(const spider::Answer& answer, Time now) {
  if (phase_ != Phase::kOffered) return {};
  answerBy_.reset();
  candidates_ = 0;
  if (!rejoining_) {
    phase_ = Phase::kAnswered;
    answer_ = answer.sdp;
    return {ApplyAnswer{answer.sdp}};
  }
  if (sdp::iceFacts(answer.sdp).ufrag == serverUfrag_) return rejoined(now);
  // It doesn't know this client, being another one or a new process: from the beginning, then.
  phase_ = Phase::kOpen;
  return makePeer();
}

Session::Actions Session::on(const AnswerApplied& /*event*/, Time now) {
  if (phase_ != Phase::kAnswered) return {};
  unanswered_ = false;
  joined_ = *offer_;
  const auto facts = sdp::iceFacts(answer_);
  serverUfrag_ = facts.ufrag;
  serverKeeps_ = facts.lite;
  serverTrickles_ = facts.lite || facts.trickles;
  return registered(now);
}

/// A restart of ICE that the loss of the socket came between goes on: only on a socket whose client
/// the server knows is it taken for one.
Session::Actions Session::rejoined(Time now) {
  auto actions = registered(now);
  if (!unanswered_) return actions;
  phase_ = Phase::kOpen;
  for (auto& action : sendOfferWhenReady(now)) actions.push_back(std::move(action));
  return actions;
}

Session::Actions Session::registered(Time now) {
  phase_ = Phase::kRegistered;
  everRegistered_ = true;
  pingAt_ = now + kPingInterval;
  trouble_.clear();
  awaitPath(now);
  Actions actions;
  if (!std::exchange(offeringAgain_, false) || path_ != Path::kUp) {
    reported_ = {ConnectionState::kRegistered,
                 options_.server + " has registered channel " + options_.channel};
    actions.emplace_back(Report{reported_});
  }
  for (auto& action : std::exchange(held_, {})) actions.push_back(std::move(action));
  return actions;
}

Session::Actions Session::onMessage(const spider::Offer& offer, Time now) {
  candidates_ = 0;
  return afterAnswer(ApplyOffer{offer.sdp}, now);
}

Session::Actions Session::on(const AnswerReady& event, Time /*now*/) {
  if (phase_ != Phase::kRegistered) return {};
  return {Send{spider::Answer{event.sdp}}};
}

Session::Actions Session::onMessage(const spider::Candidate& candidate, Time now) {
  // As many as may stand in the answer itself.
  if (candidates_ == sdp::kMaxCandidates) return {};
  ++candidates_;
  return afterAnswer(AddCandidate{candidate}, now);
}

Session::Actions Session::afterAnswer(Action action, Time now) {
  if (phase_ == Phase::kRegistered) return {std::move(action)};
  if (held_.size() == kMaxHeld) {
    return onLoss(
        {ErrorCode::kProtocol, options_.server + " sent over " + std::to_string(kMaxHeld) +
                                   " messages before its answer was in place"},
        Finality::kFinalWhenNew, now);
  }
  held_.push_back(std::move(action));
  return {};
}

Session::Actions Session::onMessage(const spider::Joins& joins, Time /*now*/) {
  return {Members{joins.publishers, joins.subscribers}};
}

Session::Actions Session::onMessage(const spider::Ping& /*ping*/, Time /*now*/) { return {}; }

Session::Actions Session::onMessage(const spider::ServerError& error, Time /*now*/) {
  serverError_ = error;
  return {};
}

Session::Actions Session::onMessage(const spider::Close& /*close*/, Time now) {
  return onServerEnd("it ended the session", now);
}

Session::Actions Session::onMessage(const spider::Codecs& codecs, Time /*now*/) {
  return {ShowCodecs{codecs.report}};
}

/// What the server said of it before, if it did, is worth more than how it came.
Session::Actions Session::onServerEnd(const std::string& how, Time now) {
  if (phase_ < Phase::kOpen) return {};
  const auto& [server, channel] = std::tie(options_.server, options_.channel);
  if (!serverError_) {
    return onLoss({ErrorCode::kClosed, server + ", channel " + channel + ": " + how},
                  Finality::kRetry, now);
  }
  const auto code = serverError_->code;
  const auto why =
      text::printable(serverError_->message.empty() ? code : serverError_->message, kMaxQuoted);
  if (code == "replaced") {
    return onLoss(
        {ErrorCode::kReplaced, server + ": a newer publisher took channel " + channel + ": " + why},
        Finality::kFinal, now);
  }
  const bool passing = code == "media-lost" || code == "timeout" || code == "too-many-offers";
  const auto cause = code == "media-lost" ? iceTrouble() : "";
  auto actions =
      onLoss({ErrorCode::kRejected, server + " refused channel " + channel + ": " + why + cause},
             passing ? Finality::kRetry : Finality::kFinalWhenNew, now);
  // It has thrown away what it had of this peer connection.
  if (code == "media-lost" && phase_ != Phase::kEnded) actions.emplace_back(makePeer().front());
  return actions;
}

// --- Losses

Session::Actions Session::onLoss(Error error, Finality finality, Time now) {
  if (isTheEnd(error, finality, now)) return end(lastError_->message, lastError_);
  phase_ = Phase::kWaiting;
  dialAt_ = nextAttempt(now);
  for (auto* deadline : {&answerBy_, &pathBy_, &pingAt_}) deadline->reset();
  held_.clear();
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
  giveUpAt_ = *troubleSince_ + *options_.maxRetryTime;
  return now >= *giveUpAt_;
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
  for (auto& action : dial(now)) actions.push_back(std::move(action));
  return actions;
}

// --- Another offer by the same peer connection

Session::Actions Session::on(const OfferAgain& /*event*/, Time /*now*/) {
  offerAgain_ = true;
  return {};
}

/// Only where nothing else is under way: an answer to be waited for, a path to be found.
void Session::offerAgain(Actions& actions) {
  if (!offerAgain_ || !healthy() || unanswered_ || !offer_) return;
  offerAgain_ = false;
  offeringAgain_ = true;
  offer_.reset();
  actions.emplace_back(MakeOffer{});
}

// --- Time and the end

Session::Actions Session::on(const TimePassed& /*event*/, Time now) {
  const auto due = [now](Deadline& deadline) {
    if (!deadline || now < *deadline) return false;
    deadline.reset();
    return true;
  };
  if (due(giveUpAt_)) return end(lastError_->message, lastError_);
  if (due(dialAt_)) return dial(now);
  if (due(answerBy_)) {
    return onLoss(
        {ErrorCode::kProtocol, options_.server + " did not answer the offer for channel " +
                                   options_.channel + " within 10 s; is it a Spider server?"},
        Finality::kRetry, now);
  }
  if (due(gatherUntil_)) return sendCompleteOffer(now);
  if (due(pathBy_)) return onPathOverdue(now);
  if (due(renewAt_)) return renewPeer(now);
  if (due(refreshAt_)) return refreshPath(now);
  if (!due(pingAt_)) return {};
  pingAt_ = now + kPingInterval;
  return {Send{spider::Ping{}}};
}

Session::Actions Session::sendCompleteOffer(Time now) {
  std::vector<std::string> lines;
  for (const auto& found : std::exchange(found_, {})) {
    if (!found.candidate.empty()) lines.push_back(found.candidate);
  }
  offer_ = sdp::withCandidates(*offer_, lines);
  return sendOfferWhenReady(now);
}

Session::Actions Session::on(const StopRequested& /*event*/, Time /*now*/) {
  return end("stopped", std::nullopt);
}

Session::Actions Session::end(const std::string& reason, std::optional<Error> error) {
  phase_ = Phase::kEnded;
  for (auto* deadline : {&giveUpAt_, &dialAt_, &answerBy_, &gatherUntil_, &pathBy_, &refreshAt_,
                         &renewAt_, &pingAt_}) {
    deadline->reset();
  }
  return {HangUp{}, Report{{ConnectionState::kClosed, reason}}, Finish{std::move(error)}};
}

// --- What people are told

Session::Actions Session::on(const Noted& event, Time /*now*/) {
  note_ = event.what;
  return {};
}

StateChange Session::state() const {
  if (path_ == Path::kUp && serverUfrag_) {
    return {ConnectionState::kConnected,
            !trouble_.empty() ? "media flows, signalling is being rejoined: " + trouble_
            : !note_.empty()  ? note_
                              : "connected to " + options_.server};
  }
  if (phase_ == Phase::kRegistered && path_ == Path::kNone) {
    return {ConnectionState::kRegistered,
            trouble_.empty() ? options_.server + " has registered channel " + options_.channel
                             : trouble_};
  }
  if (path_ == Path::kSilent && trouble_.empty()) {
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
