#include "log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "log/occasional_warning.h"
#include "rtcpub/log.h"

namespace rtcpub {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Log, WritesWhatPeersSayOnOneLineWithoutControlCharacters) {
  ::testing::internal::CaptureStderr();
  log().warn("client {}: closed, {}", 3, "bye\r\nerror forged \x1b[2J\xff");
  log().flush();
  const std::string written = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(written,
              HasSubstr("warning client 3: closed, bye\\r\\nerror forged \\x1b[2J\\xff\n"));
  EXPECT_THAT(written, Not(HasSubstr("\x1b[2J")));
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
}

TEST(Log, CutsWhatIsVeryLong) {
  ::testing::internal::CaptureStderr();
  log().warn("{}", std::string(100'000, 'x'));
  log().flush();
  EXPECT_LT(::testing::internal::GetCapturedStderr().size(), 2100U);
}

TEST(Log, SaysItInTheProgramsWords) {
  setLogWording([](std::string_view text) { return std::string(text) + ", in other words"; });
  ::testing::internal::CaptureStderr();
  log().warn("caFile");
  log().flush();
  setLogWording({});
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("caFile, in other words\n"));
}

TEST(OccasionalWarning, CountsOnlyWhatItHeldBack) {
  using std::chrono::seconds;
  OccasionalWarning warning;
  ::testing::internal::CaptureStderr();
  warning.warn("flood", Time{} + seconds(1));
  warning.warn("flood", Time{} + seconds(2));
  warning.warn("flood", Time{} + seconds(3));
  warning.warn("flood", Time{} + seconds(12));
  log().flush();
  const std::string written = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, HasSubstr("flood\n"));
  EXPECT_THAT(written, HasSubstr("flood (2 more of these before)\n"));
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 2);
}

}  // namespace
}  // namespace rtcpub
