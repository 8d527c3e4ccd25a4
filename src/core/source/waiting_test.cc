#include "core/source/waiting.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(Waiting, IsForWhatMayPassByItself) {
  for (const auto code : {ErrorCode::kNotFound, ErrorCode::kUnreachable, ErrorCode::kIo}) {
    EXPECT_TRUE(mayPass(code)) << static_cast<int>(code);
  }
  for (const auto code : {ErrorCode::kInvalidArgument, ErrorCode::kTlsRefused, ErrorCode::kProtocol,
                          ErrorCode::kRejected, ErrorCode::kReplaced, ErrorCode::kMedia,
                          ErrorCode::kUnsupported, ErrorCode::kClosed, ErrorCode::kInternal}) {
    EXPECT_FALSE(mayPass(code)) << static_cast<int>(code);
  }
}

TEST(ToldReasons, TellEachReasonOnceUntilAllIsWell) {
  ToldReasons told;
  EXPECT_TRUE(told.isNews("no such host"));
  EXPECT_TRUE(told.isNews("connection refused"));
  EXPECT_FALSE(told.isNews("no such host")) << "also when two of them take turns";
  EXPECT_FALSE(told.isNews("connection refused"));
  told.onGood();
  EXPECT_TRUE(told.isNews("connection refused"));
}

TEST(ToldReasons, FallSilentWhenTheyDifferForEver) {
  ToldReasons told;
  std::size_t news = 0;
  for (int i = 0; i < 1000; ++i) {
    if (told.isNews("port " + std::to_string(i))) ++news;
  }
  EXPECT_EQ(news, ToldReasons::kMost);
}

}  // namespace
}  // namespace rtcpub
