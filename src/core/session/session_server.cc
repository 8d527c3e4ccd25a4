#include <utility>

#include "core/sdp/limits.h"
#include "core/sdp/sdp.h"
#include "core/session/session.h"

/// What the server says to the session.
namespace rtcpub::session {
namespace {

/// Far more than a server has to say before its answer is applied.
constexpr std::size_t kMaxHeld = 1000;

}  // namespace

Session::Actions Session::on(const Heard& event, Time now) {
  if (phase_ < Phase::kOpen) return {};  // of a socket that was given up
  return std::visit([this, now](const auto& what) { return hear(what, now); }, event.what);
}

Session::Actions Session::on(const Garbled& event, Time now) {
  if (phase_ < Phase::kOpen) return {};
  return onLoss({ErrorCode::kProtocol, options_.server + " does not speak the " +
                                           options_.protocol + " protocol: " + event.how +
                                           "; is it a " + options_.protocol + " server's address?"},
                Finality::kFinalWhenNew, now);
}

Session::Actions Session::hear(const Answer& answer, Time now) {
  if (phase_ != Phase::kOffered) return {};
  deadlines_.clear({Due::kNoAnswer});
  candidates_ = 0;
  if (!socket_.rejoining) {
    phase_ = Phase::kAnswered;
    socket_.answer = answer.sdp;
    return {ApplyAnswer{answer.sdp}};
  }
  if (sdp::iceFacts(answer.sdp).ufrag == peer_.serverUfrag) return rejoined(now);
  // It doesn't know this client, being another one or a new process: from the beginning, then.
  phase_ = Phase::kOpen;
  return makePeer();
}

Session::Actions Session::on(const AnswerApplied& /*event*/, Time now) {
  if (phase_ != Phase::kAnswered) return {};
  peer_.unanswered = false;
  joined_ = *peer_.offer;
  const auto facts = sdp::iceFacts(socket_.answer);
  peer_.serverUfrag = facts.ufrag;
  serverKeeps_ = facts.lite;
  serverTrickles_ = facts.lite || facts.trickles;
  return registered(now);
}

/// A restart of ICE that the loss of the socket came between goes on: only on a socket whose client
/// the server knows is it taken for one.
Session::Actions Session::rejoined(Time now) {
  auto actions = registered(now);
  if (!peer_.unanswered) return actions;
  phase_ = Phase::kOpen;
  append(actions, sendOfferWhenReady(now));
  return actions;
}

Session::Actions Session::registered(Time now) {
  phase_ = Phase::kRegistered;
  everRegistered_ = true;
  deadlines_.set(Due::kPing, now + kPingInterval);
  trouble_.clear();
  awaitPath(now);
  Actions actions;
  if (!std::exchange(peer_.offeringAgain, false) || peer_.path != Path::kUp) {
    reported_ = {ConnectionState::kRegistered,
                 options_.server + " has registered channel " + options_.channel};
    actions.emplace_back(Report{reported_});
  }
  append(actions, std::exchange(socket_.held, {}));
  return actions;
}

Session::Actions Session::hear(const Offer& offer, Time now) {
  candidates_ = 0;
  return afterAnswer(ApplyOffer{offer.sdp}, now);
}

Session::Actions Session::on(const AnswerReady& event, Time /*now*/) {
  if (phase_ != Phase::kRegistered) return {};
  return {Send{Answer{event.sdp}}};
}

Session::Actions Session::hear(const Candidate& candidate, Time now) {
  // As many as may stand in the answer itself.
  if (candidates_ == sdp::kMaxCandidates) return {};
  ++candidates_;
  return afterAnswer(AddCandidate{candidate}, now);
}

Session::Actions Session::afterAnswer(Action action, Time now) {
  if (phase_ == Phase::kRegistered) return {std::move(action)};
  if (socket_.held.size() == kMaxHeld) {
    return onLoss(
        {ErrorCode::kProtocol, options_.server + " sent over " + std::to_string(kMaxHeld) +
                                   " messages before its answer was in place"},
        Finality::kFinalWhenNew, now);
  }
  socket_.held.push_back(std::move(action));
  return {};
}

Session::Actions Session::hear(const Members& members, Time /*now*/) {
  return {ShowMembers{members}};
}

Session::Actions Session::hear(const CodecReport& report, Time /*now*/) {
  return {ShowCodecs{report}};
}

Session::Actions Session::hear(const Notice& notice, Time /*now*/) { return {ShowNotice{notice}}; }

Session::Actions Session::hear(const ServerError& error, Time /*now*/) {
  socket_.error = error;
  return {};
}

Session::Actions Session::hear(const Ping& /*ping*/, Time /*now*/) { return {}; }

Session::Actions Session::hear(const Bye& /*bye*/, Time now) {
  return onServerEnd("it ended the session", now);
}

/// What the server said of it before, if it did, is worth more than how it came.
Session::Actions Session::onServerEnd(const std::string& how, Time now) {
  if (phase_ < Phase::kOpen) return {};
  if (!socket_.error) {
    return onLoss(
        {ErrorCode::kClosed, options_.server + ", channel " + options_.channel + ": " + how},
        Finality::kRetry, now);
  }
  Error error = describe(*socket_.error, options_.server, options_.channel, options_.role);
  const Finality finality = finalityOf(socket_.error->code);
  if (socket_.error->code != "media-lost") return onLoss(error, finality, now);
  error.message += iceTrouble();
  auto actions = onLoss(error, finality, now);
  // It has thrown away what it had of this peer connection.
  if (phase_ != Phase::kEnded) append(actions, makePeer());
  return actions;
}

}  // namespace rtcpub::session
