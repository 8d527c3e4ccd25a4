#include "core/file_watch.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr FileStamp kCertificate{.there = true, .inode = 1, .size = 900, .modified = 5};
constexpr FileStamp kKey{.there = true, .inode = 2, .size = 200, .modified = 5};
constexpr FileStamp kGone{};

/// Looks each five seconds, reads when it should, and counts that.
class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() { look(2); }

  void look(int times = 1) {
    for (int time = 0; time < times; ++time) {
      now_ += seconds(5);
      if (!watch_.look(files, now_)) continue;
      ++reads;
      watch_.wasRead(good, now_);
    }
  }

  std::vector<FileStamp> files{kCertificate, kKey};
  bool good = true;
  int reads = 0;

 private:
  FileWatch watch_;
  Time now_{};
};

TEST_F(FileWatchTest, ReadsOnceSoonAfterTheStartWhatMayHaveChangedDuringIt) {
  EXPECT_EQ(reads, 1);
  look(100);
  EXPECT_EQ(reads, 1);
}

TEST_F(FileWatchTest, ReadsWhatHasChangedWhenItIsQuietAgain) {
  files[0].modified = 6;
  look();
  EXPECT_EQ(reads, 1);
  look();
  EXPECT_EQ(reads, 2);
  look(100);
  EXPECT_EQ(reads, 2);
}

TEST_F(FileWatchTest, NoticesEachKindOfChange) {
  int expected = reads;
  for (auto change :
       {+[](FileStamp& file) { ++file.inode; }, +[](FileStamp& file) { ++file.size; },
        +[](FileStamp& file) { ++file.device; }, +[](FileStamp& file) { --file.modified; },
        +[](FileStamp& file) { ++file.changed; }}) {
    change(files[1]);
    look(2);
    EXPECT_EQ(reads, ++expected);
  }
}

TEST_F(FileWatchTest, WaitsWhileStepAfterStepChangesThem) {
  for (int step = 0; step < 20; ++step) {
    ++files[step % 2].inode;
    look();
  }
  EXPECT_EQ(reads, 1);
  look();
  EXPECT_EQ(reads, 2);
}

TEST_F(FileWatchTest, WaitsForFilesThatAreNotThere) {
  const auto key = files[1];
  files[1] = kGone;
  look(1000);
  EXPECT_EQ(reads, 1);
  files[1] = key;
  look(2);
  EXPECT_EQ(reads, 1);  // they are what was read
  files[1].inode = 9;
  look(2);
  EXPECT_EQ(reads, 2);
}

TEST_F(FileWatchTest, TriesAgainWhatCouldNotBeUsed) {
  good = false;
  files[0].inode = 7;  // whose key comes later
  look(2);
  EXPECT_EQ(reads, 2);
  look(11);  // 55 s
  EXPECT_EQ(reads, 2);
  look();
  EXPECT_EQ(reads, 3);
  good = true;
  files[1].inode = 8;
  look(2);
  EXPECT_EQ(reads, 4);
  look(100);
  EXPECT_EQ(reads, 4);
}

TEST_F(FileWatchTest, ReadsOnceADayWhatDoesNotChange) {
  look(hours(24) / seconds(5) - 1);
  EXPECT_EQ(reads, 1);
  look();
  EXPECT_EQ(reads, 2);
}

}  // namespace
}  // namespace rtcpub
