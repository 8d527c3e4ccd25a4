#include "core/video/encoder_retries.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;

TEST(EncoderRetries, LetWhoeverHasNotFailedBeTried) {
  const EncoderRetries retries;
  EXPECT_TRUE(retries.mayTry("a", Time{1h}));
}

TEST(EncoderRetries, LetNobodyBeTriedMoreThanOnceAMinute) {
  EncoderRetries retries;
  retries.onFailure("a", Time{1h});
  EXPECT_FALSE(retries.mayTry("a", Time{1h}));
  EXPECT_FALSE(retries.mayTry("a", Time{1h + 59s}));
  EXPECT_TRUE(retries.mayTry("a", Time{1h + 60s}));
  EXPECT_TRUE(retries.mayTry("b", Time{1h}));
}

TEST(EncoderRetries, WaitTwiceAsLongAfterEachFurtherFailure) {
  EncoderRetries retries;
  Time now{1h};
  retries.onFailure("a", now);
  for (const auto wait : {1min, 2min, 4min, 8min, 16min, 16min}) {
    EXPECT_FALSE(retries.mayTry("a", now + wait - 1us));
    now += wait;
    EXPECT_TRUE(retries.mayTry("a", now));
    now += 2s;  // it stalls again
    retries.onFailure("a", now);
  }
}

TEST(EncoderRetries, BeginAnewWithWhoeverHasWorkedForLong) {
  EncoderRetries retries;
  retries.onFailure("a", Time{1h});
  retries.onFailure("a", Time{1h + 61s});
  retries.onFailure("a", Time{9h});
  EXPECT_TRUE(retries.mayTry("a", Time{9h + 1min}));
}

TEST(EncoderRetries, NeverTryAgainWhatTheMachineLacks) {
  EncoderRetries retries;
  retries.forget("a");
  retries.onFailure("a", Time{1h});
  EXPECT_FALSE(retries.mayTry("a", Time{1000h}));
}

}  // namespace
}  // namespace rtcpub
