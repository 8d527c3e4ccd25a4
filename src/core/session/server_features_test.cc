#include "core/session/server_features.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(ServerFeatures, AreReadAsTheyAreWritten) {
  for (const bool flexfec : {false, true}) {
    for (const bool control : {false, true}) {
      const ServerFeatures features{.flexfec = flexfec, .control = control};
      EXPECT_EQ(parseFeatures(format(features)), features) << format(features);
    }
  }
}

TEST(ServerFeatures, StandBesideNamesOfNewerVersionsAndSpaces) {
  EXPECT_TRUE(parseFeatures("one-day, flexfec-03 ,\tanother").flexfec);
  EXPECT_TRUE(parseFeatures(",,flexfec-03,").flexfec);
}

TEST(ServerFeatures, AreNoneWhereNothingIsSaid) {
  for (const auto* value : {"", " ", ",", "flexfec", "flexfec-03x", "x flexfec-03"}) {
    EXPECT_EQ(parseFeatures(value), ServerFeatures{}) << value;
  }
}

}  // namespace
}  // namespace rtcpub
