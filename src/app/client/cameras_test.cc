#include "app/client/cameras.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "app/client/channel_set.h"
#include "media/own_source_test.h"

namespace rtcpub {
namespace {

using media::OwnSource;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kFrontOnAir = R"({"cameras":["front","rear"],"camera":"front"})";
constexpr const char* kRearOnAir = R"({"cameras":["front","rear"],"camera":"rear"})";

/// Cameras whose loop runs when the test says so, and what viewers are told.
class CamerasTest : public testing::Test {
 protected:
  explicit CamerasTest(bool autoRear = false) : cameras(autoRear) {
    cameras.runOn([this](std::function<void()> task) { tasks.push_back(std::move(task)); });
    cameras.answerOn(*channels.add("stream", {}));
    channels.find("stream")->connect(
        [this](const Message& message, const peer::Dispatch& /*dispatch*/) {
          told.push_back(message.data);
          return true;
        },
        Time{});
  }
  void addBoth() {
    ASSERT_TRUE(cameras.add("front", front));
    ASSERT_TRUE(cameras.add("rear", rear));
    ASSERT_TRUE(cameras.source()->start());
  }
  void runLoop() {
    for (; !tasks.empty(); tasks.pop_front()) tasks.front()();
  }

  const std::shared_ptr<OwnSource> front = std::make_shared<OwnSource>();
  const std::shared_ptr<OwnSource> rear = std::make_shared<OwnSource>();
  std::deque<std::function<void()>> tasks;
  std::vector<std::string> told;
  ChannelSet channels;
  Cameras cameras;
};

class DrivenCamerasTest : public CamerasTest {
 protected:
  DrivenCamerasTest() : CamerasTest(/*autoRear=*/true) {}
};

TEST_F(CamerasTest, SendsASingleVideoAsItIs) {
  ASSERT_TRUE(cameras.setVideo(front));
  EXPECT_EQ(cameras.source(), front.get());
}

TEST_F(CamerasTest, TakesAVideoOrCamerasButNotBoth) {
  ASSERT_TRUE(cameras.setVideo(front));
  EXPECT_EQ(cameras.add("rear", rear).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(cameras.setVideo(rear).error().code, ErrorCode::kInvalidArgument);
  Cameras others(false);
  ASSERT_TRUE(others.add("rear", rear));
  EXPECT_EQ(others.setVideo(front).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(others.setVideo(nullptr).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(CamerasTest, HasNothingToSendAtFirst) { EXPECT_EQ(cameras.source(), nullptr); }

TEST_F(CamerasTest, AnswersWhoAsksOnTheLoopAndNotOnTheEnginesThread) {
  addBoth();
  cameras.onMessage("stream", Message(R"({"camera":"?"})"));
  EXPECT_THAT(told, IsEmpty());
  runLoop();
  EXPECT_THAT(told, ElementsAre(kFrontOnAir));
}

TEST_F(CamerasTest, SwitchesByAMessageAndTellsWhenItHasSwitched) {
  addBoth();
  cameras.onMessage("stream", Message(R"({"camera":"rear"})"));
  EXPECT_TRUE(cameras.stats().at("rear").onAir);
  runLoop();
  cameras.onMessage("stream", Message(R"({"camera":"rear"})"));
  runLoop();
  EXPECT_THAT(told, ElementsAre(kRearOnAir));
  ASSERT_TRUE(cameras.select("front"));
  runLoop();
  EXPECT_THAT(told, ElementsAre(kRearOnAir, kFrontOnAir));
}

TEST_F(CamerasTest, TellsNothingWhileNothingChanges) {
  addBoth();
  cameras.tellChanges();
  cameras.tellChanges();
  rear->tell({.live = false, .reason = "unplugged"});
  runLoop();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(CamerasTest, TellsWhoIsThereAlreadyWhenTheChannelOpens) {
  cameras.onChannelOpen("stream");
  EXPECT_THAT(told, IsEmpty());
  addBoth();
  cameras.onChannelOpen("metric");
  EXPECT_THAT(told, IsEmpty());
  cameras.onChannelOpen("stream");
  EXPECT_THAT(told, ElementsAre(kFrontOnAir));
}

TEST_F(CamerasTest, IgnoresMessagesThatAreNoCommands) {
  addBoth();
  cameras.onMessage("metric", Message(R"({"camera":"rear"})"));
  cameras.onMessage("stream", Message::bytes(R"({"camera":"rear"})"));
  cameras.onMessage("stream", Message(R"({"camera":"side"})"));
  cameras.onMessage("stream", Message(R"({"motion":{"key":"back","value":3}})"));
  runLoop();
  EXPECT_TRUE(cameras.stats().at("front").onAir);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(CamerasTest, LeavesCommandsToAPublisherWithoutCameras) {
  ASSERT_TRUE(cameras.setVideo(front));
  cameras.onMessage("stream", Message(R"({"camera":"?"})"));
  cameras.onChannelOpen("stream");
  runLoop();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(DrivenCamerasTest, FollowTheCarsMotion) {
  addBoth();
  cameras.onMessage("stream", Message(R"({"motion":{"key":"back","value":3}})"));
  runLoop();
  cameras.onMessage("stream", Message(R"({"motion":{"key":"forward","value":1}})"));
  runLoop();
  EXPECT_THAT(told, ElementsAre(kRearOnAir, kFrontOnAir));
}

TEST_F(DrivenCamerasTest, FollowOnlyWhatAGateLetPass) {
  addBoth();
  cameras.followTheGate();
  cameras.onMessage("stream", Message(R"({"motion":{"key":"back","value":3}})"));
  runLoop();
  EXPECT_THAT(told, IsEmpty());
  cameras.onPassedMotion(R"({"motion":{"key":"back","value":3}})");
  runLoop();
  cameras.onMessage("stream", Message(R"({"camera":"front"})"));
  runLoop();
  EXPECT_THAT(told, ElementsAre(kRearOnAir, kFrontOnAir));
}

TEST_F(CamerasTest, TellTheStateOfEachInTheFigures) {
  addBoth();
  rear->tell({.live = false, .reason = "unplugged"});
  const auto stats = cameras.stats();
  EXPECT_TRUE(stats.at("front").onAir);
  EXPECT_TRUE(stats.at("front").live);
  EXPECT_FALSE(stats.at("rear").live);
  EXPECT_EQ(stats.at("rear").reason, "unplugged");
}

TEST_F(CamerasTest, TellOfOneThatIsWaitedForFromTheBeginning) {
  rear->tell({.live = false, .reason = "not plugged in"});
  addBoth();
  EXPECT_TRUE(cameras.stats().at("front").live);
  EXPECT_EQ(cameras.stats().at("rear").reason, "not plugged in");
}

TEST_F(CamerasTest, TellOfASingleVideoWhileItIsLost) {
  ASSERT_TRUE(cameras.setVideo(front));
  EXPECT_THAT(cameras.stats(), IsEmpty());
  front->tell({.live = false, .reason = "unplugged"});
  EXPECT_EQ(cameras.stats().at("video").reason, "unplugged");
  front->tell({});
  EXPECT_THAT(cameras.stats(), IsEmpty());
}

}  // namespace
}  // namespace rtcpub
