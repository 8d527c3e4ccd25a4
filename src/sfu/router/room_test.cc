#include "sfu/router/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/router/fake_room_output.h"

namespace rtcpub::sfu {
namespace {

using fake::Bytes;
using fake::codec;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr ClientId kPublisher = 1000;
constexpr std::uint32_t kSsrc = 0xAA;
constexpr std::uint32_t kRtxSsrc = 0xBB;

NegotiatedMedia publisherMedia() {
  auto video = fake::section(MediaKind::kVideo, {codec("VP8", 96, 97), codec("H264/42e0", 98)});
  video.extensions = {{fake::kTransportCcUri, 1}, {fake::kPlayoutDelayUri, 2}};
  return {{video, fake::section(MediaKind::kAudio, {codec("opus", 111, -1, 48000)})}};
}

NegotiatedMedia subscriberMedia() {
  auto video = fake::section(MediaKind::kVideo, {codec("VP8", 120, 121), codec("H264/42e0", 122)},
                             kSsrc, kRtxSsrc);
  video.extensions = {{fake::kPlayoutDelayUri, 9}};
  return {{video, fake::section(MediaKind::kAudio, {codec("opus", 63, -1, 48000)}, 0xCC)}};
}

class RoomTest : public ::testing::Test {
 protected:
  void publish(ClientId id = kPublisher, const NegotiatedMedia& media = publisherMedia()) {
    room.setPublisher(id, media, now);
    room.onPublisherReady(now);
  }
  void subscribe(ClientId id, const NegotiatedMedia& media = subscriberMedia()) {
    room.addSubscriber(id, media);
    room.onSubscriberReady(id, now);
  }
  void receive(const fake::Packet& packet, MediaKind kind = MediaKind::kVideo) {
    const Bytes data = fake::bytesOf(packet);
    room.onPacket({.data = data, .kind = kind}, now);
  }
  void key() { receive(video(fake::vp8Key())); }
  void delta() { receive(video(fake::vp8Delta())); }
  /// The next packet of the publisher, a frame of its own.
  fake::Packet video(Bytes payload) {
    timestamp += 3000;
    return {.sequenceNumber = sequenceNumber++,
            .timestamp = timestamp,
            .ssrc = ssrc,
            .payload = std::move(payload)};
  }
  void nack(ClientId from, std::vector<std::uint16_t> sequenceNumbers) {
    room.onNack(from, kSsrc, sequenceNumbers, now);
  }
  void wait(milliseconds time) { now += time; }

  fake::Output output;
  Room room{output};
  Time now{std::chrono::seconds(100)};
  std::uint16_t sequenceNumber = 100;
  std::uint32_t timestamp = 7;
  std::uint32_t ssrc = 0x1234;
};

TEST_F(RoomTest, SendsFromTheNextKeyFrameOn) {
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

TEST_F(RoomTest, SendsNothingBeforeTheSubscribersTransportIsUp) {
  publish();
  room.addSubscriber(1, subscriberMedia());
  key();
  EXPECT_THAT(output.sent, IsEmpty());
}

TEST_F(RoomTest, SendsNothingInASectionThatIsNotActive) {
  publish();
  auto media = subscriberMedia();
  media.sections[0].active = false;
  subscribe(1, media);
  key();
  EXPECT_THAT(output.sent, IsEmpty());
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
}

TEST_F(RoomTest, RewritesHeaderExtensionsAndCutsPaddingOff) {
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

TEST_F(RoomTest, GivesEachOfTwentySubscribersItsOwnHeader) {
  publish();
  for (ClientId id = 1; id <= 20; ++id) {
    auto media = subscriberMedia();
    media.sections[0].codecs[0].payloadType = static_cast<int>(100 + id);
    if (id % 2 == 0) media.sections[0].extensions.clear();
    subscribe(id, media);
  }
  for (int i = 0; i < 50; ++i) {
    auto packet = video(i == 0 ? fake::vp8Key() : fake::vp8Delta());
    packet.extension = fake::Extension{0xBEDE, {0x22, 1, 2, 3}};
    receive(packet);
  }
  for (ClientId id = 1; id <= 20; ++id) {
    const auto sent = output.to(id);
    ASSERT_THAT(sent, SizeIs(50));
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto packet = sent[i].packet();
      EXPECT_EQ(packet.payloadType(), 100 + id);
      EXPECT_EQ(packet.sequenceNumber(), sent[0].packet().sequenceNumber() + i);
      EXPECT_EQ(packet.extension()[0], id % 2 == 0 ? 0 : 0x92);
    }
    EXPECT_EQ(room.counters(id).packets, 50U);
  }
}

TEST_F(RoomTest, CountsThroughTheWrapAround) {
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

TEST_F(RoomTest, LeavesReorderedPacketsTheirPlaceAndDropsDuplicates) {
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

TEST_F(RoomTest, SendsWhatOvertookTheStartOfTheKeyFrame) {
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

TEST_F(RoomTest, ForwardsPaddingPacketsWithoutTheirPadding) {
  publish();
  subscribe(1);
  key();
  auto packet = video({});
  packet.padding = 200;
  receive(packet);
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_THAT(output.sent[1].bytes, SizeIs(12)) << "its number must not be missing";
}

TEST_F(RoomTest, AnswersANackByRtx) {
  publish();
  subscribe(1);
  key();
  delta();
  delta();
  const auto lost = output.sent[1].packet();
  const Bytes payload(lost.payload().begin(), lost.payload().end());
  const auto number = lost.sequenceNumber();
  output.sent.clear();
  nack(1, {number});
  ASSERT_THAT(output.sent, SizeIs(1));
  const auto rtx = output.sent[0].packet();
  EXPECT_EQ(rtx.ssrc(), kRtxSsrc);
  EXPECT_EQ(rtx.payloadType(), 121);
  ASSERT_THAT(rtx.payload(), SizeIs(payload.size() + 2));
  EXPECT_EQ(rtx.payload()[0] << 8 | rtx.payload()[1], number);
  EXPECT_THAT(rtx.payload().subspan(2), ::testing::ElementsAreArray(payload));
  EXPECT_EQ(room.counters(1).retransmitted, 1U);
}

TEST_F(RoomTest, AnswersANackByThePacketItselfWithoutRtx) {
  publish();
  auto media = subscriberMedia();
  media.sections[0].codecs[0].rtxPayloadType = -1;
  subscribe(1, media);
  key();
  delta();
  nack(1, {output.sent[1].packet().sequenceNumber()});
  ASSERT_THAT(output.sent, SizeIs(3));
  EXPECT_EQ(output.sent[2].bytes, output.sent[1].bytes);
}

TEST_F(RoomTest, DoesNotRepeatAPacketThatIsOnItsWay) {
  publish();
  subscribe(1);
  key();
  const auto number = output.sent[0].packet().sequenceNumber();
  nack(1, {number, number});
  wait(milliseconds(5));
  nack(1, {number});
  EXPECT_EQ(room.counters(1).retransmitted, 1U);
  wait(milliseconds(20));
  nack(1, {number});
  EXPECT_EQ(room.counters(1).retransmitted, 2U);
}

TEST_F(RoomTest, CountsNacksForPacketsThatAreGone) {
  publish();
  subscribe(1);
  key();
  const auto number = output.sent[0].packet().sequenceNumber();
  wait(milliseconds(3000));
  nack(1, {number, static_cast<std::uint16_t>(number + 1000)});
  EXPECT_EQ(room.counters(1).tooOld, 2U);
  EXPECT_EQ(room.counters(1).retransmitted, 0U);
}

TEST_F(RoomTest, AnswersNacksAfterTheNumbersWereRebased) {
  publish();
  subscribe(1);
  key();
  publish(kPublisher + 1);
  sequenceNumber = 40'000;
  key();
  delta();
  ASSERT_THAT(output.sent, SizeIs(3));
  const auto lost = output.sent[2].packet();
  nack(1, {lost.sequenceNumber()});
  ASSERT_THAT(output.sent, SizeIs(4));
  EXPECT_EQ(output.sent[3].packet().timestamp(), lost.timestamp());
}

TEST_F(RoomTest, IgnoresNacksOfStrangersAndForOthersSsrcs) {
  publish();
  subscribe(1);
  key();
  const std::vector<std::uint16_t> numbers{output.sent[0].packet().sequenceNumber()};
  room.onNack(1, kSsrc + 1, numbers, now);
  room.onNack(77, kSsrc, numbers, now);
  EXPECT_THAT(output.sent, SizeIs(1));
}

TEST_F(RoomTest, KeepsSubscribersGoingOverAPublishersRestart) {
  publish();
  subscribe(1);
  key();
  delta();
  const auto last = output.sent.back().packet();
  const auto lastNumber = last.sequenceNumber();
  const auto lastTimestamp = last.timestamp();
  room.removePublisher(kPublisher);
  wait(milliseconds(2000));
  publish(kPublisher + 1);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher, kPublisher + 1));
  sequenceNumber = 50'000;
  timestamp = 1'000'000;
  ssrc = 0x9999;
  output.sent.clear();
  delta();
  EXPECT_THAT(output.sent, IsEmpty());
  key();
  delta();
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_EQ(output.sent[0].packet().sequenceNumber(), lastNumber + 1);
  EXPECT_EQ(output.sent[0].packet().timestamp(), lastTimestamp + 180'000);
  EXPECT_EQ(output.sent[0].packet().ssrc(), kSsrc);
  EXPECT_EQ(output.sent[1].packet().sequenceNumber(), lastNumber + 2);
  EXPECT_EQ(output.sent[1].packet().timestamp(), lastTimestamp + 183'000);
}

TEST_F(RoomTest, IgnoresTheLeavingOfAPublisherThatWasReplaced) {
  publish();
  publish(kPublisher + 1);
  room.removePublisher(kPublisher);
  EXPECT_EQ(room.publisher(), kPublisher + 1);
}

TEST_F(RoomTest, GoesOnWithoutAPauseWhenThePublisherNegotiatesAnew) {
  publish();
  subscribe(1);
  key();
  room.setPublisher(kPublisher, publisherMedia(), now);
  delta();
  EXPECT_THAT(output.sent, SizeIs(2));
}

TEST_F(RoomTest, FollowsAPublisherThatRestartsItsStreamUnderAnotherSsrc) {
  publish();
  subscribe(1);
  key();
  const auto last = output.sent.back().packet().sequenceNumber();
  ssrc = 0x77;
  sequenceNumber = 9;
  wait(milliseconds(500));
  key();
  EXPECT_THAT(output.sent, SizeIs(1)) << "simulcast: another layer beside";
  wait(milliseconds(600));
  delta();
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2)) << "the new stream can't start without";
  key();
  ASSERT_THAT(output.sent, SizeIs(2));
  EXPECT_EQ(output.sent.back().packet().sequenceNumber(), last + 1);
}

TEST_F(RoomTest, AdjustsSenderReports) {
  publish();
  subscribe(1);
  room.onSenderReport({.kind = MediaKind::kVideo, .ntp = 5, .rtpTimestamp = 10}, now);
  EXPECT_THAT(output.reports, IsEmpty()) << "nothing was sent yet";
  key();
  publish(kPublisher + 1);
  wait(milliseconds(1000));
  sequenceNumber = 5000;
  timestamp = 5'000'000;
  key();
  const auto newest = output.sent.back().packet().timestamp();
  room.onSenderReport({.kind = MediaKind::kVideo, .ntp = 6, .rtpTimestamp = timestamp + 900}, now);
  ASSERT_THAT(output.reports, SizeIs(1));
  const auto& report = output.reports[0].report;
  EXPECT_EQ(report.ssrc, kSsrc);
  EXPECT_EQ(report.ntp, 6U);
  EXPECT_EQ(report.rtpTimestamp, newest + 900);
  EXPECT_EQ(report.packets, 2U);
  EXPECT_EQ(report.octets, 2 * fake::vp8Key().size());
}

TEST_F(RoomTest, ChangesTheCodecForThoseWhoKnowBoth) {
  publish();
  subscribe(1);
  auto vp8Only = subscriberMedia();
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

TEST_F(RoomTest, AsksForNoKeyFrameThatNobodyCouldDecode) {
  publish();
  auto vp8Only = subscriberMedia();
  vp8Only.sections[0].codecs.resize(1);
  auto packet = video(fake::h264Key());
  packet.payloadType = 98;
  receive(packet);
  subscribe(1, vp8Only);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  EXPECT_EQ(room.deadline(), std::nullopt);
}

TEST_F(RoomTest, AsksForAKeyFrameWhenADeltaFrameOfAnotherCodecComes) {
  publish();
  auto h264Only = subscriberMedia();
  h264Only.sections[0].codecs.erase(h264Only.sections[0].codecs.begin());
  key();
  subscribe(1, h264Only);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  auto packet = video(fake::h264Delta());
  packet.payloadType = 98;
  receive(packet);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher));
}

TEST_F(RoomTest, GetsALateJoinerItsKeyFrame) {
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

TEST_F(RoomTest, KeepsAPendingKeyFrameRequest) {
  publish();
  subscribe(1);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1));
  key();
  wait(milliseconds(100));
  subscribe(2);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1));
  ASSERT_EQ(room.deadline(), now + milliseconds(400));
  now = *room.deadline();
  room.onTime(now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
}

TEST_F(RoomTest, AsksAgainWhileSomeoneWaits) {
  publish();
  subscribe(1);
  ASSERT_EQ(room.deadline(), now + milliseconds(1000));
  now = *room.deadline();
  room.onTime(now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  room.removeSubscriber(1);
  EXPECT_EQ(room.deadline(), std::nullopt);
}

TEST_F(RoomTest, AsksAPublisherOnlyWhenItsTransportIsUp) {
  subscribe(1);
  room.setPublisher(kPublisher, publisherMedia(), now);
  room.onKeyFrameNeeded(now);
  EXPECT_THAT(output.keyFrameRequests, IsEmpty());
  EXPECT_EQ(room.deadline(), std::nullopt);
  room.onPublisherReady(now);
  EXPECT_THAT(output.keyFrameRequests, ElementsAre(kPublisher));
}

TEST_F(RoomTest, PassesASubscribersRequestOn) {
  publish();
  subscribe(1);
  key();
  wait(milliseconds(700));
  room.onKeyFrameNeeded(now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
}

TEST_F(RoomTest, ForwardsAudioAtOnceAndBesideTheVideo) {
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

TEST_F(RoomTest, StartsASubscriberAnewWhoseTransportDid) {
  publish();
  subscribe(1);
  key();
  delta();
  wait(milliseconds(600));
  room.addSubscriber(1, subscriberMedia());
  room.onSubscriberReady(1, now);
  EXPECT_THAT(output.keyFrameRequests, SizeIs(2));
  delta();
  EXPECT_THAT(output.sent, SizeIs(2));
  key();
  ASSERT_THAT(output.sent, SizeIs(3));
  EXPECT_EQ(output.sent[2].packet().sequenceNumber(), output.sent[1].packet().sequenceNumber() + 1);
}

TEST_F(RoomTest, KnowsWhoIsInIt) {
  EXPECT_TRUE(room.empty());
  room.addSubscriber(2, subscriberMedia());
  room.addSubscriber(1, {});
  EXPECT_THAT(room.subscribers(), ElementsAre(1, 2));
  EXPECT_EQ(room.publisher(), std::nullopt);
  publish();
  room.removeSubscriber(1);
  room.removeSubscriber(2);
  EXPECT_FALSE(room.empty());
  room.removePublisher(kPublisher);
  EXPECT_TRUE(room.empty());
}

TEST_F(RoomTest, DropsWhatIsNoPacketOfThePublisher) {
  publish();
  subscribe(1);
  key();
  const auto send = [this](const Bytes& data) {
    room.onPacket({.data = data, .kind = MediaKind::kVideo}, now);
  };
  Bytes good = fake::bytesOf(video(fake::vp8Delta()));
  for (std::size_t size = 0; size < 12; ++size) send(Bytes(good.begin(), good.begin() + size));
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

TEST_F(RoomTest, BearsTheLargestPacketWithRtx) {
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
