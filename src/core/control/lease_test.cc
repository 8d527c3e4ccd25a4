#include "core/control/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rtcpub::control {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr Rights kDriver{Right::kView, Right::kDrive};
constexpr Rights kViewer{Right::kView};
constexpr Rights kAdmin{Right::kView, Right::kDrive, Right::kAdmin};

/// A channel with a robot.
class LeaseTest : public ::testing::Test {
 protected:
  LeaseTest() { EXPECT_THAT(lease_.onPublisher(true), IsEmpty()); }

  Lease::Refusals request(std::uint64_t member, Rights rights = kDriver) {
    return lease_.request(member, rights, false, now_);
  }
  Lease::Refusals takeOver(std::uint64_t member, Rights rights) {
    return lease_.request(member, rights, true, now_);
  }
  /// "7 by 1", "7 by 1 (old), 2 asks", "nobody".
  [[nodiscard]] std::string state() const {
    const auto& state = lease_.state();
    if (!state.driver) return "nobody";
    std::string text = std::to_string(*state.driver) + " by " + std::to_string(state.number);
    if (state.implicit) text += " (old)";
    if (state.asking) text += ", " + std::to_string(*state.asking) + " asks";
    return text;
  }

  Lease lease_;
  Time now_{1000s};
};

TEST_F(LeaseTest, IsGivenToTheFirstWhoAsks) {
  EXPECT_EQ(state(), "nobody");
  EXPECT_THAT(request(7), IsEmpty());
  EXPECT_EQ(state(), "7 by 1");
  EXPECT_THAT(request(7), IsEmpty());
  EXPECT_EQ(state(), "7 by 1") << "it has it already";
}

TEST_F(LeaseTest, TakesTheRightToDriveAndARobot) {
  EXPECT_THAT(request(7, kViewer), ElementsAre(Refused{7, Refusal::kNoRight}));
  EXPECT_THAT(takeOver(7, {Right::kView, Right::kAdmin}),
              ElementsAre(Refused{7, Refusal::kNoRight}));
  EXPECT_THAT(lease_.requestImplicitly(7, kViewer), ElementsAre(Refused{7, Refusal::kNoRight}));
  EXPECT_THAT(lease_.onPublisher(false), IsEmpty());
  EXPECT_THAT(request(7), ElementsAre(Refused{7, Refusal::kNoPublisher}));
  EXPECT_EQ(state(), "nobody");
}

TEST_F(LeaseTest, AsksWhoDrives) {
  (void)request(7);
  EXPECT_THAT(request(8), IsEmpty());
  EXPECT_EQ(state(), "7 by 1, 8 asks");
  EXPECT_THAT(lease_.reply(7, 8, true), IsEmpty());
  EXPECT_EQ(state(), "8 by 2");
  EXPECT_EQ(lease_.deadline(), std::nullopt);
}

TEST_F(LeaseTest, IsKeptByWhoDeclines) {
  (void)request(7);
  (void)request(8);
  EXPECT_THAT(lease_.reply(7, 8, false), ElementsAre(Refused{8, Refusal::kDeclined}));
  EXPECT_EQ(state(), "7 by 1");
}

TEST_F(LeaseTest, IsKeptByWhoDoesntAnswer) {
  (void)request(7);
  (void)request(8);
  now_ += 9'999ms;
  EXPECT_THAT(request(8), IsEmpty()) << "asking again gives no more time";
  EXPECT_THAT(lease_.onTime(now_), IsEmpty());
  now_ += 1ms;
  ASSERT_EQ(lease_.deadline(), now_);
  EXPECT_THAT(lease_.onTime(now_), ElementsAre(Refused{8, Refusal::kNoAnswer}));
  EXPECT_EQ(state(), "7 by 1");
  EXPECT_EQ(lease_.deadline(), std::nullopt);
}

TEST_F(LeaseTest, HeedsAnswersOnlyOfWhoDrivesAndToWhoAsks) {
  (void)request(7);
  (void)request(8);
  EXPECT_THAT(lease_.reply(8, 8, true), ElementsAre(Refused{8, Refusal::kNotDriver}));
  EXPECT_THAT(lease_.reply(9, 8, true), ElementsAre(Refused{9, Refusal::kNotDriver}));
  EXPECT_THAT(lease_.reply(7, 9, true), IsEmpty());
  EXPECT_EQ(state(), "7 by 1, 8 asks");
}

TEST_F(LeaseTest, LetsOneAskAtATime) {
  (void)request(1);
  (void)request(2);
  for (std::uint64_t member = 3; member <= 100; ++member) {
    EXPECT_THAT(request(member), ElementsAre(Refused{member, Refusal::kBusy}));
  }
  EXPECT_EQ(state(), "1 by 1, 2 asks");
}

TEST_F(LeaseTest, GoesToOneOfAHundredWhoAskWhenItFalls) {
  for (std::uint64_t member = 1; member <= 100; ++member) (void)request(member);
  EXPECT_THAT(lease_.release(1), IsEmpty());
  EXPECT_EQ(state(), "2 by 2");
}

TEST_F(LeaseTest, IsTakenByWhoLooksAfterTheChannel) {
  (void)request(7);
  EXPECT_THAT(takeOver(8, kDriver), ElementsAre(Refused{8, Refusal::kNotAdmin}));
  EXPECT_EQ(state(), "7 by 1");
  EXPECT_THAT(takeOver(8, kAdmin), IsEmpty());
  EXPECT_EQ(state(), "8 by 2");
}

TEST_F(LeaseTest, MayBeTakenByWhoAsked) {
  (void)request(7);
  (void)request(8, kAdmin);
  EXPECT_THAT(takeOver(8, kAdmin), IsEmpty());
  EXPECT_EQ(state(), "8 by 2");
  EXPECT_EQ(lease_.deadline(), std::nullopt);
}

TEST_F(LeaseTest, LetsWhoAskedGoOnAskingTheNextOne) {
  (void)request(7);
  (void)request(8);
  (void)takeOver(9, kAdmin);
  EXPECT_EQ(state(), "9 by 2, 8 asks");
}

TEST_F(LeaseTest, FallsWhenItIsGivenBack) {
  (void)request(7);
  EXPECT_THAT(lease_.release(8), IsEmpty());
  EXPECT_EQ(state(), "7 by 1");
  EXPECT_THAT(lease_.release(7), IsEmpty());
  EXPECT_EQ(state(), "nobody");
  (void)request(7);
  EXPECT_EQ(state(), "7 by 2");
}

TEST_F(LeaseTest, FallsWhenWhoDrivesIsGoneOrMayNoMore) {
  (void)request(7);
  EXPECT_THAT(lease_.onGone(7), IsEmpty());
  EXPECT_EQ(state(), "nobody");
  (void)request(7);
  EXPECT_THAT(lease_.onRights(7, kAdmin), IsEmpty());
  EXPECT_EQ(state(), "7 by 2");
  EXPECT_THAT(lease_.onRights(7, kViewer), IsEmpty());
  EXPECT_EQ(state(), "nobody");
}

TEST_F(LeaseTest, FallsForSilenceOfThatLeaseOnly) {
  (void)request(7);
  (void)lease_.release(7);
  (void)request(7);
  EXPECT_THAT(lease_.onSilent(1), IsEmpty());
  EXPECT_EQ(state(), "7 by 2") << "that was said of the one before";
  EXPECT_THAT(lease_.onSilent(2), IsEmpty());
  EXPECT_EQ(state(), "nobody");
  EXPECT_THAT(lease_.onSilent(0), IsEmpty());
}

TEST_F(LeaseTest, FallsWithTheRobot) {
  (void)request(7);
  (void)request(8);
  EXPECT_THAT(lease_.onPublisher(false), ElementsAre(Refused{8, Refusal::kNoPublisher}));
  EXPECT_EQ(state(), "nobody");
  EXPECT_EQ(lease_.deadline(), std::nullopt);
}

TEST_F(LeaseTest, FallsWhenAnotherRobotComes) {
  (void)request(7);
  (void)request(8);
  EXPECT_THAT(lease_.onPublisher(true), IsEmpty());
  EXPECT_EQ(state(), "8 by 2") << "who asked has it, and asks nobody any more";
}

TEST_F(LeaseTest, ForgetsWhoAsksAndIsGone) {
  (void)request(7);
  (void)request(8);
  EXPECT_THAT(lease_.onGone(8), IsEmpty());
  EXPECT_EQ(state(), "7 by 1");
  EXPECT_EQ(lease_.deadline(), std::nullopt);
  (void)request(9);
  EXPECT_THAT(lease_.onRights(9, kViewer), ElementsAre(Refused{9, Refusal::kNoRight}));
  EXPECT_EQ(state(), "7 by 1");
}

TEST_F(LeaseTest, IsGivenToAnOldProgramThatDrivesWhileNobodyElseDoes) {
  EXPECT_THAT(lease_.requestImplicitly(7, kDriver), IsEmpty());
  EXPECT_EQ(state(), "7 by 1 (old)");
  EXPECT_THAT(lease_.requestImplicitly(8, kDriver), ElementsAre(Refused{8, Refusal::kNotDriver}));
  EXPECT_THAT(lease_.requestImplicitly(7, kDriver), IsEmpty());
  EXPECT_EQ(state(), "7 by 1 (old)");
}

TEST_F(LeaseTest, WaitsForAnOldProgramToStop) {
  (void)lease_.requestImplicitly(7, kDriver);
  EXPECT_THAT(request(8), IsEmpty());
  (void)lease_.onSilent(1);
  EXPECT_EQ(state(), "8 by 2");
}

TEST_F(LeaseTest, SaysThatAnOldProgramCantBeAsked) {
  (void)lease_.requestImplicitly(7, kDriver);
  (void)request(8);
  now_ += Lease::kAnswerTime;
  EXPECT_THAT(lease_.onTime(now_), ElementsAre(Refused{8, Refusal::kTaken}));
}

TEST_F(LeaseTest, BeginsAnewForAnOldDriverThatTurnsOutToKnowOfLeases) {
  (void)lease_.requestImplicitly(7, kDriver);
  EXPECT_THAT(request(7), IsEmpty());
  EXPECT_EQ(state(), "7 by 2") << "its commands are counted from 1";
}

TEST_F(LeaseTest, CountsOnFromTheLastOne) {
  Lease lease(41);
  (void)lease.onPublisher(true);
  (void)lease.request(7, kDriver, false, now_);
  EXPECT_EQ(lease.state().number, 42U);
  EXPECT_EQ(lease.last(), 42U);
}

TEST(Refusal, HasACodeAndASentenceOfItsOwn) {
  std::set<std::string_view> codes;
  std::set<std::string_view> sentences;
  for (int i = 0; i <= static_cast<int>(Refusal::kNotDriver); ++i) {
    codes.insert(code(static_cast<Refusal>(i)));
    sentences.insert(sentence(static_cast<Refusal>(i)));
  }
  EXPECT_EQ(codes.size(), 8U);
  EXPECT_EQ(sentences.size(), 8U);
}

}  // namespace
}  // namespace rtcpub::control
