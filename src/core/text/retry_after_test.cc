#include "core/text/retry_after.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using std::chrono::seconds;

constexpr const char* kNow = "Sun, 06 Nov 1994 08:49:37 GMT";

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(parseRetryAfter("0", ""), seconds(0));
  EXPECT_EQ(parseRetryAfter("120", ""), seconds(120));
}

TEST(RetryAfter, IsADateThatCountsFromTheAnswersOwn) {
  EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", kNow), seconds(30));
  EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:49:07 GMT", kNow), seconds(0));
  EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", ""), std::nullopt);
}

TEST(RetryAfter, IsNothingWhereItSaysNeither) {
  for (const char* text : {"", "-1", "1.5", " 3", "soon", "99999999999999999999"}) {
    EXPECT_EQ(parseRetryAfter(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rtcpub
