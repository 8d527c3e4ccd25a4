#include "core/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::session {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct ActionText {
  std::string operator()(const MakePeer& /*action*/) const { return "make peer"; }
  std::string operator()(const RestartIce& /*action*/) const { return "restart ice"; }
  std::string operator()(const RefreshPath& /*action*/) const { return "refresh path"; }
  std::string operator()(const CutSocket& /*action*/) const { return "cut socket"; }
  std::string operator()(const Dial& /*action*/) const { return "dial"; }
  std::string operator()(const Send& action) const {
    return "send " + spider::format(action.message);
  }
  std::string operator()(const ApplyAnswer& action) const { return "apply answer " + action.sdp; }
  std::string operator()(const ApplyOffer& action) const { return "apply offer " + action.sdp; }
  std::string operator()(const AddCandidate& action) const {
    return "add " + action.candidate.candidate;
  }
  std::string operator()(const Report& action) const {
    return std::string("report ") + name(action.change.state);
  }
  std::string operator()(const Viewers& action) const {
    return "viewers " + std::to_string(action.count);
  }
  std::string operator()(const HangUp& /*action*/) const { return "hang up"; }
  std::string operator()(const Finish& action) const {
    return action.error ? "finish with an error" : "finish";
  }
};

const std::string kSdp = "v=0\r\na=ice-lite\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:";

/// An answer of a server that keeps its clients' sessions.
spider::Answer keeping(const std::string& ufrag) { return {kSdp + ufrag + "\r\n"}; }

/// An answer of another one.
spider::Answer foreign(const std::string& ufrag) {
  return {"v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:" + ufrag + "\r\n"};
}

/// A session with a variable for a clock, and its actions as text. Its random numbers are the mean.
class SessionTest : public testing::Test {
 protected:
  std::vector<std::string> handle(const Event& event) {
    std::vector<std::string> texts;
    for (const auto& action : session_.handle(event, now_)) {
      texts.push_back(std::visit(ActionText{}, action));
      if (const auto* finish = std::get_if<Finish>(&action)) error_ = finish->error;
      if (const auto* report = std::get_if<Report>(&action)) reason_ = report->change.reason;
    }
    return texts;
  }

  std::vector<std::string> hear(const spider::Message& message) {
    return handle(TextReceived{spider::format(message)});
  }

  /// Lets the time pass to the next deadline; `left` from now on it is due.
  std::vector<std::string> wait(std::chrono::milliseconds left) {
    if (session_.deadline() != now_ + left) {
      return {"the deadline is " +
              (session_.deadline() ? std::to_string(std::chrono::round<std::chrono::milliseconds>(
                                                        *session_.deadline() - now_)
                                                        .count()) +
                                         " ms from now"
                                   : std::string("none"))};
    }
    now_ += left;
    return handle(TimePassed{});
  }

  static Session make(Options options) {
    options.server = "wss://spider.example:8267";
    options.channel = "x";
    return {std::move(options), [] { return 0.5; }};
  }

  void offer() {
    handle(Start{});
    handle(OfferReady{"O"});
    handle(SocketOpened{});
  }

  void registerSession(const spider::Answer& answer = keeping("S")) {
    offer();
    hear(answer);
    handle(AnswerApplied{});
  }

  void connect(const spider::Answer& answer = keeping("S")) {
    registerSession(answer);
    handle(PeerConnected{});
  }

  /// What the session's end was, after `event`.
  Error endOf(const Event& event) {
    EXPECT_THAT(handle(event), ElementsAre("hang up", "report closed", "finish with an error"));
    EXPECT_EQ(session_.deadline(), std::nullopt);
    EXPECT_THAT(handle(PeerConnected{}), IsEmpty()) << "after Finish nothing more comes";
    return error_.value_or(Error{});
  }

  Error endOf(const spider::Message& message) {
    return endOf(Event(TextReceived{spider::format(message)}));
  }

  Session session_ = make({});
  Time now_{1h};
  std::optional<Error> error_;
  std::string reason_;  ///< of the newest report
};

const std::string kOffer = R"(send {"type":"offer","data":"O"})";
const Error kRefused{ErrorCode::kUnreachable, "connection refused"};

std::string candidateText(const std::string& line) {
  return "send " + spider::format(spider::Candidate{line, "0", 0, {}});
}

CandidateFound found(const std::string& line) { return {{line, "0", 0, {}}}; }

// --- The first time

TEST_F(SessionTest, MakesTheOfferAndDialsAtOnce) {
  EXPECT_THAT(handle(Start{}), ElementsAre("make peer", "dial", "report connecting"));
  EXPECT_THAT(handle(Start{}), IsEmpty());
}

TEST_F(SessionTest, SendsTheOfferWhenItIsReadyAndTheSocketOpenInEitherOrder) {
  handle(Start{});
  EXPECT_THAT(handle(OfferReady{"O"}), IsEmpty());
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer));

  session_ = make({});
  handle(Start{});
  EXPECT_THAT(handle(SocketOpened{}), IsEmpty());
  EXPECT_THAT(handle(OfferReady{"O"}), ElementsAre(kOffer));
}

TEST_F(SessionTest, HoldsItsCandidatesUntilTheOfferIsSent) {
  handle(Start{});
  handle(OfferReady{"O"});
  EXPECT_THAT(handle(found("candidate:1")), IsEmpty());
  EXPECT_THAT(handle(found("candidate:2")), IsEmpty());
  EXPECT_THAT(handle(SocketOpened{}),
              ElementsAre(kOffer, candidateText("candidate:1"), candidateText("candidate:2")));
  EXPECT_THAT(handle(found("")), ElementsAre(candidateText("")));
}

TEST_F(SessionTest, IsRegisteredWhenTheAnswerIsInPlace) {
  offer();
  EXPECT_THAT(hear(spider::Answer{"A"}), ElementsAre("apply answer A"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, ReportsRegisteredBeforeConnectedWhateverTheEngineSaysFirst) {
  offer();
  hear(spider::Answer{"A"});
  EXPECT_THAT(handle(PeerConnected{}), IsEmpty());
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "report connected"));
}

TEST_F(SessionTest, HoldsTheServersCandidatesUntilTheAnswerIsInPlace) {
  offer();
  EXPECT_THAT(hear(spider::Candidate{"candidate:1", {}, {}, {}}), IsEmpty());
  hear(spider::Answer{"A"});
  EXPECT_THAT(hear(spider::Candidate{"candidate:2", {}, {}, {}}), IsEmpty());
  EXPECT_THAT(handle(AnswerApplied{}),
              ElementsAre("report registered", "add candidate:1", "add candidate:2"));
  EXPECT_THAT(hear(spider::Candidate{"candidate:3", {}, {}, {}}), ElementsAre("add candidate:3"));
}

TEST_F(SessionTest, DoesNotHoldWithoutBound) {
  offer();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(hear(spider::Candidate{"candidate:1", {}, {}, {}}), IsEmpty());
  }
  EXPECT_EQ(endOf(spider::Candidate{"candidate:1", {}, {}, {}}).code, ErrorCode::kProtocol);
}

TEST_F(SessionTest, AnswersTheServersOffers) {
  registerSession();
  EXPECT_THAT(hear(spider::Offer{"R"}), ElementsAre("apply offer R"));
  EXPECT_THAT(handle(AnswerReady{"B"}), ElementsAre(R"(send {"type":"answer","data":"B"})"));
}

TEST_F(SessionTest, LetsTheServersOfferWaitForItsAnswer) {
  offer();
  EXPECT_THAT(hear(spider::Offer{"R"}), IsEmpty());
  hear(spider::Answer{"A"});
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "apply offer R"));
}

TEST_F(SessionTest, IgnoresAnAnswerThatItDidNotAskFor) {
  handle(Start{});
  EXPECT_THAT(hear(spider::Answer{"A"}), IsEmpty());
  registerSession();
  EXPECT_THAT(hear(spider::Answer{"A"}), IsEmpty());
}

TEST_F(SessionTest, CountsViewers) {
  registerSession();
  EXPECT_THAT(hear(spider::Joins{"x", 1, 3}), ElementsAre("viewers 3"));
}

TEST_F(SessionTest, PingsEveryThirtySecondsAndAnswersNone) {
  connect();
  EXPECT_THAT(hear(spider::Ping{}), IsEmpty());
  now_ += 29s;
  EXPECT_THAT(handle(TimePassed{}), IsEmpty());
  EXPECT_THAT(wait(1s), ElementsAre(R"(send {"type":"ping"})"));
  EXPECT_EQ(session_.deadline(), now_ + 30s);
}

TEST_F(SessionTest, IgnoresMessagesOfANewerProtocol) {
  registerSession();
  EXPECT_THAT(handle(TextReceived{R"({"type":"weather","data":"fine"})"}), IsEmpty());
  EXPECT_THAT(handle(TextReceived{R"({"type":"joins","data":"5"})"}), IsEmpty());
}

TEST_F(SessionTest, StopsWithoutAnErrorInEveryPhase) {
  const auto stops = [this] {
    EXPECT_THAT(handle(StopRequested{}), ElementsAre("hang up", "report closed", "finish"));
    EXPECT_THAT(handle(StopRequested{}), IsEmpty());
    session_ = make({});
  };
  stops();
  handle(Start{});
  stops();
  offer();
  stops();
  connect();
  stops();
  connect();
  handle(SocketClosed{"reset"});
  stops();
}

// --- A server that isn't there

TEST_F(SessionTest, DialsForEverWithLongerAndLongerWaitsWhileItIsRefused) {
  handle(Start{});
  handle(OfferReady{"O"});
  EXPECT_THAT(handle(SocketFailed{kRefused}), ElementsAre("report connecting"));
  EXPECT_THAT(reason_, HasSubstr("connection refused; trying again"));
  for (const auto delay : {250ms, 275ms, 302ms, 333ms}) {
    EXPECT_THAT(wait(delay), ElementsAre("dial"));
    EXPECT_THAT(handle(SocketFailed{kRefused}), IsEmpty()) << "nothing new to report";
  }
  now_ = *session_.deadline();
  EXPECT_THAT(handle(TimePassed{}), ElementsAre("dial"));
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer));
}

TEST_F(SessionTest, DialsOnceASecondIntoASilentNetwork) {
  handle(Start{});
  for (int i = 0; i < 20; ++i) {
    handle(SocketFailed{{ErrorCode::kUnreachable, "no route"}, false});
    EXPECT_THAT(wait(1s), ElementsAre("dial"));
  }
  now_ += 2s;
  handle(SocketFailed{{ErrorCode::kUnreachable, "no answer"}, false});
  EXPECT_THAT(wait(0s), ElementsAre("dial")) << "the attempt took long enough";
}

TEST_F(SessionTest, DialsAtOnceWhenTheNetworkChanges) {
  handle(Start{});
  for (int i = 0; i < 10; ++i) {
    handle(SocketFailed{kRefused});
    now_ = *session_.deadline();
    handle(TimePassed{});
  }
  handle(SocketFailed{kRefused});
  EXPECT_THAT(handle(NetworkChanged{}), ElementsAre("dial"));
  EXPECT_THAT(handle(NetworkChanged{}), ElementsAre("dial")) << "instead of what is under way";
  handle(SocketFailed{kRefused});
  EXPECT_THAT(wait(250ms), ElementsAre("dial")) << "from the beginning";
}

TEST_F(SessionTest, GivesUpAtOnceOnWhatTheUserMustMend) {
  for (const auto code :
       {ErrorCode::kTlsRefused, ErrorCode::kRejected, ErrorCode::kProtocol, ErrorCode::kNotFound}) {
    session_ = make({});
    handle(Start{});
    const Error error{code, "self-signed"};
    EXPECT_EQ(endOf(SocketFailed{error}), error);
  }
}

TEST_F(SessionTest, GoesOnWhateverTheServerSaysOnceItHasWorked) {
  for (const auto code : {ErrorCode::kTlsRefused, ErrorCode::kRejected, ErrorCode::kProtocol}) {
    session_ = make({});
    connect();
    handle(SocketClosed{"reset"});
    handle(TimePassed{});
    now_ = *session_.deadline();
    EXPECT_THAT(handle(TimePassed{}), ElementsAre("dial"));
    EXPECT_THAT(handle(SocketFailed{{code, "in mid-deployment"}}), ElementsAre("report connected"));
    EXPECT_THAT(reason_, HasSubstr("in mid-deployment"));
    EXPECT_NE(session_.deadline(), std::nullopt);
  }
}

TEST_F(SessionTest, TriesAgainWhenThereIsNoAnswerWithinTenSeconds) {
  handle(Start{});
  handle(OfferReady{"O"});
  EXPECT_EQ(session_.deadline(), std::nullopt);
  now_ += 5s;
  handle(SocketOpened{});
  EXPECT_THAT(wait(10s), ElementsAre("cut socket", "report connecting"));
  EXPECT_THAT(reason_, HasSubstr("did not answer"));
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer)) << "nobody has answered it yet";
}

TEST_F(SessionTest, EndsOnNonsenseWithoutRepeatingIt) {
  offer();
  const auto error = endOf(TextReceived{"<html>" + std::string(100000, 'x')});
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("not JSON"));
  EXPECT_LT(error.message.size(), 300U);
}

TEST_F(SessionTest, SaysWhyTheServerRefused) {
  offer();
  EXPECT_THAT(hear(spider::ServerError{"no-common-codec", "no common codec"}), IsEmpty());
  const auto error = endOf(spider::Close{});
  EXPECT_EQ(error.code, ErrorCode::kRejected);
  EXPECT_THAT(error.message, HasSubstr("no common codec"));
}

TEST_F(SessionTest, TriesAgainWhenTheServerGaveUpWaiting) {
  offer();
  hear(spider::ServerError{"timeout", "no offer came"});
  EXPECT_THAT(hear(spider::Close{}), ElementsAre("cut socket", "report connecting"));
  EXPECT_THAT(handle(SocketClosed{""}), IsEmpty()) << "that is known";
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
}

TEST_F(SessionTest, BlamesTheAnswerWhenTheEngineFailsOnIt) {
  offer();
  hear(spider::Answer{"A"});
  const auto error = endOf(PeerFailed{"no m-line"});
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("answer can't be used: no m-line"));
}

TEST_F(SessionTest, FailsWhenNoOfferCanBeMade) {
  handle(Start{});
  EXPECT_EQ(endOf(PeerFailed{"no encoder"}).code, ErrorCode::kInternal);
}

TEST_F(SessionTest, MakesAnotherPeerWhenOneFailsLater) {
  connect();
  handle(SocketClosed{"reset"});
  now_ += 250ms;
  handle(TimePassed{});
  handle(SocketOpened{});
  hear(keeping("T"));
  EXPECT_THAT(handle(PeerFailed{"out of memory"}),
              ElementsAre("cut socket", "report reconnecting"));
  now_ = *session_.deadline();
  EXPECT_THAT(handle(TimePassed{}), ElementsAre("dial"));
  EXPECT_THAT(handle(TimePassed{}), ElementsAre("make peer"));
}

// --- The longest time to retry

TEST_F(SessionTest, EndsAtTheFirstLossWhenItMayNotRetry) {
  session_ = make({.maxRetryTime = 0ms});
  handle(Start{});
  EXPECT_EQ(endOf(SocketFailed{kRefused}), kRefused);

  session_ = make({.maxRetryTime = 0ms});
  connect();
  now_ += 1h;
  const auto error = endOf(SocketClosed{"reset\nby peer"});
  EXPECT_EQ(error.code, ErrorCode::kClosed);
  EXPECT_THAT(error.message, HasSubstr("reset?by peer"));

  session_ = make({.maxRetryTime = 0ms});
  connect();
  EXPECT_EQ(endOf(spider::Close{}).code, ErrorCode::kClosed);
}

TEST_F(SessionTest, EndsWithTheLastErrorWhenTheTimeIsUp) {
  session_ = make({.maxRetryTime = 700ms});
  handle(Start{});
  handle(SocketFailed{{ErrorCode::kUnreachable, "refused"}});
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
  handle(SocketFailed{{ErrorCode::kUnreachable, "refused again"}});
  EXPECT_THAT(wait(275ms), ElementsAre("dial"));
  EXPECT_THAT(wait(175ms), ElementsAre("hang up", "report closed", "finish with an error"));
  EXPECT_EQ(error_->message, "refused again");
}

TEST_F(SessionTest, CountsTheTimeToRetryFromEachLossAnew) {
  session_ = make({.maxRetryTime = 10s});
  connect();
  for (int i = 0; i < 3; ++i) {
    now_ += 1h;
    handle(SocketClosed{"reset"});
    handle(TimePassed{});
    now_ += 9s;
    handle(SocketOpened{});
    EXPECT_THAT(hear(keeping("S")), ElementsAre("report registered", "report connected"));
  }
}

// --- The socket is lost

TEST_F(SessionTest, KeepsTheMediaAndRejoinsWithTheSameOffer) {
  connect();
  now_ += 1min;
  EXPECT_THAT(handle(SocketClosed{"reset"}), ElementsAre("cut socket", "report connected"));
  EXPECT_THAT(reason_, HasSubstr("signalling is being rejoined"));
  EXPECT_THAT(reason_, HasSubstr("reset"));
  EXPECT_THAT(wait(0s), ElementsAre("dial")) << "at once";
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer));
  EXPECT_THAT(hear(keeping("S")), ElementsAre("report registered", "report connected"));
  EXPECT_EQ(reason_, "connected to wss://spider.example:8267");
}

TEST_F(SessionTest, WaitsBeforeItDialsWhenItWasConnectedForAMomentOnly) {
  connect();
  now_ += 1s;
  handle(SocketClosed{"reset"});
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
  handle(SocketOpened{});
  hear(keeping("S"));
  handle(SocketClosed{"reset"});
  EXPECT_THAT(wait(275ms), ElementsAre("dial"));
}

TEST_F(SessionTest, BeginsAnewOnTheSameSocketWhenTheServerDoesNotKnowIt) {
  connect();
  now_ += 1min;
  handle(SocketClosed{"reset"});
  handle(TimePassed{});
  handle(SocketOpened{});
  EXPECT_THAT(hear(keeping("T")), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
  EXPECT_THAT(hear(spider::Answer{"B"}), ElementsAre("apply answer B"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, BeginsAnewWithAServerThatKeepsNothing) {
  connect(foreign("S"));
  now_ += 1min;
  EXPECT_THAT(handle(SocketClosed{"reset"}), ElementsAre("cut socket", "report connected"));
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
}

TEST_F(SessionTest, KnowsThatItWasReplacedEvenWithoutAClose) {
  connect();
  hear(spider::ServerError{"replaced", "a newer one"});
  const auto error = endOf(SocketClosed{""});
  EXPECT_EQ(error.code, ErrorCode::kReplaced);
  EXPECT_THAT(error.message, HasSubstr("a newer one"));
}

TEST_F(SessionTest, RejoinsAtOnceWhenTheSocketsAddressIsGone) {
  connect();
  now_ += 1min;
  EXPECT_THAT(handle(NetworkChanged{}), IsEmpty());
  EXPECT_THAT(handle(NetworkChanged{.socketUsable = false}),
              ElementsAre("cut socket", "dial", "report connected"));
  EXPECT_THAT(reason_, HasSubstr("network changed"));
}

TEST_F(SessionTest, MakesAnotherPeerWhenTheServerHasLostItsMedia) {
  connect();
  now_ += 1min;
  hear(spider::ServerError{"media-lost", "nothing came for 120 s"});
  EXPECT_THAT(hear(spider::Close{}), ElementsAre("cut socket", "make peer", "report reconnecting"));
  handle(OfferReady{"P"});
  EXPECT_THAT(wait(0s), ElementsAre("dial"));
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
}

// --- The media is lost

TEST_F(SessionTest, ReportsAPathThatIsSilentAndComesBack) {
  registerSession();
  EXPECT_THAT(handle(PeerDisconnected{}), IsEmpty()) << "it was never there";
  handle(PeerConnected{});
  EXPECT_THAT(handle(PeerDisconnected{}), ElementsAre("report disconnected"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
  EXPECT_THAT(session_.deadline(), now_ + 30s) << "only the ping is left";
}

TEST_F(SessionTest, RestartsIceWhenThePathStaysSilent) {
  connect();
  handle(PeerDisconnected{});
  EXPECT_THAT(wait(2s), ElementsAre("restart ice", "report reconnecting"));
  EXPECT_THAT(handle(found("candidate:1")), IsEmpty()) << "it belongs to the new offer";
  EXPECT_THAT(handle(OfferReady{"R"}),
              ElementsAre(R"(send {"type":"offer","data":"R"})", candidateText("candidate:1")));
  EXPECT_THAT(hear(keeping("S2")), ElementsAre("apply answer " + keeping("S2").sdp));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "report disconnected"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));

  handle(SocketClosed{"reset"});
  now_ = *session_.deadline();
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(R"(send {"type":"offer","data":"R"})"));
  EXPECT_THAT(hear(keeping("S2")), ElementsAre("report registered", "report connected"));
}

TEST_F(SessionTest, RejoinsBeforeItGoesOnWithARestartThatWasNotAnswered) {
  connect();
  handle(PeerDisconnected{});
  wait(2s);
  handle(OfferReady{"R"});
  EXPECT_THAT(handle(SocketClosed{"reset"}), ElementsAre("cut socket", "report reconnecting"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected")) << "by itself";
  now_ = *session_.deadline();
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer)) << "by which the server knows it";
  EXPECT_THAT(
      hear(keeping("S")),
      ElementsAre("report registered", R"(send {"type":"offer","data":"R"})", "report connected"));
  EXPECT_THAT(hear(keeping("S2")), ElementsAre("apply answer " + keeping("S2").sdp));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "report connected"));
}

TEST_F(SessionTest, MakesAnotherPeerWhenARestartDoesNotHelp) {
  connect();
  handle(PeerDisconnected{});
  wait(2s);
  handle(OfferReady{"R"});
  hear(keeping("S2"));
  handle(AnswerApplied{});
  EXPECT_THAT(wait(3s), ElementsAre("refresh path"));
  EXPECT_THAT(wait(5s), ElementsAre("refresh path"));
  EXPECT_THAT(wait(2s), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
}

TEST_F(SessionTest, RestartsIceAtOnceWhenTheEngineHasGivenUp) {
  connect();
  EXPECT_THAT(handle(PathFailed{"gone"}), ElementsAre("restart ice", "report reconnecting"));
  EXPECT_THAT(reason_, HasSubstr("gone"));
  EXPECT_THAT(handle(PathFailed{"gone"}), IsEmpty()) << "that is under way";
}

TEST_F(SessionTest, WaitsLessForASilentPathAfterAChangeOfNetworks) {
  connect();
  handle(PeerDisconnected{});
  handle(NetworkChanged{});
  EXPECT_THAT(wait(1s), ElementsAre("restart ice", "report reconnecting"));
}

TEST_F(SessionTest, LetsTheEngineLookForTheServerThroughAnOutage) {
  connect();
  now_ += 1min;
  handle(PeerDisconnected{});
  EXPECT_THAT(handle(SocketClosed{"no sign of life"}),
              ElementsAre("cut socket", "report reconnecting"));
  EXPECT_THAT(wait(0s), ElementsAre("dial"));
  int refreshed = 0;
  const auto outage = now_ + 1h;
  while (now_ < outage) {
    now_ = std::min(*session_.deadline(), now_ + 2s);
    for (const auto& action : handle(TimePassed{})) {
      if (action == "refresh path") ++refreshed;
      EXPECT_NE(action, "make peer");
      EXPECT_NE(action, "restart ice");
    }
    handle(SocketFailed{{ErrorCode::kUnreachable, "no answer"}, false});
  }
  EXPECT_GE(refreshed, 700);
  EXPECT_THAT(handle(PathFailed{"nothing"}), ElementsAre("report reconnecting"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, RestartsIceWhenItIsBackButThePathIsNot) {
  connect();
  handle(PeerDisconnected{});
  handle(SocketClosed{"reset"});
  now_ += 30s;
  handle(TimePassed{});
  handle(SocketOpened{});
  EXPECT_THAT(hear(keeping("S")), ElementsAre("report registered", "report disconnected"));
  EXPECT_THAT(handle(TimePassed{}), ElementsAre("refresh path"));
  EXPECT_THAT(wait(1s), ElementsAre("restart ice", "report reconnecting"));
}

TEST_F(SessionTest, SaysWhatToDoWhenThereIsNoMediaPath) {
  session_ = make({.maxRetryTime = 0ms});
  registerSession();
  const auto error = endOf(PathFailed{"no reply to ICE checks"});
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_THAT(error.message, HasSubstr("wss://spider.example:8267, channel x"));
  EXPECT_THAT(error.message, HasSubstr("no reply to ICE checks"));
  EXPECT_THAT(error.message, HasSubstr("UDP"));
}

TEST_F(SessionTest, TellsALostPathFromOneThatNeverWas) {
  session_ = make({.maxRetryTime = 0ms});
  connect();
  handle(PeerDisconnected{});
  EXPECT_EQ(endOf(PathFailed{"gone"}).code, ErrorCode::kClosed);
}

TEST_F(SessionTest, TriesAnotherPeerWhenNoPathIsFound) {
  registerSession();
  EXPECT_THAT(wait(15s), ElementsAre("report registered"));
  EXPECT_THAT(reason_, HasSubstr("no media path"));
  EXPECT_THAT(wait(250ms), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
}

// --- Candidates in the offer

const std::string kSection = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n";

class CompleteOfferTest : public SessionTest {
 protected:
  static std::string sent(const std::string& candidates) {
    return "send " + spider::format(spider::Offer{kSection + candidates});
  }
};

TEST_F(CompleteOfferTest, WaitsASecondForMoreThanTheFirstCandidate) {
  session_ = make({.trickle = false});
  handle(Start{});
  handle(SocketOpened{});
  EXPECT_THAT(handle(OfferReady{kSection}), IsEmpty());
  now_ += 500ms;
  handle(found("candidate:1"));
  now_ += 400ms;
  handle(found("candidate:2"));
  EXPECT_THAT(wait(600ms), ElementsAre(sent("a=candidate:1\r\na=candidate:2\r\n")));
  EXPECT_THAT(handle(found("candidate:3")), IsEmpty());
}

TEST_F(CompleteOfferTest, GoesOutWithoutCandidatesWhenThereAreNone) {
  session_ = make({.trickle = false});
  handle(Start{});
  handle(OfferReady{kSection});
  handle(SocketOpened{});
  EXPECT_THAT(wait(1s), ElementsAre(sent("")));
}

TEST_F(CompleteOfferTest, IsFoundOutToBeNeeded) {
  registerSession(foreign("S"));
  handle(PathFailed{"nothing"});
  EXPECT_THAT(wait(250ms), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{kSection}), IsEmpty());
  handle(found("candidate:1"));
  EXPECT_THAT(wait(1s), ElementsAre(sent("a=candidate:1\r\n")));
}

TEST_F(CompleteOfferTest, IsNotNeededByAServerThatFindsItsClients) {
  registerSession(keeping("S"));
  handle(PathFailed{"nothing"});
  wait(250ms);
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre(R"(send {"type":"offer","data":"P"})"));
}

}  // namespace
}  // namespace rtcpub::session
