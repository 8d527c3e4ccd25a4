#include "core/clock/clock_sync.h"

#include <gtest/gtest.h>

namespace rtcpub::clock_sync {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::int64_t kStartUs = 1'000'000'000;

Time at(std::int64_t us) { return Time(microseconds(us)); }

// What comes back `roundTripUs` after a request was sent at `t0Us`.
void exchange(Estimator& estimator, std::int64_t t0Us, std::int64_t roundTripUs,
              std::int64_t offsetUs) {
  estimator.add({t0Us, t0Us + roundTripUs / 2 + offsetUs, {}}, at(t0Us + roundTripUs));
}

TEST(ClockSync, ReadsWhatItFormats) {
  const Request request{123};
  const Reply plain{123, 456, {}};
  const Reply full{123, -456, -7};
  EXPECT_EQ(std::get<Request>(*parse(format(request))), request);
  EXPECT_EQ(std::get<Reply>(*parse(format(plain))), plain);
  EXPECT_EQ(std::get<Reply>(*parse(format(full))), full);
}

TEST(ClockSync, SpeaksTheWordsOfTheProtocol) {
  EXPECT_EQ(format(Request{1}), R"({"t0":1})");
  EXPECT_EQ(format(Reply{1, 2, {}}), R"({"publisher_offset":null,"t0":1,"t1":2})");
  EXPECT_EQ(format(Reply{1, 2, 3}), R"({"publisher_offset":3,"t0":1,"t1":2})");
}

TEST(ClockSync, TakesFractionsAndUnknownFields) {
  EXPECT_EQ(std::get<Request>(*parse(R"({"t0":12.6,"x":[]})")), Request{13});
  EXPECT_EQ(std::get<Reply>(*parse(R"({"t0":1,"t1":2.4})")), (Reply{1, 2, {}}));
}

TEST(ClockSync, ReadsUpTo512Bytes) {
  const std::string request = R"({"t0":1})";
  EXPECT_TRUE(parse(request + std::string(512 - request.size(), ' ')));
  EXPECT_FALSE(parse(request + std::string(513 - request.size(), ' ')));
}

TEST(ClockSync, RefusesGarbage) {
  for (const char* text : {"",
                           "close",
                           "null",
                           "[]",
                           "17",
                           "{}",
                           R"({"t0":"1"})",
                           R"({"t0":null})",
                           R"({"t0":true})",
                           R"({"t0":{}})",
                           R"({"t1":1})",
                           R"({"t0":1,"t1":"2"})",
                           R"({"t0":1,"t1":null})",
                           R"({"t0":1,"t1":2,"publisher_offset":"3"})",
                           R"({"t0":1e300})",
                           R"({"t0":1e999})",
                           R"({"t0":9223372036854775807})",
                           R"({"t0":18446744073709551615})",
                           R"({"t0":-9223372036854775808})",
                           R"({"t0":1,"t1":9223372036854775807})",
                           "{\"t0\":1",
                           "{\"t0\":1}x",
                           "\xFF\xFE",
                           R"({"t0":NaN})"}) {
    const auto parsed = parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kProtocol) << text;
  }
}

TEST(ClockSyncEstimator, KnowsNothingBeforeTheFirstReply) {
  EXPECT_EQ(Estimator().offsetUs(at(kStartUs)), std::nullopt);
}

TEST(ClockSyncEstimator, TakesTheServersTimeForTheMiddleOfTheRoundTrip) {
  Estimator estimator;
  estimator.add({kStartUs, 5'000, {}}, at(kStartUs + 300));
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 300)), 5'000 - (kStartUs + 150));
}

TEST(ClockSyncEstimator, TrustsTheLeastRoundTripOfTheLastMinute) {
  Estimator estimator;
  exchange(estimator, kStartUs, 900, 10);
  exchange(estimator, kStartUs + 1'000'000, 300, 20);
  exchange(estimator, kStartUs + 2'000'000, 800, 30);
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 3'000'000)), 20);
}

TEST(ClockSyncEstimator, PrefersTheNewerOfEqualRoundTrips) {
  Estimator estimator;
  exchange(estimator, kStartUs, 300, 10);
  exchange(estimator, kStartUs + 1'000'000, 300, 11);
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 2'000'000)), 11);
}

TEST(ClockSyncEstimator, ForgetsAnExchangeAfterAMinute) {
  Estimator estimator;
  exchange(estimator, kStartUs, 300, 10);
  exchange(estimator, kStartUs + 30'000'000, 800, 30);
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 59'000'000)), 10);
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 61'000'000)), 30);
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 91'000'000)), std::nullopt);
}

TEST(ClockSyncEstimator, IgnoresRepliesToWhatWasNeverAsked) {
  Estimator estimator;
  const std::int64_t far = (1LL << 60) - 1;
  estimator.add({kStartUs + 1, 0, {}}, at(kStartUs));
  estimator.add({far, far, {}}, at(kStartUs));
  estimator.add({-far, -far, {}}, at(kStartUs));
  EXPECT_EQ(estimator.offsetUs(at(kStartUs)), std::nullopt);
}

TEST(ClockSyncEstimator, BearsAFloodOfEverSlowerReplies) {
  Estimator estimator;
  for (int i = 0; i < 100'000; ++i) estimator.add({kStartUs - i, kStartUs - i, {}}, at(kStartUs));
  EXPECT_EQ(estimator.offsetUs(at(kStartUs)), 0);
}

}  // namespace
}  // namespace rtcpub::clock_sync
