#include "core/session/session_fixture.h"

namespace rtcpub::session {
namespace {

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

TEST_F(SessionTest, OffersFecOnlyToAServerThatUndoesIt) {
  const std::string rest = "a=rtpmap:96 H264/90000\n";
  const std::string withFec = "m=video 9 x 96 49\n" + rest + "a=rtpmap:49 flexfec-03/90000\n";
  const auto sent = [](const std::string& sdp) { return ElementsAre("send offer " + sdp); };
  handle(Start{});
  handle(OfferReady{withFec});
  EXPECT_THAT(handle(SocketOpened{}), sent("m=video 9 x 96\n" + rest));
  handle(SocketClosed{"reset"});
  now_ = *session_.deadline();
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{{.flexfec = true}}), sent(withFec)) << "another one by now";
}

TEST_F(SessionTest, NamesTheDataChannelsThatAreOpenToViewersInItsOffer) {
  session_ = make({.open = {"chat"}});
  handle(Start{});
  (void)session_.handle(OfferReady{"O"}, now_);
  const auto actions = session_.handle(SocketOpened{}, now_);
  ASSERT_FALSE(actions.empty());
  const auto* const sent = std::get_if<Send>(&actions.front());
  ASSERT_NE(sent, nullptr);
  EXPECT_EQ(sent->what, ToServer(Offer{"O", {"chat"}}));
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
  EXPECT_THAT(hear(Answer{"A"}), ElementsAre("apply answer A"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, ReportsRegisteredBeforeConnectedWhateverTheEngineSaysFirst) {
  offer();
  hear(Answer{"A"});
  EXPECT_THAT(handle(PeerConnected{}), IsEmpty());
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "report connected"));
}

TEST_F(SessionTest, HoldsTheServersCandidatesUntilTheAnswerIsInPlace) {
  offer();
  EXPECT_THAT(hear(Candidate{"candidate:1", {}, {}, {}}), IsEmpty());
  hear(Answer{"A"});
  EXPECT_THAT(hear(Candidate{"candidate:2", {}, {}, {}}), IsEmpty());
  EXPECT_THAT(handle(AnswerApplied{}),
              ElementsAre("report registered", "add candidate:1", "add candidate:2"));
  EXPECT_THAT(hear(Candidate{"candidate:3", {}, {}, {}}), ElementsAre("add candidate:3"));
}

TEST_F(SessionTest, DoesNotHoldWithoutBound) {
  offer();
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(hear(Offer{"B"}), IsEmpty());
  }
  EXPECT_EQ(endOnHearing(Offer{"B"}).code, ErrorCode::kProtocol);
}

TEST_F(SessionTest, TakesSixtyFourCandidatesOfEachDescription) {
  registerSession();
  const auto add = [this] { return hear(Candidate{"candidate:1", {}, {}, {}}); };
  for (int i = 0; i < 64; ++i) EXPECT_THAT(add(), ElementsAre("add candidate:1")) << i;
  EXPECT_THAT(add(), IsEmpty());
  hear(Offer{"B"});
  EXPECT_THAT(add(), ElementsAre("add candidate:1"));
}

TEST_F(SessionTest, AnswersTheServersOffers) {
  registerSession();
  EXPECT_THAT(hear(Offer{"R"}), ElementsAre("apply offer R"));
  EXPECT_THAT(handle(AnswerReady{"B"}), ElementsAre("send answer B"));
}

TEST_F(SessionTest, LetsTheServersOfferWaitForItsAnswer) {
  offer();
  EXPECT_THAT(hear(Offer{"R"}), IsEmpty());
  hear(Answer{"A"});
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "apply offer R"));
}

TEST_F(SessionTest, IgnoresAnAnswerThatItDidNotAskFor) {
  handle(Start{});
  EXPECT_THAT(hear(Answer{"A"}), IsEmpty());
  registerSession();
  EXPECT_THAT(hear(Answer{"A"}), IsEmpty());
}

TEST_F(SessionTest, TellsWhoIsOnTheChannel) {
  registerSession();
  EXPECT_THAT(hear(Members{1, 3}), ElementsAre("members 1 3"));
}

TEST_F(SessionTest, HandsOnWhatTheServerLetsItKnow) {
  registerSession();
  EXPECT_THAT(hear(Notice{"no-right", "not forwarded"}), ElementsAre("notice no-right"));
}

TEST_F(SessionTest, PingsEveryThirtySecondsAndAnswersNone) {
  connect();
  EXPECT_THAT(hear(Ping{}), IsEmpty());
  now_ += 29s;
  EXPECT_THAT(handle(TimePassed{}), IsEmpty());
  EXPECT_THAT(wait(1s), ElementsAre("send ping"));
  EXPECT_EQ(session_.deadline(), now_ + 30s);
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

TEST_F(SessionTest, CallsEachReasonOfATroubleNewsOnce) {
  const Error unknown{ErrorCode::kUnreachable, "no such host"};
  handle(Start{});
  handle(OfferReady{"O"});
  EXPECT_EQ(news_, 0) << "that it connects is no trouble";
  for (const auto& [error, news] : {std::pair{kRefused, 1}, {unknown, 2}, {kRefused, 2}}) {
    handle(SocketFailed{error});
    EXPECT_EQ(news_, news) << error.message;
    now_ = *session_.deadline();
    handle(TimePassed{});
  }
  handle(SocketOpened{});
  hear(keeping("S"));
  handle(AnswerApplied{});
  handle(PeerConnected{});
  EXPECT_EQ(news_, 2);
  handle(SocketClosed{"reset"});
  EXPECT_EQ(news_, 3) << "another trouble is told anew";
}

TEST_F(SessionTest, EndsAtTheFirstFailureOfTheStartWhenToldTo) {
  session_ = make({.failFast = true});
  handle(Start{});
  EXPECT_EQ(endOf(SocketFailed{kRefused}), kRefused);
  session_ = make({.failFast = true});
  registerSession();
  EXPECT_EQ(endOf(PathFailed{"blocked"}).code, ErrorCode::kUnreachable);
  session_ = make({.failFast = true});
  connect();
  EXPECT_THAT(handle(SocketClosed{"reset"}), ElementsAre("cut socket", "report connected"))
      << "what has worked is made again";
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

TEST_F(SessionTest, NamesTheRelayThatWasOfNoUseWhenThereIsNoPath) {
  session_ = make({.relayOnly = true, .maxRetryTime = 0ms});
  registerSession();
  EXPECT_THAT(handle(IceServerFailed{"TURN server turn:h: 403 Forbidden, ask"}), IsEmpty());
  handle(PathFailed{"no way was found"});
  ASSERT_TRUE(error_);
  EXPECT_THAT(error_->message, HasSubstr("only relays may be used; TURN server turn:h: 403"));

  session_ = make({.relayOnly = true});
  registerSession();
  handle(IceServerFailed{"TURN server turn:h: 403 Forbidden, ask"});
  hear(ServerError{"media-lost", "nothing came from it"});
  hear(Bye{});
  EXPECT_THAT(reason_, HasSubstr("nothing came from it; TURN server turn:h: 403 Forbidden"));
}

TEST_F(SessionTest, DoesNotBlameARelayForAPathThatWasUp) {
  connect();
  handle(IceServerFailed{"TURN server turn:h: 403 Forbidden, ask"});
  handle(PeerDisconnected{});
  hear(ServerError{"media-lost", "nothing came from it"});
  hear(Bye{});
  EXPECT_THAT(reason_, Not(HasSubstr("turn:h")));
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

TEST_F(SessionTest, EndsOnWhatBreaksTheProtocol) {
  offer();
  const auto error = endOf(Garbled{"the message is not JSON"});
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_EQ(error.message,
            "wss://spider.example:8267 does not speak the Spider protocol: the message is not "
            "JSON; is it a Spider server's address?");
}

TEST_F(SessionTest, SaysWhyTheServerRefused) {
  offer();
  EXPECT_THAT(hear(ServerError{"no-common-codec", "no common codec"}), IsEmpty());
  const auto error = endOnHearing(Bye{});
  EXPECT_EQ(error.code, ErrorCode::kRejected);
  EXPECT_THAT(error.message, HasSubstr("no common codec"));
}

TEST_F(SessionTest, EndsWhenItsTokenHasExpiredThoughItHasWorked) {
  connect();
  now_ += 1h;
  EXPECT_THAT(hear(ServerError{"expired", "the token's time is over"}), IsEmpty());
  const auto error = endOnHearing(Bye{});
  EXPECT_EQ(error.code, ErrorCode::kRejected);
  EXPECT_EQ(error.message,
            "wss://spider.example:8267 sent this client away from channel x: the token's time is "
            "over; ask whoever gave the token for a new one (token = …)");
}

TEST_F(SessionTest, EndsOnWhatTheServerSaysOfItsTokenEvenWithoutAFarewell) {
  for (const auto* code : {"expired", "no-token", "bad-token", "no-right", "removed"}) {
    session_ = make({});
    connect();
    hear(ServerError{code, "no"});
    EXPECT_EQ(endOf(SocketClosed{""}).code, ErrorCode::kRejected) << code;
  }
}

TEST_F(SessionTest, EndsWhenItsTokenIsRefusedOnTheWayBack) {
  connect();
  handle(SocketClosed{"reset"});
  now_ = *session_.deadline();
  EXPECT_THAT(handle(TimePassed{}), ElementsAre("dial"));
  const Error refused{ErrorCode::kRejected, "the token expired"};
  const auto error = endOf(SocketFailed{.error = refused, .code = "expired"});
  EXPECT_EQ(error.message,
            "channel x: the token expired; ask whoever gave the token for a new one (token = …)");
}

TEST_F(SessionTest, TriesAgainWhenTheServerGaveUpWaiting) {
  offer();
  hear(ServerError{"timeout", "no offer came"});
  EXPECT_THAT(hear(Bye{}), ElementsAre("cut socket", "report connecting"));
  EXPECT_THAT(handle(SocketClosed{""}), IsEmpty()) << "that is known";
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
}

TEST_F(SessionTest, TriesAgainWhenTooManyOffersCame) {
  offer();
  hear(ServerError{"too-many-offers", "over 50 offers a second come from your address"});
  EXPECT_THAT(hear(Bye{}), ElementsAre("cut socket", "report connecting"));
  EXPECT_THAT(wait(250ms), ElementsAre("dial"));
}

TEST_F(SessionTest, BlamesTheAnswerWhenTheEngineFailsOnIt) {
  offer();
  hear(Answer{"A"});
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
  EXPECT_EQ(endOnHearing(Bye{}).code, ErrorCode::kClosed);
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

}  // namespace
}  // namespace rtcpub::session
