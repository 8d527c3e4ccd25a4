#include "app/server/overload_json.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

TEST(OverloadJson, SaysHowMuchIsLeftOutAndForHowMany) {
  EXPECT_EQ(overloadJson({.lasts = 12'345ms,
                          .busy = 0.876,
                          .onLowestLayer = 3,
                          .onKeyFrames = 2,
                          .droppedDatagrams = 1})
                .dump(),
            R"({"seconds":12,"busy_percent":88,"level":"key_frames","viewers_on_lowest_layer":3,)"
            R"("viewers_on_key_frames":2,"dropped_datagrams":1})");
}

TEST(OverloadJson, NamesTheDeepestLevel) {
  EXPECT_EQ(overloadJson({.onLowestLayer = 1})["level"], "lowest_layer");
  EXPECT_EQ(overloadJson({})["level"], "none");
}

}  // namespace
}  // namespace rtcpub
