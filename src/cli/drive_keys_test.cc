#include "cli/drive_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kStart{std::chrono::seconds(100)};
const Axes kForward{{kThrottle, 0.5}};

class DriveKeysTest : public testing::Test {
 protected:
  Axes after(std::string_view typed) {
    keys.feed(typed, kStart);
    return keys.axes(kStart);
  }
  DriveKeys keys{0.5};
};

TEST_F(DriveKeysTest, DrivesByLettersAndByArrows) {
  for (const char* typed : {"w", "W", "\x1B[A", "\x1BOA"}) EXPECT_EQ(after(typed), kForward);
  for (const char* typed : {"s", "\x1B[B"}) EXPECT_EQ(after(typed), (Axes{{kThrottle, -0.5}}));
  for (const char* typed : {"a", "\x1B[D"}) EXPECT_EQ(after(typed), (Axes{{kSteering, -1}}));
  for (const char* typed : {"d", "\x1B[C"}) EXPECT_EQ(after(typed), (Axes{{kSteering, 1}}));
  EXPECT_EQ(after("q"), (Axes{{kSteering, -1}, {kThrottle, 0.5}}));
  EXPECT_EQ(after("c"), (Axes{{kSteering, 1}, {kThrottle, -0.5}}));
}

TEST_F(DriveKeysTest, LetsGo150MillisecondsAfterTheLastRepeat) {
  keys.feed("w", kStart);
  keys.feed("w", kStart + milliseconds(100));
  EXPECT_EQ(keys.axes(kStart + milliseconds(249)), kForward);
  EXPECT_EQ(keys.until(), kStart + milliseconds(250));
  EXPECT_THAT(keys.axes(kStart + milliseconds(250)), IsEmpty());
}

TEST_F(DriveKeysTest, LetsGoAtOnceByTheSpaceBarAndByAnyOtherKey) {
  EXPECT_THAT(after("w "), IsEmpty());
  EXPECT_THAT(after("w?"), IsEmpty());
  EXPECT_THAT(after("w\x1B[5~"), IsEmpty()) << "page up";
  EXPECT_THAT(after("w\x1B[1;2P"), IsEmpty());
}

TEST_F(DriveKeysTest, ReadsASequenceThatComesInPieces) {
  EXPECT_THAT(after("\x1B"), IsEmpty());
  EXPECT_THAT(after("["), IsEmpty());
  EXPECT_EQ(after("A"), kForward);
  EXPECT_EQ(after("\x1Bw"), kForward) << "escape, then a key";
}

TEST_F(DriveKeysTest, SaysWhatElseIsWantedAndLetsGoThen) {
  EXPECT_THAT(
      keys.feed("wtTrynxX", kStart),
      ElementsAre(DriveWish::kTake, DriveWish::kTakeOver, DriveWish::kRelease, DriveWish::kGive,
                  DriveWish::kKeep, DriveWish::kEmergency, DriveWish::kClear));
  EXPECT_THAT(keys.axes(kStart), IsEmpty());
}

}  // namespace
}  // namespace rtcpub::cli
