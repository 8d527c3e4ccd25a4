#include "cli/file_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

namespace rtcpub::cli {
namespace {

class FileLimitTest : public testing::Test {
 protected:
  FileLimitTest() { getrlimit(RLIMIT_NOFILE, &before_); }
  ~FileLimitTest() override { setrlimit(RLIMIT_NOFILE, &before_); }

  void set(rlim_t limit) const {
    rlimit changed = before_;
    changed.rlim_cur = limit;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &changed), 0);
  }
  static rlim_t now() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }

  rlimit before_{};
};

TEST_F(FileLimitTest, IsRaisedAsFarAsItMayBeAndHelps) {
  set(256);
  raiseFileLimit();
  EXPECT_EQ(now(), std::min<rlim_t>(before_.rlim_max, 16384));
}

TEST_F(FileLimitTest, IsNeverLowered) {
  if (before_.rlim_max <= 16385) GTEST_SKIP() << "this system allows no more";
  set(16385);
  raiseFileLimit();
  EXPECT_EQ(now(), 16385U);
}

}  // namespace
}  // namespace rtcpub::cli
