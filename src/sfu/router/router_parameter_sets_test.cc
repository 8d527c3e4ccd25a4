#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Bytes kSps{0x67, 0x42, 0xC0, 0x1F, 0x8C};
const Bytes kPps{0x68, 0xCE, 0x3C, 0x80};
const Bytes kSets{0x78, 0, 5, 0x67, 0x42, 0xC0, 0x1F, 0x8C, 0, 4, 0x68, 0xCE, 0x3C, 0x80};
const Bytes kIdr = fake::h264Key();
const Bytes kDelta = fake::h264Delta();

/// A robot that sends H264, and its parameter sets when the test says so.
class ParameterSetsInARouter : public RouterTest {
 protected:
  void SetUp() override { publish(); }
  /// The packets of one picture, less those that are late, which are returned.
  std::vector<fake::Packet> picture(const std::vector<Bytes>& payloads,
                                    const std::vector<std::size_t>& late = {}) {
    std::vector<fake::Packet> later;
    timestamp += 3000;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      const fake::Packet packet{.payloadType = 98,
                                .sequenceNumber = sequenceNumber++,
                                .timestamp = timestamp,
                                .ssrc = ssrc,
                                .marker = i + 1 == payloads.size(),
                                .payload = payloads[i]};
      if (std::find(late.begin(), late.end(), i) != late.end()) {
        later.push_back(packet);
      } else {
        receive(packet);
      }
    }
    return later;
  }
  std::vector<Bytes> payloads(MemberId id) const {
    std::vector<Bytes> found;
    for (const auto& sent : output.to(id)) {
      const auto payload = sent.packet().payload();
      found.emplace_back(payload.begin(), payload.end());
    }
    return found;
  }
  /// Each packet's number is the one after that of the packet before.
  void expectNoGap(MemberId id) const {
    const auto packets = output.to(id);
    for (std::size_t i = 1; i < packets.size(); ++i) {
      EXPECT_EQ(packets[i].packet().sequenceNumber(),
                static_cast<std::uint16_t>(packets[i - 1].packet().sequenceNumber() + 1));
    }
  }
};

TEST_F(ParameterSetsInARouter, AreRepeatedBeforeAKeyFrameThatComesWithout) {
  subscribe(1);
  picture({kSps, kPps, kIdr});
  picture({kDelta});
  subscribe(2);
  picture({kIdr});
  picture({kDelta});
  EXPECT_THAT(payloads(1), ElementsAre(kSps, kPps, kIdr, kDelta, kSets, kIdr, kDelta));
  EXPECT_THAT(payloads(2), ElementsAre(kSets, kIdr, kDelta));
  expectNoGap(1);
  expectNoGap(2);
  const auto packets = output.to(1);
  EXPECT_EQ(packets[4].packet().timestamp(), packets[5].packet().timestamp());
  EXPECT_FALSE(packets[4].packet().marker());
  EXPECT_TRUE(packets[5].packet().marker());
}

TEST_F(ParameterSetsInARouter, AreRepeatedToWhoLostThem) {
  subscribe(1);
  picture({kSps, kPps, kIdr});
  picture({kIdr});
  const auto sets = output.to(1).at(3).packet().sequenceNumber();
  output.sent.clear();
  nack(1, {sets, static_cast<std::uint16_t>(sets + 1)});
  EXPECT_THAT(payloads(1), ElementsAre(kSets, kIdr));
}

TEST_F(ParameterSetsInARouter, AreLeftToARobotThatRepeatsThem) {
  subscribe(1);
  for (int i = 0; i < 3; ++i) {
    picture({kSps, kPps, kIdr});
    picture({kDelta});
  }
  EXPECT_THAT(payloads(1), SizeIs(12));
  EXPECT_THAT(payloads(1), ::testing::Not(::testing::Contains(kSets)));
}

TEST_F(ParameterSetsInARouter, AreNotRepeatedWhereNewOnesMayBeLate) {
  subscribe(1);
  picture({kSps, kPps, kIdr});
  const Bytes other{0x67, 0x42, 0xC0, 0x15, 0x8D};
  const auto late = picture({other, kPps, kIdr}, {0, 1});
  for (const auto& packet : late) receive(packet);
  EXPECT_THAT(payloads(1), ElementsAre(kSps, kPps, kIdr, kIdr, other, kPps));
}

TEST_F(ParameterSetsInARouter, AreWaitedForByWhoHasThoseOfAnotherRobot) {
  subscribe(1);
  picture({kSps, kPps, kIdr});
  ssrc = 0x5678;
  publish(kPublisher + 1);
  output.sent.clear();
  output.keyFrameRequests.clear();
  wait(milliseconds(600));
  const Bytes other{0x67, 0x42, 0xC0, 0x15, 0x8D};
  const auto late = picture({other, kPps, kIdr}, {0});
  EXPECT_THAT(payloads(1), IsEmpty());
  EXPECT_THAT(output.keyFrameRequests, SizeIs(1));
  receive(late[0]);
  EXPECT_THAT(payloads(1), ElementsAre(other, kPps, kIdr));
}

TEST_F(ParameterSetsInARouter, OfOneRobotAreNotGivenToAnothersKeyFrames) {
  subscribe(1);
  picture({kSps, kPps, kIdr});
  ssrc = 0x5678;
  publish(kPublisher + 1);
  output.sent.clear();
  picture({kDelta});
  picture({kIdr});
  EXPECT_THAT(payloads(1), IsEmpty());
}

}  // namespace
}  // namespace rtcpub::sfu
