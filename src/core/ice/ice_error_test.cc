#include "core/ice/ice_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rtcpub {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string advice(int code) { return std::string(adviceForIceError(code)); }

TEST(AdviceForIceError, SpeaksOfCredentialsOnlyWhereTheyMayBeWrong) {
  for (const int code : {401, 441}) EXPECT_THAT(advice(code), HasSubstr("check user and password"));
  for (const int code : {300, 400, 403, 437, 442, 486, 500, 508, 701}) {
    EXPECT_THAT(advice(code), Not(HasSubstr("check user"))) << code;
  }
  EXPECT_THAT(advice(403), HasSubstr("user and password are right"));
}

TEST(AdviceForIceError, IsOfItsOwnForEachCode) {
  EXPECT_THAT(advice(300), HasSubstr("another server"));
  EXPECT_THAT(advice(486), HasSubstr("quota"));
  EXPECT_THAT(advice(508), HasSubstr("no room"));
  EXPECT_THAT(advice(437), HasSubstr("wait"));
  EXPECT_THAT(advice(701), HasSubstr("firewalls"));
}

TEST(AdviceForIceError, IsTheServersLogWhereTheCodeIsUnknown) {
  EXPECT_EQ(advice(599), "its log says why");
}

}  // namespace
}  // namespace rtcpub
