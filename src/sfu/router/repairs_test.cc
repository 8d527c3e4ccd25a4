#include "sfu/router/repairs.h"

#include <gtest/gtest.h>

#include <numeric>

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

}  // namespace
}  // namespace rtcpub::sfu
