#include "core/data_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(DataDirectory, IsWhereTheEnvironmentSays) {
  EXPECT_EQ(dataDirectory({.home = "/home/ann"}).value(), "/home/ann/.local/share/rtcpub");
  EXPECT_EQ(dataDirectory({.home = "/"}).value(), "/.local/share/rtcpub");
  EXPECT_EQ(dataDirectory({.xdgDataHome = "/data/", .home = "/home/ann"}).value(), "/data/rtcpub");
}

TEST(DataDirectory, IsAServicesOwnWhereItHasOne) {
  EXPECT_EQ(dataDirectory({.stateDirectory = "/var/lib/rtcpub", .home = "/"}).value(),
            "/var/lib/rtcpub");
  EXPECT_EQ(dataDirectory({.stateDirectory = "/var/lib/a:/var/lib/b"}).value(), "/var/lib/a");
}

TEST(DataDirectory, IsNeverBelowTheCurrentDirectory) {
  EXPECT_EQ(dataDirectory({.xdgDataHome = "data", .home = "/home/ann"}).value(),
            "/home/ann/.local/share/rtcpub");
  for (const char* nothing : {static_cast<const char*>(nullptr), "", ".", "home/ann"}) {
    const auto found =
        dataDirectory({.xdgDataHome = nothing, .stateDirectory = nothing, .home = nothing});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(found.error().message, testing::HasSubstr("HOME isn't set"));
  }
}

}  // namespace
}  // namespace rtcpub
