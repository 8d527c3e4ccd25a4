#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/session/backoff.h"
#include "core/session/server_features.h"
#include "core/source/waiting.h"
#include "core/spider/message.h"
#include "rtcpub/clock.h"
#include "rtcpub/result.h"
#include "rtcpub/state.h"

/// The client's state machine: pure, driven by events and the time, it returns what is to be done.
///
/// Signalling and media are apart: when the socket is lost the media goes on and the offer is sent
/// again, by which a server knows its client; when the media falls silent the socket carries
/// another offer. What is lost is made again until it is there, unless the reason is final.
namespace rtcpub::session {

// --- Events
struct Start {};
/// The peer connection has made its offer.
struct OfferReady {
  std::string sdp;
};
/// The peer connection found a candidate of its own.
struct CandidateFound {
  spider::Candidate candidate;
};
struct SocketOpened {
  ServerFeatures server{};
};
/// It could not be opened.
struct SocketFailed {
  Error error;
  bool heard = true;  ///< there was an answer, a refusal say; without one the network is silent
};
struct SocketClosed {
  std::string reason;
};
struct TextReceived {
  std::string text;
};
struct AnswerApplied {};
/// The peer connection has answered the server's offer (ApplyOffer).
struct AnswerReady {
  std::string sdp;
};
struct PeerConnected {};
struct PeerDisconnected {};  ///< the path is silent, may come back
/// No path was found, or none comes back by itself.
struct PathFailed {
  std::string reason;
};
/// A STUN or TURN server is of no use, and why.
struct IceServerFailed {
  std::string reason;
};
/// The peer connection can't do what it was told to.
struct PeerFailed {
  std::string reason;
};
/// Interfaces, addresses or routes of this machine have changed.
struct NetworkChanged {
  bool socketUsable = true;  ///< the socket's own address is still there
};
/// The peer connection is to offer again what it offers, changed: other codecs first, say.
struct OfferAgain {};
/// What people are to know of a connection that stands; empty when there is nothing any more.
struct Noted {
  std::string what;
};
struct StopRequested {};
struct TimePassed {};
using Event = std::variant<Start, OfferReady, CandidateFound, SocketOpened, SocketFailed,
                           SocketClosed, TextReceived, AnswerApplied, AnswerReady, PeerConnected,
                           PeerDisconnected, PathFailed, IceServerFailed, PeerFailed,
                           NetworkChanged, OfferAgain, Noted, StopRequested, TimePassed>;

// --- Actions
/// Make a peer connection, in place of the one that there is, and its offer.
struct MakePeer {};
/// Make another offer, with all that stays as it is.
struct MakeOffer {};
/// Make an offer with new ICE credentials.
struct RestartIce {};
/// Look for the server's media port anew, with the credentials that there are.
struct RefreshPath {};
/// Open a socket, in place of the one that there is.
struct Dial {};
/// Cut the socket without a farewell: the server keeps the media.
struct CutSocket {};
struct Send {
  spider::Message message;
};
struct ApplyAnswer {
  std::string sdp;
};
/// Answer an offer of the server's (it renegotiates).
struct ApplyOffer {
  std::string sdp;
};
struct AddCandidate {
  spider::Candidate candidate;
};
struct Report {
  StateChange change;
  bool news = false;  ///< trouble whose reason wasn't told since all was well
};
/// Who is on the channel, as the server says.
struct Members {
  int publishers;
  int subscribers;
};
struct ShowCodecs {
  CodecReport report;
};
/// Close the socket with a farewell, and the peer connection.
struct HangUp {};
/// The end; an error when it is not what the user asked for.
struct Finish {
  std::optional<Error> error;
};
using Action =
    std::variant<MakePeer, MakeOffer, RestartIce, RefreshPath, Dial, CutSocket, Send, ApplyAnswer,
                 ApplyOffer, AddCandidate, Report, Members, ShowCodecs, HangUp, Finish>;

struct Options {
  std::string server;   ///< for messages to people
  std::string channel;  ///< for messages to people
  bool trickle = true;
  bool relayOnly = false;  ///< only ways through TURN servers may be used
  /// How long candidates are waited for after the first, when they stand in the offer.
  std::chrono::milliseconds gathering{1000};
  std::optional<std::chrono::milliseconds> maxRetryTime;
  bool failFast = false;  ///< any failure is the end as long as media have never flowed
};

class Session {
 public:
  /// `random` gives numbers from 0 to below 1.
  Session(Options options, std::function<double()> random);

  /// Takes one event; returns what the caller must now do, in order. After Finish nothing more
  /// comes.
  [[nodiscard]] std::vector<Action> handle(const Event& event, Time now);

  /// When to send TimePassed, if nothing else happens before.
  [[nodiscard]] std::optional<Time> deadline() const;

 private:
  /// How far signalling has come; whether media flows is told apart from it.
  enum class Phase {
    kIdle,     ///< before Start
    kWaiting,  ///< for the next attempt
    kDialing,
    kOpen,      ///< the socket is open; the offer is not ready
    kOffered,   ///< the offer is sent
    kAnswered,  ///< the answer is being applied
    kRegistered,
    kEnded,
  };
  enum class Path { kNone, kUp, kSilent };
  /// What a failure means for going on.
  enum class Finality {
    kRetry,
    kFinalWhenNew,  ///< it is the user's to mend, unless it has worked before
    kFinal,
  };
  using Actions = std::vector<Action>;
  using Deadline = std::optional<Time>;

  Actions on(const Start& event, Time now);
  Actions on(const OfferReady& event, Time now);
  Actions on(const CandidateFound& event, Time now);
  Actions on(const SocketOpened& event, Time now);
  Actions on(const SocketFailed& event, Time now);
  Actions on(const SocketClosed& event, Time now);
  Actions on(const TextReceived& event, Time now);
  Actions on(const AnswerApplied& event, Time now);
  Actions on(const AnswerReady& event, Time now);
  Actions on(const PeerConnected& event, Time now);
  Actions on(const PeerDisconnected& event, Time now);
  Actions on(const PathFailed& event, Time now);
  Actions on(const IceServerFailed& event, Time now);
  Actions on(const PeerFailed& event, Time now);
  Actions on(const NetworkChanged& event, Time now);
  Actions on(const OfferAgain& event, Time now);
  Actions on(const Noted& event, Time now);
  Actions on(const StopRequested& event, Time now);
  Actions on(const TimePassed& event, Time now);

  // What the server said.
  Actions onMessage(const spider::Offer& offer, Time now);
  Actions onMessage(const spider::Answer& answer, Time now);
  Actions onMessage(const spider::Candidate& candidate, Time now);
  Actions onMessage(const spider::Joins& joins, Time now);
  Actions onMessage(const spider::Ping& ping, Time now);
  Actions onMessage(const spider::ServerError& error, Time now);
  Actions onMessage(const spider::Codecs& codecs, Time now);
  Actions onMessage(const spider::Close& close, Time now);
  /// Does it now, or once the answer is in place.
  Actions afterAnswer(Action action, Time now);

  // Signalling.
  Actions dial(Time now);
  Actions sendOfferWhenReady(Time now);
  Actions sendOffer(const std::string& sdp, Time now);
  Actions rejoined(Time now);
  Actions sendCompleteOffer(Time now);
  Actions registered(Time now);
  /// The socket is lost or no good: tries again later, or ends.
  Actions onLoss(Error error, Finality finality, Time now);
  Actions onServerEnd(const std::string& how, Time now);
  [[nodiscard]] Time nextAttempt(Time now);
  /// Makes the other offer that was asked for, if now is the time.
  void offerAgain(Actions& actions);

  // Media.
  Actions makePeer();
  Actions restartIce(Time now);
  void awaitPath(Time now);
  void hurryPath(Time now);
  Actions onPathOverdue(Time now);
  Actions onNoPath(const std::string& reason, Time now);
  Actions renewPeer(Time now);
  [[nodiscard]] Error pathLost(const std::string& reason) const;
  Actions refreshPath(Time now);
  [[nodiscard]] bool healthy() const { return phase_ == Phase::kRegistered && path_ == Path::kUp; }
  [[nodiscard]] Error noPath(const std::string& reason) const;
  /// What an ICE server said, as the end of a sentence about a path that never was.
  [[nodiscard]] std::string iceTrouble() const;

  // Trouble, and the end.
  /// Whether going on is pointless; notes the error if not.
  bool isTheEnd(const Error& error, Finality finality, Time now);
  Actions end(const std::string& reason, std::optional<Error> error);
  [[nodiscard]] StateChange state() const;
  void reportChange(Actions& actions);

  Options options_;
  Backoff backoff_;
  Phase phase_ = Phase::kIdle;
  Path path_ = Path::kNone;
  bool everRegistered_ = false;
  bool everHealthy_ = false;

  // The peer connection's offer.
  std::optional<std::string> offer_;  ///< nothing while it is being made
  bool unanswered_ = false;           ///< the peer connection waits for an answer to it
  bool complete_ = false;             ///< its candidates stand in it
  /// Candidates of ours that were not sent yet.
  std::vector<spider::Candidate> found_;
  std::string joined_;          ///< the newest one that the server has answered
  bool rejoining_ = false;      ///< that one is sent, not the newest
  bool restarted_ = false;      ///< ICE, since the path was up
  bool offerAgain_ = false;     ///< another offer is wanted, but not asked for yet
  bool offeringAgain_ = false;  ///< it is being made or answered: no news for people
  std::string iceTrouble_;      ///< the newest that an ICE server said to this peer connection

  ServerFeatures server_;  ///< of the one that the socket leads to

  // What the server is to this peer connection.
  std::string answer_;                      ///< the one that is being applied
  std::optional<std::string> serverUfrag_;  ///< from when an answer is in place
  bool serverKeeps_ = false;                ///< it may know its client again by the same offer
  std::size_t candidates_ = 0;              ///< of the server's, since its last description
  bool serverTrickles_ = false;             ///< it finds our candidates, or is told them
  std::optional<spider::ServerError> serverError_;
  /// What the server sent before its answer was in place.
  Actions held_;

  // Trouble.
  std::string trouble_;  ///< in words; empty when all is well
  std::string note_;     ///< what people are to know of a connection that stands
  ToldReasons told_;     ///< of the trouble since all was well
  std::optional<Error> lastError_;
  Deadline troubleSince_;
  Deadline healthySince_;
  StateChange reported_;

  Time dialed_;
  Deadline giveUpAt_;
  Deadline dialAt_;
  Deadline answerBy_;
  Deadline gatherUntil_;
  Deadline pathBy_;
  Deadline refreshAt_;
  Deadline renewAt_;  ///< a new peer connection is made then
  Deadline pingAt_;
};

}  // namespace rtcpub::session
