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
  std::string operator()(const CreateOffer& /*action*/) const { return "create offer"; }
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

/// A session with a variable for a clock, and its actions as text.
class SessionTest : public testing::Test {
 protected:
  std::vector<std::string> handle(const Event& event) {
    std::vector<std::string> texts;
    for (const auto& action : session_.handle(event, now_)) {
      texts.push_back(std::visit(ActionText{}, action));
      if (const auto* finish = std::get_if<Finish>(&action)) error_ = finish->error;
    }
    return texts;
  }

  std::vector<std::string> hear(const spider::Message& message) {
    return handle(TextReceived{spider::format(message)});
  }

  void offer() {
    handle(Start{});
    handle(OfferReady{"O"});
    handle(SocketOpened{});
  }

  void registerSession() {
    offer();
    hear(spider::Answer{"A"});
    handle(AnswerApplied{});
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

  Session session_{"wss://spider.example:8267", "x"};
  Time now_{1h};
  std::optional<Error> error_;
};

const std::string kOffer = R"(send {"type":"offer","data":"O"})";

std::string candidateText(const std::string& line) {
  return "send " + spider::format(spider::Candidate{line, "0", 0, {}});
}

CandidateFound found(const std::string& line) { return {{line, "0", 0, {}}}; }

TEST_F(SessionTest, MakesTheOfferAndDialsAtOnce) {
  EXPECT_THAT(handle(Start{}), ElementsAre("report connecting", "create offer", "dial"));
  EXPECT_THAT(handle(Start{}), IsEmpty());
}

TEST_F(SessionTest, SendsTheOfferWhenItIsReadyAndTheSocketOpenInEitherOrder) {
  handle(Start{});
  EXPECT_THAT(handle(OfferReady{"O"}), IsEmpty());
  EXPECT_THAT(handle(SocketOpened{}), ElementsAre(kOffer));

  session_ = Session("s", "x");
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
  registerSession();
  EXPECT_EQ(session_.deadline(), now_ + 30s);
  EXPECT_THAT(hear(spider::Ping{}), IsEmpty());
  now_ += 29s;
  EXPECT_THAT(handle(TimePassed{}), IsEmpty());
  now_ += 1s;
  EXPECT_THAT(handle(TimePassed{}), ElementsAre(R"(send {"type":"ping"})"));
  EXPECT_EQ(session_.deadline(), now_ + 30s);
}

TEST_F(SessionTest, ReportsAPathThatIsSilentAndComesBack) {
  registerSession();
  EXPECT_THAT(handle(PeerDisconnected{}), IsEmpty()) << "it was never there";
  handle(PeerConnected{});
  EXPECT_THAT(handle(PeerDisconnected{}), ElementsAre("report disconnected"));
  EXPECT_THAT(handle(PeerConnected{}), ElementsAre("report connected"));
}

TEST_F(SessionTest, GivesUpWhenThereIsNoAnswerWithinTenSeconds) {
  handle(Start{});
  handle(OfferReady{"O"});
  EXPECT_EQ(session_.deadline(), std::nullopt);
  now_ += 5s;
  handle(SocketOpened{});
  EXPECT_EQ(session_.deadline(), now_ + 10s);
  now_ += 10s;
  const auto error = endOf(TimePassed{});
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("did not answer"));
}

TEST_F(SessionTest, SaysWhereTheMediaPathFailed) {
  registerSession();
  const auto error = endOf(PeerFailed{"no reply to ICE checks"});
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_THAT(error.message, HasSubstr("wss://spider.example:8267, channel x"));
  EXPECT_THAT(error.message, HasSubstr("no reply to ICE checks"));
  EXPECT_THAT(error.message, HasSubstr("UDP"));
}

TEST_F(SessionTest, TellsALostPathFromOneThatNeverWas) {
  registerSession();
  handle(PeerConnected{});
  handle(PeerDisconnected{});
  EXPECT_EQ(endOf(PeerFailed{"gone"}).code, ErrorCode::kClosed);
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

TEST_F(SessionTest, PassesOnWhyTheSocketDidNotOpen) {
  handle(Start{});
  const Error refused{ErrorCode::kTlsRefused, "self-signed"};
  EXPECT_EQ(endOf(SocketFailed{refused}), refused);
}

TEST_F(SessionTest, EndsWhenTheSocketIsClosed) {
  registerSession();
  const auto error = endOf(SocketClosed{"reset\nby peer"});
  EXPECT_EQ(error.code, ErrorCode::kClosed);
  EXPECT_THAT(error.message, HasSubstr("reset?by peer"));
}

TEST_F(SessionTest, EndsOnClose) {
  registerSession();
  EXPECT_EQ(endOf(spider::Close{}).code, ErrorCode::kClosed);
}

TEST_F(SessionTest, SaysWhyTheServerRefused) {
  offer();
  EXPECT_THAT(hear(spider::ServerError{"codec", "no common codec"}), IsEmpty());
  const auto error = endOf(spider::Close{});
  EXPECT_EQ(error.code, ErrorCode::kRejected);
  EXPECT_THAT(error.message, HasSubstr("no common codec"));
}

TEST_F(SessionTest, KnowsThatItWasReplacedEvenWithoutAClose) {
  registerSession();
  hear(spider::ServerError{"replaced", "a newer one"});
  const auto error = endOf(SocketClosed{""});
  EXPECT_EQ(error.code, ErrorCode::kReplaced);
  EXPECT_THAT(error.message, HasSubstr("a newer one"));
}

TEST_F(SessionTest, EndsOnNonsenseWithoutRepeatingIt) {
  offer();
  const auto error = endOf(TextReceived{"<html>" + std::string(100000, 'x')});
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("not JSON"));
  EXPECT_LT(error.message.size(), 300U);
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
    session_ = Session("s", "x");
  };
  stops();
  handle(Start{});
  stops();
  offer();
  stops();
  registerSession();
  stops();
}

}  // namespace
}  // namespace rtcpub::session
