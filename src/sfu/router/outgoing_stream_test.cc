#include "sfu/router/outgoing_stream.h"

#include <gtest/gtest.h>

#include "sfu/router/fake_packets.h"

namespace rtcpub::sfu {
namespace {

using fake::codec;
using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(100)};

OutgoingStream videoStream(const std::vector<NegotiatedCodec>& publisher = {
                               codec(Codec::vp8(), 96), codec(Codec::vp9(0), 98)}) {
  OutgoingStream stream(
      fake::section(MediaKind::kVideo,
                    {codec(Codec::vp8(), 120, 121), codec(Codec::h264(0x42E0), 102)}, 0xAA, 0xBB));
  stream.connect(publisher);
  return stream;
}

SourcePacket key(std::int64_t sequence, std::uint32_t timestamp, std::uint8_t payloadType = 96) {
  return {.sequence = sequence,
          .timestamp = timestamp,
          .payloadType = payloadType,
          .startsKeyFrame = true};
}

SourcePacket delta(std::int64_t sequence, std::uint32_t timestamp, std::uint8_t payloadType = 96) {
  return {.sequence = sequence,
          .timestamp = timestamp,
          .payloadType = payloadType,
          .startsKeyFrame = false};
}

TEST(OutgoingStream, StartsAtAKeyFrameUnderItsOwnHeader) {
  auto stream = videoStream();
  EXPECT_FALSE(stream.next(delta(1000, 5), kStart));
  const auto fields = stream.next(key(1001, 3005), kStart);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->payloadType, 120);
  EXPECT_EQ(fields->ssrc, 0xAAU);
  EXPECT_EQ(stream.next(delta(1002, 3005), kStart)->sequenceNumber,
            static_cast<std::uint16_t>(fields->sequenceNumber + 1));
}

TEST(OutgoingStream, StartsInTheLowerHalfOfTheSequenceNumbers) {
  auto stream = videoStream();
  EXPECT_LT(stream.next(key(0xFFFE, 0), kStart)->sequenceNumber, 0x8000);
}

TEST(OutgoingStream, LeavesReorderedPacketsTheirPlaceButNotThoseFromBeforeTheStart) {
  auto stream = videoStream();
  const auto first = stream.next(key(1000, 0), kStart)->sequenceNumber;
  EXPECT_EQ(stream.next(delta(1003, 0), kStart)->sequenceNumber, first + 3);
  EXPECT_EQ(stream.next(delta(1001, 0), kStart)->sequenceNumber, first + 1);
  EXPECT_FALSE(stream.next(delta(999, 0), kStart));
}

TEST(OutgoingStream, ContinuesAfterARestartWithTheTimeThatPassed) {
  auto stream = videoStream();
  const auto before = *stream.next(key(1000, 0xFFFFFFF0), kStart);
  stream.restart();
  EXPECT_FALSE(stream.next(delta(200'000, 77), kStart + milliseconds(900)));
  const auto after = *stream.next(key(200'001, 77), kStart + milliseconds(1000));
  EXPECT_EQ(after.sequenceNumber, before.sequenceNumber + 1);
  EXPECT_EQ(after.timestamp - before.timestamp, 90'000U);
  EXPECT_EQ(stream.next(delta(200'002, 3077), kStart)->timestamp, after.timestamp + 3000);
}

TEST(OutgoingStream, AdvancesByAFrameAtLeast) {
  auto stream = videoStream();
  const auto before = *stream.next(key(1000, 50), kStart);
  stream.restart();
  EXPECT_EQ(stream.next(key(200'000, 9), kStart)->timestamp - before.timestamp, 3000U);
}

TEST(OutgoingStream, WaitsWhileTheViewerDoesNotKnowTheCodec) {
  auto stream = videoStream();
  const auto before = *stream.next(key(1000, 0), kStart);
  EXPECT_FALSE(stream.next(key(1001, 3000, 98), kStart));
  EXPECT_TRUE(stream.waiting());
  EXPECT_FALSE(stream.next(delta(1002, 6000), kStart)) << "a delta frame can't be decoded";
  const auto after = *stream.next(key(1003, 9000), kStart + milliseconds(100));
  EXPECT_EQ(after.sequenceNumber, before.sequenceNumber + 1);
  EXPECT_EQ(after.timestamp - before.timestamp, 9000U) << "the publisher's clock is the same";
}

TEST(OutgoingStream, IsNotStoppedByALatePacketOfAnUnknownCodec) {
  auto stream = videoStream();
  (void)stream.next(key(1000, 0), kStart);
  EXPECT_FALSE(stream.next(delta(999, 0, 98), kStart));
  EXPECT_FALSE(stream.waiting());
}

TEST(OutgoingStream, ChangesThePayloadTypeWithTheCodec) {
  auto stream = videoStream({codec(Codec::vp8(), 96), codec(Codec::h264(0x42E0), 100)});
  const auto before = *stream.next(key(1000, 0), kStart);
  const auto after = *stream.next(key(1001, 3000, 100), kStart);
  EXPECT_EQ(before.payloadType, 120);
  EXPECT_EQ(after.payloadType, 102);
  EXPECT_EQ(after.sequenceNumber, before.sequenceNumber + 1);
}

TEST(OutgoingStream, StartsAudioWithAnyPacket) {
  OutgoingStream stream(
      fake::section(MediaKind::kAudio, {codec(Codec::opus(), 111, -1, 48000)}, 0xAA));
  stream.connect({codec(Codec::opus(), 109, -1, 48000)});
  const auto before = stream.next(delta(1000, 0, 109), kStart);
  ASSERT_TRUE(before);
  stream.restart();
  const auto after = *stream.next(delta(300'000, 5, 109), kStart + milliseconds(10));
  EXPECT_EQ(after.timestamp - before->timestamp, 960U);
}

TEST(OutgoingStream, KnowsWhichPacketANumberStoodFor) {
  auto stream = videoStream();
  const auto first = stream.next(key(70'000, 0), kStart)->sequenceNumber;
  (void)stream.next(delta(70'005, 0), kStart);
  const auto at = [first](int i) { return static_cast<std::uint16_t>(first + i); };
  EXPECT_EQ(stream.sourceOf(at(0)), 70'000);
  EXPECT_EQ(stream.sourceOf(at(3)), 70'003);
  EXPECT_EQ(stream.sourceOf(at(6)), std::nullopt) << "not sent yet";
  EXPECT_EQ(stream.sourceOf(at(-1)), std::nullopt) << "before the start";
  stream.restart();
  EXPECT_EQ(stream.sourceOf(at(3)), std::nullopt) << "the old publisher's packets are gone";
  (void)stream.next(key(300'000, 0), kStart);
  EXPECT_EQ(stream.sourceOf(at(6)), 300'000);
}

TEST(OutgoingStream, NumbersRtxPacketsApart) {
  auto stream = videoStream();
  (void)stream.next(key(1000, 90), kStart);
  const auto first = *stream.nextRtx(key(1000, 90));
  EXPECT_EQ(first.payloadType, 121);
  EXPECT_EQ(first.ssrc, 0xBBU);
  EXPECT_EQ(first.timestamp, 90U);
  EXPECT_EQ(stream.nextRtx(key(1000, 90))->sequenceNumber, first.sequenceNumber + 1);
}

TEST(OutgoingStream, HasNoRtxWhereNoneWasNegotiated) {
  auto stream = videoStream({codec(Codec::h264(0x42E0), 96)});
  (void)stream.next(key(1000, 90), kStart);
  EXPECT_FALSE(stream.nextRtx(key(1000, 90)));
}

TEST(OutgoingStream, SurvivesNonsenseFromTheNegotiation) {
  OutgoingStream stream(fake::section(
      MediaKind::kVideo,
      {codec(Codec::vp8(), 300), codec(Codec::vp9(0), -1), codec(Codec::h264(0x42E0), 96, 300)},
      1));
  stream.connect({codec(Codec::vp8(), 96), codec(Codec::vp9(0), 97),
                  codec(Codec::h264(0x42E0), 1000),
                  codec(Codec::h264(0x42E0), 98, -1, 2'000'000'000)});
  EXPECT_FALSE(stream.knows(96));
  EXPECT_FALSE(stream.knows(97));
  EXPECT_FALSE(stream.knows(255));
  ASSERT_TRUE(stream.next(key(1, 0, 98), kStart));
  stream.restart();
  EXPECT_TRUE(stream.next(key(200'000, 0, 98), kStart + std::chrono::hours(24 * 365)));
  EXPECT_FALSE(stream.nextRtx(key(200'000, 0, 98)));
}

}  // namespace
}  // namespace rtcpub::sfu
