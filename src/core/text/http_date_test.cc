#include "core/text/http_date.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(HttpDate, IsWrittenAsTheRfcsExample) {
  EXPECT_EQ(formatHttpDate(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(formatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpDate, IsReadBack) {
  for (const std::int64_t time : {0LL, 784'111'777LL, 951'782'400LL, 4'102'444'799LL}) {
    EXPECT_EQ(parseHttpDate(formatHttpDate(time)), time);
  }
}

TEST(HttpDate, IsRefusedInAnotherForm) {
  for (const auto* text : {"", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994     ", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parseHttpDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rtcpub
