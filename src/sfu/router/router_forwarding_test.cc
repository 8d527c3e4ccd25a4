#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(RouterTest, SendsFromTheNextKeyFrameOn) {
  publish();
  subscribe(1);
  delta();
  EXPECT_THAT(output.sent, IsEmpty());
  key();
  delta();
  ASSERT_THAT(output.to(1), SizeIs(2));
  const auto first = output.sent[0].packet();
  EXPECT_EQ(first.payloadType(), 120);
  EXPECT_EQ(first.ssrc(), kSsrc);
  EXPECT_THAT(first.payload(), ::testing::ElementsAreArray(fake::vp8Key()));
  EXPECT_EQ(output.sent[1].packet().sequenceNumber(), first.sequenceNumber() + 1);
}

TEST_F(RouterTest, SendsNothingBeforeTheViewersTransportIsUp) {
  publish();
  router.addViewer(1, viewerMedia());
  key();
  EXPECT_THAT(output.sent, IsEmpty());
}

TEST_F(RouterTest, SendsNothingInASectionThatIsNotActive) {
  publish();
  auto media = viewerMedia();
  media.sections[0].active = false;
  subscribe(1, media);
  key();
  EXPECT_THAT(output.sent, IsEmpty());
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
}

TEST_F(RouterTest, RewritesHeaderExtensionsAndCutsPaddingOff) {
  publish();
  subscribe(1);
  auto packet = video(fake::vp8Key());
  packet.extension = fake::Extension{0xBEDE, {0x11, 5, 6, 0x22, 1, 2, 3, 0}};
  packet.padding = 20;
  receive(packet);
  ASSERT_THAT(output.sent, SizeIs(1));
  EXPECT_THAT(output.sent[0].packet().extension(), ElementsAre(0, 0, 0, 0x92, 1, 2, 3, 0));
  EXPECT_EQ(output.sent[0].bytes.size(), 12 + 12 + fake::vp8Key().size());
  EXPECT_EQ(output.sent[0].bytes[0] & 0x20, 0);
}

TEST_F(RouterTest, GivesEachOfTwentyViewersItsOwnHeader) {
  publish();
  for (MemberId id = 1; id <= 20; ++id) {
    auto media = viewerMedia();
    media.sections[0].codecs[0].payloadType = static_cast<int>(100 + id);
    if (id % 2 == 0) media.sections[0].extensions.clear();
    subscribe(id, media);
  }
  for (int i = 0; i < 50; ++i) {
    auto packet = video(i == 0 ? fake::vp8Key() : fake::vp8Delta());
    packet.extension = fake::Extension{0xBEDE, {0x22, 1, 2, 3}};
    receive(packet);
  }
  for (MemberId id = 1; id <= 20; ++id) {
    const auto sent = output.to(id);
    ASSERT_THAT(sent, SizeIs(50));
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto packet = sent[i].packet();
      EXPECT_EQ(packet.payloadType(), 100 + id);
      EXPECT_EQ(packet.sequenceNumber(), sent[0].packet().sequenceNumber() + i);
      EXPECT_EQ(packet.extension()[0], id % 2 == 0 ? 0 : 0x92);
    }
    EXPECT_EQ(router.counters(id).packets, 50U);
  }
}

TEST_F(RouterTest, CountsThroughTheWrapAround) {
  publish();
  subscribe(1);
  key();
  for (int i = 0; i < 140'000; ++i) {
    output.sent.clear();
    const auto packet = video(fake::vp8Delta());
    receive(packet);
    ASSERT_THAT(output.sent, SizeIs(1));
    ASSERT_EQ(output.sent[0].packet().sequenceNumber(), packet.sequenceNumber);
  }
}

TEST_F(RouterTest, LeavesReorderedPacketsTheirPlaceAndDropsDuplicates) {
  publish();
  subscribe(1);
  key();
  const auto first = video(fake::vp8Delta());
  const auto second = video(fake::vp8Delta());
  receive(second);
  receive(first);
  receive(second);
  ASSERT_THAT(output.sent, SizeIs(3));
  EXPECT_EQ(output.sent[1].packet().sequenceNumber(), second.sequenceNumber);
  EXPECT_EQ(output.sent[2].packet().sequenceNumber(), first.sequenceNumber);
}

TEST_F(RouterTest, SendsWhatOvertookTheStartOfTheKeyFrame) {
  publish();
  subscribe(1);
  const auto start = video(fake::vp8Key());
  const auto rest = video({0x00, 1, 2, 3});
  const auto next = video(fake::vp8Delta());
  receive(rest);
  receive(next);
  EXPECT_THAT(output.sent, IsEmpty());
  receive(start);
  ASSERT_THAT(output.sent, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(output.sent[i].packet().sequenceNumber(), start.sequenceNumber + i);
  }
}

TEST_F(RouterTest, ForwardsPaddingPacketsWithoutTheirPadding) {
  publish();
  subscribe(1);
  key();
  auto packet = video({});
  packet.padding = 200;
  receive(packet);
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_THAT(output.sent[1].bytes, SizeIs(12)) << "its number must not be missing";
}

TEST_F(RouterTest, ForwardsAudioAtOnceAndBesideTheVideo) {
  publish();
  subscribe(1);
  receive({.payloadType = 111, .sequenceNumber = 5, .timestamp = 960, .payload = {1, 2, 3}},
          MediaKind::kAudio);
  ASSERT_THAT(output.sent, SizeIs(1));
  EXPECT_EQ(output.sent[0].packet().ssrc(), 0xCCU);
  EXPECT_EQ(output.sent[0].packet().payloadType(), 63);
  key();
  EXPECT_THAT(output.sent, SizeIs(2));
}

TEST_F(RouterTest, StartsAViewerAnewWhoseTransportDid) {
  publish();
  subscribe(1);
  key();
  delta();
  wait(milliseconds(600));
  router.addViewer(1, viewerMedia());
  router.onViewerReady(1, now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  delta();
  EXPECT_THAT(output.sent, SizeIs(2));
  key();
  ASSERT_THAT(output.sent, SizeIs(3));
  EXPECT_EQ(output.sent[2].packet().sequenceNumber(), output.sent[1].packet().sequenceNumber() + 1);
}

TEST_F(RouterTest, DropsWhatIsNoPacketOfThePublisher) {
  publish();
  subscribe(1);
  key();
  const auto send = [this](const Bytes& data) {
    router.onPacket({.data = data, .kind = MediaKind::kVideo}, now);
  };
  Bytes good = fake::bytesOf(video(fake::vp8Delta()));
  for (std::size_t size = 0; size < 12; ++size) send(Bytes(good.data(), good.data() + size));
  Bytes bad = good;
  bad[0] |= 0x0F;
  send(bad);
  bad = good;
  bad[0] |= 0x10;
  bad[14] = 0xFF;
  send(bad);
  auto unknown = video(fake::vp8Delta());
  unknown.payloadType = 50;
  send(fake::bytesOf(unknown));
  auto huge = video(fake::vp8Delta());
  huge.payload.resize(kMaxRtpSize);
  send(fake::bytesOf(huge));
  EXPECT_THAT(output.sent, SizeIs(1));
  send(good);
  EXPECT_THAT(output.sent, SizeIs(2));
}

TEST_F(RouterTest, BearsTheLargestPacketWithRtx) {
  publish();
  subscribe(1);
  auto packet = video(fake::vp8Key());
  packet.payload.resize(kMaxRtpSize - 12);
  receive(packet);
  ASSERT_THAT(output.sent, SizeIs(1));
  nack(1, {output.sent[0].packet().sequenceNumber()});
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_THAT(output.sent[1].bytes, SizeIs(kMaxRtpSize + 2));
}

}  // namespace
}  // namespace rtcpub::sfu
