#include "cli/gamepad.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(CheckGamepad, TakesWhatIsThereOrMayCome) {
  for (const char* device : {"any", "/dev/null", "/dev/input/event99", "/dev/input/by-id/pad"}) {
    EXPECT_TRUE(checkGamepad(device)) << device;
  }
}

TEST(CheckGamepad, RefusesWhatCanNotCome) {
  for (const char* device : {"", "foo", "Any", "/dev/inptu/event5", "/dev/event5"}) {
    ASSERT_FALSE(checkGamepad(device)) << device;
    EXPECT_NE(checkGamepad(device).error().message.find("write any, or a device"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace rtcpub::cli
