#include "core/session/session_fixture.h"

namespace rtcpub::session {
namespace {

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
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre("send offer P"));
  EXPECT_THAT(hear(Answer{"B"}), ElementsAre("apply answer B"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, BeginsAnewWithAServerThatKeepsNothing) {
  connect(foreign("S"));
  now_ += 1min;
  EXPECT_THAT(handle(SocketClosed{"reset"}), ElementsAre("cut socket", "report connected"));
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre("make peer", "report reconnecting"));
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre("send offer P"));
}

TEST_F(SessionTest, KnowsThatItWasReplacedEvenWithoutAClose) {
  connect();
  hear(ServerError{"replaced", "a newer one"});
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
  hear(ServerError{"media-lost", "nothing came for 120 s"});
  EXPECT_THAT(hear(Bye{}), ElementsAre("cut socket", "make peer", "report reconnecting"));
  handle(OfferReady{"P"});
  EXPECT_THAT(wait(0s), ElementsAre("dial"));
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre("send offer P"));
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
  EXPECT_THAT(handle(OfferReady{"R"}), ElementsAre("send offer R", candidateText("candidate:1")));
  EXPECT_THAT(hear(keeping("S2")), ElementsAre("apply answer " + keeping("S2").sdp));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered", "report disconnected"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));

  handle(SocketClosed{"reset"});
  now_ = *session_.deadline();
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre("send offer R"));
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
  EXPECT_THAT(hear(keeping("S")),
              ElementsAre("report registered", "send offer R", "report connected"));
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
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre("send offer P"));
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
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre("send offer P"));
}

// --- Candidates in the offer

const std::string kSection = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n";

class CompleteOfferTest : public SessionTest {
 protected:
  static std::string sent(const std::string& candidates) {
    return "send offer " + kSection + candidates;
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
  EXPECT_THAT(handle(OfferReady{"P"}), ElementsAre("send offer P"));
}

}  // namespace
}  // namespace rtcpub::session
