#include "app/server/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

TEST(Health, IsGoodWhileTheMediaThreadKeepsItsTime) {
  for (const auto late : {0ms, 300ms, 999ms}) {
    EXPECT_EQ(healthResponse(late).status, 200);
    EXPECT_EQ(healthResponse(late).body, R"({"status":"ok"})");
  }
}

TEST(Health, SaysHowLateTheMediaThreadIs) {
  EXPECT_EQ(healthResponse(1000ms).status, 503);
  EXPECT_EQ(healthResponse(4230ms).body,
            R"({"error":"the media thread is late by 4.2 s: no media and no message passes"})");
}

}  // namespace
}  // namespace rtcpub
