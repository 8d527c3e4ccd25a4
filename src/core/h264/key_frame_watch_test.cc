#include "core/h264/key_frame_watch.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

// Whether it gives up in ten seconds of 20 pictures each; intervals in pictures, 0 for never.
class Stream {
 public:
  bool gaveUp(int pictures, int keyFrameEach, int recoveryPointEach) {
    bool over = false;
    for (int i = 0; i < pictures; ++i, ++number_) {
      over = watch_.take(isAt(keyFrameEach), isAt(recoveryPointEach),
                         Time(milliseconds(50 * number_)));
    }
    return over;
  }
  void want() { watch_.want(); }

 private:
  [[nodiscard]] bool isAt(int each) const { return each > 0 && number_ % each == 0; }

  KeyFrameWatch watch_;
  int number_ = 1;
};

TEST(KeyFrameWatch, GivesUpAStreamOfRecoveryPointsOnly) {
  EXPECT_FALSE(Stream().gaveUp(75, 0, 20));
  EXPECT_TRUE(Stream().gaveUp(80, 0, 20));
}

TEST(KeyFrameWatch, WaitsForKeyFramesThatAreRareButThere) {
  EXPECT_FALSE(Stream().gaveUp(199, 100, 0));
  EXPECT_FALSE(Stream().gaveUp(199, 200, 0)) << "nothing shows that decoders could begin";
  EXPECT_FALSE(Stream().gaveUp(200, 25, 20));
}

TEST(KeyFrameWatch, MindsNothingWhileNobodyWantsAKeyFrame) {
  Stream stream;
  EXPECT_FALSE(stream.gaveUp(20, 1, 0));
  EXPECT_FALSE(stream.gaveUp(200, 0, 20));
}

TEST(KeyFrameWatch, GivesUpWhenAViewerWaitsInVain) {
  Stream stream;
  EXPECT_FALSE(stream.gaveUp(20, 1, 0));
  EXPECT_FALSE(stream.gaveUp(100, 0, 20));
  stream.want();
  EXPECT_FALSE(stream.gaveUp(30, 0, 20));
  stream.want();
  EXPECT_TRUE(stream.gaveUp(50, 0, 20));
  EXPECT_TRUE(stream.gaveUp(1, 1, 0)) << "once is enough";
}

}  // namespace
}  // namespace rtcpub
