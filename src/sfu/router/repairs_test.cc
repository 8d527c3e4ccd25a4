#include "sfu/router/repairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "sfu/router/key_frame.h"

namespace rtcpub::sfu {
namespace {

using std::chrono::milliseconds;
using Numbers = std::vector<std::uint16_t>;

/// A publisher's packets, ten to a picture, 200 a second.
class Stream {
 public:
  Repairs repairs;
  Time now{std::chrono::seconds(10)};
  std::uint16_t next = 65'000;  // they wrap soon

  void receive(int packets, milliseconds distance = milliseconds(5)) {
    for (int i = 0; i < packets; ++i) receiveOne(false, distance);
  }
  void receiveKeyFrameStart() { receiveOne(true, milliseconds(5)); }
  void repeat(std::uint16_t number) {
    repairs.onReceived({.sequenceNumber = number, .timestamp = number / 10U, .repeated = true},
                       now);
  }
  Numbers lose(int packets) {
    Numbers lost(packets);
    std::iota(lost.begin(), lost.end(), next);
    next = static_cast<std::uint16_t>(next + packets);
    return lost;
  }
  Numbers asked(const Numbers& missing) { return repairs.onMissing(missing, now); }
  bool givesUp() { return repairs.givesUp(now); }

 private:
  void receiveOne(bool key, milliseconds distance) {
    now += distance;
    const std::uint32_t timestamp = key ? 1'000'000U : next / 10U;
    repairs.onReceived({.sequenceNumber = next++, .timestamp = timestamp, .startsKeyFrame = key},
                       now);
  }
};

TEST(Repairs, AsksForSingleLosses) {
  Stream stream;
  for (int i = 0; i < 100; ++i) {
    stream.receive(10);
    const auto lost = stream.lose(1);
    stream.receive(1);
    EXPECT_EQ(stream.asked(lost), lost);
    EXPECT_FALSE(stream.givesUp());
    stream.repeat(lost.front());
  }
}

TEST(Repairs, AsksOnForAFirstSliceWhenTheStartOfASecondOneIsRepeatedBefore) {
  Repairs repairs;
  const Time now{std::chrono::seconds(10)};
  const auto receive = [&](std::uint16_t number, std::uint32_t picture,
                           const std::vector<std::uint8_t>& payload, bool repeated = false) {
    repairs.onReceived({.sequenceNumber = number,
                        .timestamp = picture,
                        .startsKeyFrame = startsKeyFrame(CodecKind::kH264, payload),
                        .repeated = repeated},
                       now);
  };
  const std::vector<std::uint8_t> goesOn{0x7C, 0x05, 0x12};
  receive(9, 1, {0x41, 0x9A, 0x02, 0x00});
  receive(10, 2, {0x67, 0x42, 0xC0, 0x1F});  // parameter sets
  receive(11, 2, {0x7C, 0x85, 0x88, 0x84});  // where the first slice begins
  // Lost: 12, which goes on with it, and 13, where the second one begins.
  receive(14, 2, goesOn);
  EXPECT_EQ(repairs.onMissing(Numbers{12, 13}, now), (Numbers{12, 13}));
  receive(13, 2, {0x7C, 0x85, 0x00, 0x5A}, true);
  EXPECT_EQ(repairs.onMissing(Numbers{12}, now), Numbers{12});
}

TEST(Repairs, AsksForABurst) {
  Stream stream;
  stream.receive(100);
  const auto lost = stream.lose(25);
  stream.receive(1);
  EXPECT_EQ(stream.asked(lost), lost);
  EXPECT_FALSE(stream.givesUp());
}

TEST(Repairs, PrefersAKeyFrameAfterAnOutage) {
  Stream stream;
  stream.receive(100);
  const auto lost = stream.lose(200);
  stream.now += std::chrono::seconds(1);
  stream.receive(1);
  EXPECT_EQ(stream.asked(lost), Numbers());
  EXPECT_TRUE(stream.givesUp());
  EXPECT_FALSE(stream.givesUp());  // it was said
}

TEST(Repairs, PrefersAKeyFrameWhenThreeOfFourPacketsAreLost) {
  Stream stream;
  stream.receive(100);
  bool gaveUp = false;
  for (int i = 0; i < 30 && !gaveUp; ++i) {
    const auto lost = stream.lose(3);
    stream.receive(1, milliseconds(10));
    (void)stream.asked(lost);
    gaveUp = stream.givesUp();
  }
  EXPECT_TRUE(gaveUp);
}

TEST(Repairs, AsksForNothingUntilTheKeyFrameCanHaveBegun) {
  Stream stream;
  stream.repairs.setRtt(milliseconds(60));
  (void)stream.asked(stream.lose(100));
  ASSERT_TRUE(stream.givesUp());
  stream.receive(2);
  EXPECT_EQ(stream.asked(stream.lose(1)), Numbers());
  stream.receive(10);
  const auto later = stream.lose(1);
  EXPECT_EQ(stream.asked(later), later);
}

TEST(Repairs, AsksForWhatIsMissingOfTheKeyFrameButNotForWhatCameBefore) {
  Stream stream;
  stream.receive(10);
  const auto old = stream.lose(2);
  stream.receive(20);
  const auto perhapsOfTheKeyFrame = stream.lose(1);
  stream.receiveKeyFrameStart();
  const auto ofTheKeyFrame = stream.lose(3);
  stream.receiveKeyFrameStart();  // its second slice
  Numbers all = old;
  all.insert(all.end(), perhapsOfTheKeyFrame.begin(), perhapsOfTheKeyFrame.end());
  all.insert(all.end(), ofTheKeyFrame.begin(), ofTheKeyFrame.end());
  EXPECT_EQ(stream.asked(all), Numbers(all.begin() + 2, all.end()));
}

TEST(Repairs, AsksForAKeyFrameWhenSomethingDoesNotCome) {
  Stream stream;
  stream.receive(10);
  const auto lost = stream.lose(1);
  stream.receive(1);
  EXPECT_EQ(stream.asked(lost), lost);
  stream.receive(78);
  EXPECT_FALSE(stream.givesUp());
  stream.receive(10);
  EXPECT_TRUE(stream.givesUp());
}

TEST(Repairs, WaitsLongerOnALongPath) {
  Stream stream;
  stream.repairs.setRtt(milliseconds(300));
  stream.receive(10);
  (void)stream.asked(stream.lose(1));
  stream.receive(160);
  EXPECT_FALSE(stream.givesUp());
  stream.receive(30);
  EXPECT_TRUE(stream.givesUp());
}

TEST(Repairs, AsksAgainForAKeyFrameThatDoesNotCome) {
  Stream stream;
  (void)stream.asked(stream.lose(100));
  EXPECT_TRUE(stream.givesUp());
  stream.receive(78);
  EXPECT_FALSE(stream.givesUp());
  stream.receive(10);
  EXPECT_TRUE(stream.givesUp());
  stream.receiveKeyFrameStart();
  stream.receive(200);
  EXPECT_FALSE(stream.givesUp());
}

TEST(Repairs, ForgetsWhereAKeyFrameBeganBeforeTheNumbersComeAround) {
  Stream stream;
  stream.receiveKeyFrameStart();
  for (int i = 0; i < 9; ++i) {
    stream.receive(5000);
    const auto lost = stream.lose(1);
    stream.receive(1);
    EXPECT_EQ(stream.asked(lost), lost);
    stream.repeat(lost.front());
  }
}

/// Frames of two packets in layers 0, 2, 1, 2.
class LayeredStream {
 public:
  Repairs repairs;
  Time now{std::chrono::seconds(10)};

  /// Sends the packets before `number`; none of `lost` arrives.
  void sendUpTo(std::uint16_t number, const Numbers& lost = {}) {
    for (; next_ != number; ++next_) {
      now += milliseconds(5);
      if (std::find(lost.begin(), lost.end(), next_) == lost.end()) receive(next_, false);
    }
  }
  void repeat(std::uint16_t number) { receive(number, true); }
  /// What is missing is asked for in vain.
  bool givesUpOn(const Numbers& lost) {
    EXPECT_EQ(repairs.onMissing(lost, now), lost);
    now += Repairs::kOverdue + milliseconds(1);
    return repairs.givesUp(now);
  }

 private:
  void receive(std::uint16_t number, bool repeated) {
    static constexpr std::array<std::uint8_t, 4> kLayers{0, 2, 1, 2};
    const int frame = number / 2;
    const auto lowest = static_cast<std::uint8_t>(frame / 4);
    repairs.onReceived(
        {.sequenceNumber = number,
         .timestamp = static_cast<std::uint32_t>(frame),
         .repeated = repeated,
         .endsFrame = number % 2 == 1,
         .layered = LayeredPacket{.layer = {.id = kLayers[static_cast<std::size_t>(frame % 4)],
                                            .lowestFrames = lowest},
                                  .startsFrame = number % 2 == 0}},
        now);
  }

  std::uint16_t next_ = 0;
};

TEST(Repairs, SparesFramesOfUpperLayers) {
  for (const Numbers& lost :
       {Numbers{18}, Numbers{19}, Numbers{20, 21}, Numbers{18, 19, 20, 21, 22}, Numbers{22, 23}}) {
    LayeredStream stream;
    stream.sendUpTo(40, lost);
    EXPECT_FALSE(stream.givesUpOn(lost)) << lost.front();
    EXPECT_FALSE(stream.givesUpOn(lost)) << "asked for once more, " << lost.front();
  }
}

TEST(Repairs, DoesNotSpareTheLowestLayer) {
  for (const Numbers& lost : {Numbers{16}, Numbers{17}, Numbers{17, 18}, Numbers{23, 24},
                              Numbers{24}, Numbers{18, 19, 20, 21, 22, 23, 24}}) {
    LayeredStream stream;
    stream.sendUpTo(40, lost);
    EXPECT_TRUE(stream.givesUpOn(lost)) << lost.front();
  }
}

TEST(Repairs, ForgetsWhatItSparedBeforeTheNumbersComeAround) {
  LayeredStream stream;
  stream.sendUpTo(40, {18, 19});
  stream.sendUpTo(40'000);
  stream.sendUpTo(16);  // they came around
  stream.sendUpTo(40, {16, 17, 18});
  EXPECT_TRUE(stream.givesUpOn({18}));
}

TEST(Repairs, NeedsNothingOfAnUpperLayerThatCame) {
  LayeredStream stream;
  stream.sendUpTo(40, {16, 18});
  EXPECT_EQ(stream.repairs.onMissing(Numbers{16, 18}, stream.now), (Numbers{16, 18}));
  stream.repeat(16);
  stream.now += Repairs::kOverdue + milliseconds(1);
  EXPECT_FALSE(stream.repairs.givesUp(stream.now));
}

}  // namespace
}  // namespace rtcpub::sfu
