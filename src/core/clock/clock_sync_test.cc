#include "core/clock/clock_sync.h"

#include <gtest/gtest.h>

#include <random>

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

/// An asker and an answerer whose clocks may be set, in virtual time: an exchange each second.
class TwoClocks {
 public:
  /// The two ways take so long. Whether the estimator took it for a clock that was set.
  bool exchangeOver(std::int64_t thereUs, std::int64_t backUs) {
    const std::int64_t t0Us = own();
    trueUs_ += thereUs;
    const std::int64_t t1Us = other();
    trueUs_ += backUs;
    const bool set = estimator.add({t0Us, t1Us, {}}, at(own()));
    trueUs_ += 1'000'000;
    return set;
  }

  [[nodiscard]] std::int64_t own() const { return trueUs_ + ownOffsetUs; }
  [[nodiscard]] std::int64_t other() const {
    return trueUs_ + otherOffsetUs + (trueUs_ - kStartUs) * driftPpm / 1'000'000;
  }
  [[nodiscard]] std::int64_t errorUs() const {
    return std::abs(*estimator.offsetUs(at(own())) - (other() - own()));
  }
  [[nodiscard]] std::int64_t boundUs() const { return *estimator.boundUs(at(own())); }

  Estimator estimator;
  std::int64_t ownOffsetUs = 0;
  std::int64_t otherOffsetUs = 77'000'000'000;
  std::int64_t driftPpm = 0;

 private:
  std::int64_t trueUs_ = kStartUs * 10;
};

constexpr std::int64_t kHourUs = 3'600'000'000;

TEST(ClockSyncEstimator, SaysByHowMuchItMayBeWrong) {
  Estimator estimator;
  EXPECT_EQ(estimator.boundUs(at(kStartUs)), std::nullopt);
  exchange(estimator, kStartUs, 300, 10);
  EXPECT_EQ(estimator.boundUs(at(kStartUs + 300)), 150);
  EXPECT_EQ(estimator.boundUs(at(kStartUs + 300 + 10'000'000)), 150 + 1'000) << "drift";
  EXPECT_EQ(estimator.boundUs(at(kStartUs + 300 + 60'000'000)), std::nullopt);
}

TEST(ClockSyncEstimator, KeepsItsBoundOverPathsOfAnyShapeAndClocksThatDrift) {
  std::mt19937 random(7);
  for (const std::int64_t drift : {-100, -40, 0, 40, 100}) {
    TwoClocks clocks;
    clocks.driftPpm = drift;
    for (int i = 0; i < 20'000; ++i) {
      // Mostly quick, at times seconds, and often one way only.
      const auto way = [&] {
        const auto base = static_cast<std::int64_t>(random() % 2'000);
        const auto rare = random() % 8;
        if (rare == 0) return base + static_cast<std::int64_t>(random() % 3'000'000);
        return rare < 3 ? base + static_cast<std::int64_t>(random() % 100'000) : base;
      };
      const auto there = way();
      ASSERT_FALSE(clocks.exchangeOver(there, way())) << i;
      ASSERT_LE(clocks.errorUs(), clocks.boundUs() + 1) << i;
    }
  }
}

TEST(ClockSyncEstimator, TakesNoAsymmetryForAStep) {
  TwoClocks clocks;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(clocks.exchangeOver(1'000, 1'000));
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(clocks.exchangeOver(20'000'000, 1'000));
    EXPECT_FALSE(clocks.exchangeOver(1'000, 20'000'000));
    EXPECT_FALSE(clocks.exchangeOver(400'000, 1'000));
  }
}

TEST(ClockSyncEstimator, NoticesThatTheOthersClockWasSet) {
  for (const std::int64_t step : {kHourUs, -kHourUs, std::int64_t{20'000}, std::int64_t{-20'000}}) {
    TwoClocks clocks;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(clocks.exchangeOver(1'000, 1'000));
    clocks.otherOffsetUs += step;
    EXPECT_TRUE(clocks.exchangeOver(3'000, 3'000)) << "though its round trip is longer";
    EXPECT_LE(clocks.errorUs(), 3'000 + 100);
    EXPECT_FALSE(clocks.exchangeOver(2'000, 1'000));
    EXPECT_LE(clocks.errorUs(), 1'500);
  }
}

TEST(ClockSyncEstimator, NoticesThatItsOwnClockWasSet) {
  for (const std::int64_t step : {kHourUs, -kHourUs}) {
    TwoClocks clocks;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(clocks.exchangeOver(1'000, 1'000));
    clocks.ownOffsetUs += step;
    (void)clocks.exchangeOver(3'000, 3'000);
    EXPECT_LE(clocks.errorUs(), 3'000 + 100);
    EXPECT_LE(clocks.boundUs(), 3'000 + 100);
  }
}

TEST(ClockSyncEstimator, TakesNoReplyToWhatItAskedBeforeItsClockWasSet) {
  Estimator estimator;
  exchange(estimator, kStartUs, 300, 10);
  EXPECT_FALSE(estimator.add({kStartUs + 1'000'000, 5, {}}, at(kStartUs + 1'000'100 + kHourUs)));
  EXPECT_FALSE(estimator.add({kStartUs + kHourUs, 5, {}}, at(kStartUs + 2'000'000)));
  EXPECT_EQ(estimator.offsetUs(at(kStartUs + 2'000'000)), 10);
}

TEST(ClockSyncEstimator, FindsItsWayBackAfterOneReplyOfNonsense) {
  TwoClocks clocks;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(clocks.exchangeOver(1'000, 1'000));
  const std::int64_t t0Us = clocks.own();
  EXPECT_TRUE(clocks.estimator.add({t0Us, 12, {}}, at(t0Us + 100)));
  EXPECT_TRUE(clocks.exchangeOver(1'000, 1'000));
  EXPECT_LE(clocks.errorUs(), 1'100);
}

TEST(ClockSyncEstimator, BearsAFloodOfEverSlowerReplies) {
  Estimator estimator;
  for (int i = 0; i < 100'000; ++i) estimator.add({kStartUs - i, kStartUs - i, {}}, at(kStartUs));
  EXPECT_EQ(estimator.offsetUs(at(kStartUs)), 0);
}

}  // namespace
}  // namespace rtcpub::clock_sync
