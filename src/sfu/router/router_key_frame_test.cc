#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(RouterTest, ChangesTheCodecForThoseWhoKnowBoth) {
  publish();
  subscribe(1);
  auto vp8Only = viewerMedia();
  vp8Only.sections[0].codecs.resize(1);
  subscribe(2, vp8Only);
  key();
  auto packet = video(fake::h264Key());
  packet.payloadType = 98;
  receive(packet);
  ASSERT_THAT(output.to(1), SizeIs(2));
  EXPECT_EQ(output.to(1)[1].packet().payloadType(), 122);
  EXPECT_THAT(output.to(2), SizeIs(1));
  key();
  ASSERT_THAT(output.to(2), SizeIs(2));
  EXPECT_EQ(output.to(2)[1].packet().sequenceNumber(),
            output.to(2)[0].packet().sequenceNumber() + 1);
}

TEST_F(RouterTest, AsksForNoKeyFrameThatNobodyCouldDecode) {
  publish();
  auto vp8Only = viewerMedia();
  vp8Only.sections[0].codecs.resize(1);
  auto packet = video(fake::h264Key());
  packet.payloadType = 98;
  receive(packet);
  subscribe(1, vp8Only);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  EXPECT_EQ(router.deadline(), std::nullopt);
}

TEST_F(RouterTest, AsksForAKeyFrameWhenADeltaFrameOfAnotherCodecComes) {
  publish();
  auto h264Only = viewerMedia();
  h264Only.sections[0].codecs.erase(h264Only.sections[0].codecs.begin());
  key();
  subscribe(1, h264Only);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  auto packet = video(fake::h264Delta());
  packet.payloadType = 98;
  receive(packet);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher));
}

TEST_F(RouterTest, GetsALateJoinerItsKeyFrame) {
  publish();
  subscribe(1);
  key();
  wait(milliseconds(600));
  subscribe(2);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  delta();
  EXPECT_THAT(output.to(2), IsEmpty());
  key();
  EXPECT_THAT(output.to(2), SizeIs(1));
  EXPECT_THAT(output.to(1), SizeIs(3));
}

TEST_F(RouterTest, KeepsAPendingKeyFrameRequest) {
  publish();
  subscribe(1);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1));
  key();
  wait(milliseconds(100));
  subscribe(2);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1));
  ASSERT_EQ(router.deadline(), now + milliseconds(400));
  now = *router.deadline();
  router.onTime(now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
}

TEST_F(RouterTest, AsksAgainWhileSomeoneWaits) {
  publish();
  subscribe(1);
  ASSERT_EQ(router.deadline(), now + milliseconds(1000));
  now = *router.deadline();
  router.onTime(now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  router.removeViewer(1);
  EXPECT_EQ(router.deadline(), std::nullopt);
}

TEST_F(RouterTest, AsksAPublisherOnlyWhenItsTransportIsUp) {
  subscribe(1);
  router.setPublisher(kPublisher, publisherMedia(), now);
  router.onKeyFrameNeeded(now);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  EXPECT_EQ(router.deadline(), std::nullopt);
  router.onPublisherReady(now);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher));
}

TEST_F(RouterTest, BeginsWithAWholeKeyFrameWhenItsFirstPacketsAreLate) {
  publish();
  subscribe(1);
  auto packet = video(fake::h264Delta());
  packet.payloadType = 98;
  receive(packet);
  auto first = video(fake::h264Key());  // the first slice, late
  first.payloadType = 98;
  auto second = first;
  second.sequenceNumber = sequenceNumber++;
  second.payload = {0x65, 0x00, 0x5A, 0x88};
  second.marker = true;
  receive(second);
  receive(first);
  std::vector<Bytes> slices;
  for (const auto& sent : output.to(1)) {
    const auto payload = sent.packet().payload();
    slices.emplace_back(payload.begin(), payload.end());
  }
  EXPECT_THAT(slices, UnorderedElementsAre(first.payload, second.payload));
}

TEST_F(RouterTest, PassesAViewersRequestOn) {
  publish();
  subscribe(1);
  key();
  wait(milliseconds(700));
  router.onPictureLost(1, now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  wait(milliseconds(700));
  router.onPictureLost(2, now);  // nobody's
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
}

/// A router with a viewer that asks for a key frame each 33 ms, whatever it gets; the publisher
/// makes one within 66 ms.
class StubbornViewer : public RouterTest {
 protected:
  void play(milliseconds time) {
    for (const Time end = now + time; now < end; wait(milliseconds(33))) {
      router.onTime(now);
      router.onPictureLost(1, now);
      if (keyFrames_ < output.keyFrameRequests.size() && soon_) {
        keyFrames_ = output.keyFrameRequests.size();
        key();
      } else {
        delta();
      }
      soon_ = keyFrames_ < output.keyFrameRequests.size();
    }
  }

 private:
  std::size_t keyFrames_ = 0;
  bool soon_ = false;
};

TEST_F(StubbornViewer, GetsFewerAndFewerKeyFrames) {
  publish();
  subscribe(1);
  play(milliseconds(4'000));
  EXPECT_THAT(output.keyFrameRequests.size(), AllOf(Ge(4U), Le(6U)));
  play(milliseconds(8'000));
  const auto before = output.keyFrameRequests.size();
  play(milliseconds(40'000));
  EXPECT_THAT(output.keyFrameRequests.size() - before, AllOf(Ge(9U), Le(11U)));
}

TEST_F(StubbornViewer, HoldsNobodyElsesKeyFrameBack) {
  publish();
  subscribe(1);
  subscribe(2);
  play(milliseconds(12'000));
  for (int i = 0; i < 10; ++i) {
    play(milliseconds(1'100));
    const auto before = output.keyFrameRequests.size();
    router.onPictureLost(2, now);
    play(milliseconds(500));
    EXPECT_GT(output.keyFrameRequests.size(), before) << i;
  }
  const auto before = output.keyFrameRequests.size();
  subscribe(3);
  play(milliseconds(500));
  EXPECT_GT(output.keyFrameRequests.size(), before);
}

}  // namespace
}  // namespace rtcpub::sfu
