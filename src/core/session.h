#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/spider.h"
#include "rtcpub/clock.h"
#include "rtcpub/result.h"
#include "rtcpub/state.h"

/// The client's state machine: pure, driven by events and the time, it returns what is to be done.
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
struct SocketOpened {};
struct SocketFailed {
  Error error;
};  ///< could not be opened
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
struct PeerFailed {
  std::string reason;
};
struct StopRequested {};
struct TimePassed {};
using Event = std::variant<Start, OfferReady, CandidateFound, SocketOpened, SocketFailed,
                           SocketClosed, TextReceived, AnswerApplied, AnswerReady, PeerConnected,
                           PeerDisconnected, PeerFailed, StopRequested, TimePassed>;

// --- Actions
struct CreateOffer {};
struct Dial {};
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
};
struct Viewers {
  int count;
};
/// Close the socket and the peer connection.
struct HangUp {};
/// The end; an error when it is not what the user asked for.
struct Finish {
  std::optional<Error> error;
};
using Action = std::variant<CreateOffer, Dial, Send, ApplyAnswer, ApplyOffer, AddCandidate, Report,
                            Viewers, HangUp, Finish>;

class Session {
 public:
  /// `server` and `channel` are for messages to people.
  Session(std::string server, std::string channel);

  /// Takes one event; returns what the caller must now do, in order. After Finish nothing more
  /// comes.
  [[nodiscard]] std::vector<Action> handle(const Event& event, Time now);

  /// When to send TimePassed, if nothing else happens before.
  [[nodiscard]] std::optional<Time> deadline() const;

 private:
  /// How far signalling has come; whether media flows is told apart from it.
  enum class Phase {
    kIdle,       ///< before Start
    kPreparing,  ///< the offer is being made and the socket opened, side by side
    kOffered,    ///< the offer is sent
    kAnswered,   ///< the answer is being applied
    kRegistered,
    kEnded,
  };
  enum class Path { kNone, kUp, kSilent };
  using Actions = std::vector<Action>;

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
  Actions on(const PeerFailed& event, Time now);
  Actions on(const StopRequested& event, Time now);
  Actions on(const TimePassed& event, Time now);

  // What the server said.
  Actions onMessage(const spider::Offer& offer);
  Actions onMessage(const spider::Answer& answer);
  Actions onMessage(const spider::Candidate& candidate);
  Actions onMessage(const spider::Joins& joins);
  Actions onMessage(const spider::Ping& ping);
  Actions onMessage(const spider::ServerError& error);
  Actions onMessage(const spider::Close& close);

  Actions sendOfferWhenReady(Time now);
  /// Does it now, or once the answer is in place.
  Actions afterAnswer(Action action);
  Actions reportPath() const;
  [[nodiscard]] Error closedByServer(const std::string& how) const;
  [[nodiscard]] Error pathFailure(const std::string& reason) const;

  /// Decides what the loss of the connection means: today that it is given up. A retry begins here.
  Actions onLoss(Error error);
  Actions end(const std::string& reason, std::optional<Error> error);

  std::string server_;
  std::string channel_;
  Phase phase_ = Phase::kIdle;
  Path path_ = Path::kNone;
  bool socketOpen_ = false;
  std::optional<std::string> offer_;
  /// Candidates of ours, found before the offer was sent.
  std::vector<spider::Candidate> found_;
  /// What the server sent before its answer was in place.
  Actions held_;
  std::optional<spider::ServerError> serverError_;
  std::optional<Time> deadline_;
};

}  // namespace rtcpub::session
