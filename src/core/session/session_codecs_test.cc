#include "core/session/session_fixture.h"

namespace rtcpub::session {
namespace {

// --- Another offer by the same peer connection

TEST_F(SessionTest, OffersAgainAndTellsNobodyButTheServer) {
  connect();
  EXPECT_THAT(handle(OfferAgain{}), ElementsAre("make offer"));
  EXPECT_THAT(handle(OfferReady{"O"}), ElementsAre(kOffer));
  EXPECT_THAT(hear(keeping("S")), ElementsAre("apply answer " + keeping("S").sdp));
  EXPECT_THAT(handle(AnswerApplied{}), IsEmpty());
  EXPECT_THAT(handle(OfferAgain{}), ElementsAre("make offer")) << "and again";
}

TEST_F(SessionTest, WaitsWithAnotherOfferUntilTheAnswerIsInPlaceAndThePathStands) {
  offer();
  EXPECT_THAT(handle(OfferAgain{}), IsEmpty());
  hear(keeping("S"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("make offer", "report connected"));
}

TEST_F(SessionTest, WaitsWithAnotherOfferWhileOneIsUnderWay) {
  connect();
  handle(OfferAgain{});
  EXPECT_THAT(handle(OfferAgain{}), IsEmpty()) << "the offer is being made";
  EXPECT_THAT(handle(OfferReady{"O"}), ElementsAre(kOffer));
  hear(keeping("S"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("make offer"));
}

TEST_F(SessionTest, SendsTheOtherOfferWhenTheSocketIsBack) {
  connect();
  handle(OfferAgain{});
  handle(SocketClosed{"gone"});
  EXPECT_THAT(handle(OfferReady{"O2"}), IsEmpty());
  now_ += 1h;
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer)) << "who it is";
  EXPECT_THAT(hear(keeping("S")), testing::Contains("send offer O2"));
}

TEST_F(SessionTest, ForgetsTheOtherOfferWithItsPeerConnection) {
  connect(foreign("S"));
  handle(OfferAgain{});
  handle(SocketClosed{"gone"});
  now_ += 1h;
  handle(TimePassed{});
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre("make peer", "report reconnecting"));
  handle(OfferReady{"O"});
  hear(keeping("T"));
  EXPECT_THAT(handle(AnswerApplied{}), ElementsAre("report registered"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

// --- What the server says of codecs

TEST_F(SessionTest, HandsOnWhatTheServerSaysOfCodecs) {
  connect();
  EXPECT_THAT(hear(CodecReport{.sent = "VP8", .viewers = 1, .vp8 = 1}), ElementsAre("codecs VP8"));
}

TEST_F(SessionTest, TellsANoteWhileTheConnectionStands) {
  connect();
  EXPECT_THAT(handle(Noted{"no picture: …"}), ElementsAre("report connected"));
  EXPECT_EQ(reason_, "no picture: …");
  EXPECT_THAT(handle(Noted{"no picture: …"}), IsEmpty());
  EXPECT_THAT(handle(Noted{""}), ElementsAre("report connected"));
  EXPECT_THAT(reason_, HasSubstr("connected to"));
}

}  // namespace
}  // namespace rtcpub::session
