#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/session/backoff.h"
#include "core/session/deadlines.h"
#include "core/session/server_features.h"
#include "core/session/server_refusal.h"
#include "core/session/signal.h"
#include "core/source/waiting.h"
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
  Candidate candidate;
};
struct SocketOpened {
  ServerFeatures server{};
};
/// It could not be opened.
struct SocketFailed {
  Error error;
  bool heard = true;   ///< there was an answer, a refusal say; without one the network is silent
  std::string code{};  ///< of a refusal, as in ServerError
  /// No sooner should the next attempt be made.
  std::optional<std::chrono::milliseconds> retryAfter{};
};
struct SocketClosed {
  std::string reason;
};
/// The server said something.
struct Heard {
  FromServer what;
};
/// The server said something that breaks the protocol, and how.
struct Garbled {
  std::string how;
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
                           SocketClosed, Heard, Garbled, AnswerApplied, AnswerReady, PeerConnected,
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
  ToServer what;
};
struct ApplyAnswer {
  std::string sdp;
};
/// Answer an offer of the server's (it renegotiates).
struct ApplyOffer {
  std::string sdp;
};
struct AddCandidate {
  Candidate candidate;
};
struct Report {
  StateChange change;
  bool news = false;  ///< trouble whose reason wasn't told since all was well
};
struct ShowMembers {
  Members members;
};
struct ShowNotice {
  Notice notice;
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
using Action = std::variant<MakePeer, MakeOffer, RestartIce, RefreshPath, Dial, CutSocket, Send,
                            ApplyAnswer, ApplyOffer, AddCandidate, Report, ShowMembers, ShowCodecs,
                            ShowNotice, HangUp, Finish>;

struct Options {
  // For messages to people:
  std::string server;
  std::string channel;
  std::string protocol;  ///< what carries all this: "Spider"

  Role role = Role::kSubscriber;
  std::vector<std::string> open{};  ///< Offer::open
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
  /// What is to happen at some time if nothing else does before; of several the first one first.
  enum class Due {
    kGiveUp,
    kDial,
    kNoAnswer,  ///< of the server's to the offer
    kGathered,  ///< the candidates that are to stand in the offer
    kNoPath,    ///< that was expected
    kRenewPeer,
    kRefreshPath,
    kPing,
    kCount,
  };
  using Actions = std::vector<Action>;
  static constexpr std::chrono::seconds kPingInterval{30};  // docs/protocol.md

  static void append(Actions& actions, Actions more);

  Actions on(const Start& event, Time now);
  Actions on(const OfferReady& event, Time now);
  Actions on(const CandidateFound& event, Time now);
  Actions on(const SocketOpened& event, Time now);
  Actions on(const SocketFailed& event, Time now);
  Actions on(const SocketClosed& event, Time now);
  Actions on(const Heard& event, Time now);
  Actions on(const Garbled& event, Time now);
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
  Actions hear(const Offer& offer, Time now);
  Actions hear(const Answer& answer, Time now);
  Actions hear(const Candidate& candidate, Time now);
  Actions hear(const Members& members, Time now);
  Actions hear(const CodecReport& report, Time now);
  Actions hear(const Notice& notice, Time now);
  Actions hear(const ServerError& error, Time now);
  Actions hear(const Ping& ping, Time now);
  Actions hear(const Bye& bye, Time now);
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
  Actions onLoss(const Error& error, Finality finality, Time now);
  Actions onNoAnswer(Time now);
  Actions onServerEnd(const std::string& how, Time now);
  [[nodiscard]] Error refused(const SocketFailed& event) const;
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
  [[nodiscard]] bool healthy() const {
    return phase_ == Phase::kRegistered && peer_.path == Path::kUp;
  }
  [[nodiscard]] Error noPath(const std::string& reason) const;
  /// What an ICE server said, as the end of a sentence about a path that never was.
  [[nodiscard]] std::string iceTrouble() const;

  // Trouble, and the end.
  /// Whether going on is pointless; notes the error if not.
  bool isTheEnd(const Error& error, Finality finality, Time now);
  Actions end(const std::string& reason, std::optional<Error> error);
  [[nodiscard]] StateChange state() const;
  void reportChange(Actions& actions);

  /// The socket that there is, or is being opened.
  struct Socket {
    Time dialed{};
    ServerFeatures server{};  ///< of the one that it leads to
    bool rejoining = false;   ///< the offer that it carried is the one that was answered before
    std::string answer{};     ///< the one that is being applied
    Actions held{};           ///< what came before that was in place
    std::optional<ServerError> error{};
  };
  /// The peer connection that there is.
  struct PeerConnection {
    bool complete = false;  ///< its candidates stand in its offer
    Path path = Path::kNone;
    bool restarted = false;                    ///< ICE, since the path was up
    std::optional<std::string> offer{};        ///< nothing while it is being made
    bool unanswered = false;                   ///< it waits for an answer to its offer
    bool offerAgain = false;                   ///< another offer is wanted, but not asked for yet
    bool offeringAgain = false;                ///< it is being made or answered: no news for people
    std::vector<Candidate> found{};            ///< its candidates that were not sent yet
    std::optional<std::string> serverUfrag{};  ///< from when an answer is in place
    std::string iceTrouble{};                  ///< the newest that an ICE server said to it
    std::string note{};  ///< what people are to know while its connection stands
  };

  Options options_;
  Backoff backoff_;
  Phase phase_ = Phase::kIdle;
  Deadlines<Due> deadlines_;
  Socket socket_;
  PeerConnection peer_;

  // The server.
  std::string joined_;           ///< the newest offer that it has answered
  bool serverKeeps_ = false;     ///< it may know its client again by the same offer
  bool serverTrickles_ = false;  ///< it finds our candidates, or is told them
  std::size_t candidates_ = 0;   ///< of its own, since its last description

  // How it went.
  bool everRegistered_ = false;
  bool everHealthy_ = false;
  std::optional<Time> healthySince_;
  std::optional<Time> troubleSince_;
  std::string trouble_;  ///< in words; empty when all is well
  ToldReasons told_;     ///< of the trouble since all was well
  std::optional<Error> lastError_;
  StateChange reported_;
};

}  // namespace rtcpub::session
