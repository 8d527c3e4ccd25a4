// Random events in virtual time: whatever happens, one drives at most, who may, and each change of
// driver has a number of its own.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "core/control/lease.h"

namespace rtcpub::control {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kEvents = 50'000;
#else
constexpr int kEvents = 500'000;
#endif

class LeaseProperties {
 public:
  explicit LeaseProperties(unsigned seed) : random_(seed) {}

  void run(int events) {
    for (int i = 0; i < events && !::testing::Test::HasFailure(); ++i) {
      const auto before = lease_.state();
      const auto refusals = step();
      check(before, refusals);
      if (::testing::Test::HasFailure()) ADD_FAILURE() << "after event " << i << ": " << event_;
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  Rights someRights() {
    Rights rights = Right::kView;
    if (pick(3) > 0) rights = rights | Right::kDrive;
    if (pick(4) == 0) rights = rights | Right::kAdmin;
    return rights;
  }

  /// Of whoever is here; others come in by this.
  Rights& rightsOf(std::uint64_t member) {
    return rights_.try_emplace(member, someRights()).first->second;
  }

  Lease::Refusals step() {
    const std::uint64_t member = 1 + static_cast<std::uint64_t>(pick(9));
    now_ += std::chrono::milliseconds(pick(700));
    switch (pick(12)) {
      case 0:
        event_ = "take over";
        return lease_.request(member, rightsOf(member), true, now_);
      case 1:
        event_ = "old program";
        return lease_.requestImplicitly(member, rightsOf(member));
      case 2:
        event_ = "release";
        return lease_.release(member);
      case 3:
        event_ = "gone";
        rights_.erase(member);
        return lease_.onGone(member);
      case 4:
        event_ = "rights";
        rightsOf(member) = someRights();
        return lease_.onRights(member, rightsOf(member));
      case 5:
        event_ = "silent";
        return lease_.onSilent(static_cast<std::uint64_t>(pick(3)) + lease_.last() - 1);
      case 6:
        event_ = "publisher";
        publisher_ = pick(4) > 0;
        return lease_.onPublisher(publisher_);
      case 7:
        event_ = "reply";
        return lease_.reply(lease_.state().driver.value_or(member),
                            lease_.state().asking.value_or(member), pick(2) == 0);
      case 8:
        event_ = "time";
        return lease_.onTime(now_);
      default:
        event_ = "request";
        return lease_.request(member, rightsOf(member), false, now_);
    }
  }

  void check(const Lease::State& before, const Lease::Refusals& refusals) {
    const auto& state = lease_.state();
    EXPECT_EQ(state.driver.has_value(), state.number != 0);
    if (state.driver) {
      ASSERT_TRUE(rights_.contains(*state.driver)) << "one that is gone drives";
      EXPECT_TRUE(rights_.at(*state.driver).has(Right::kDrive)) << "one drives that may not";
      EXPECT_TRUE(publisher_) << "one drives, and there is no robot";
      EXPECT_NE(state.asking, state.driver);
    }
    if (state.asking) {
      ASSERT_TRUE(rights_.contains(*state.asking)) << "one that is gone asks";
      EXPECT_TRUE(rights_.at(*state.asking).has(Right::kDrive)) << "one asks that may not drive";
      EXPECT_TRUE(state.driver) << "one asks, and nobody drives";
    }
    EXPECT_EQ(state.asking.has_value(), lease_.deadline().has_value());
    if (lease_.deadline()) {
      EXPECT_LE(*lease_.deadline(), now_ + Lease::kAnswerTime);
    }
    EXPECT_GE(lease_.last(), last_);
    if (state.driver && state.driver != before.driver) {
      EXPECT_GT(state.number, last_) << "another one drives by a number that was there before";
    }
    if (state.number != before.number && state.number != 0) {
      EXPECT_GT(state.number, last_);
    }
    last_ = lease_.last();
    for (const auto& refused : refusals) {
      EXPECT_NE(state.driver, refused.member) << "it was refused, and drives";
      if (refused.why == Refusal::kNotAdmin || refused.why == Refusal::kNotDriver) continue;
      EXPECT_NE(state.asking, refused.member) << "it was refused, and asks";
    }
  }

  std::mt19937 random_;
  Lease lease_;
  Time now_{1000s};
  std::map<std::uint64_t, Rights> rights_;
  bool publisher_ = false;
  std::uint64_t last_ = 0;
  std::string event_;
};

TEST(LeaseProperties, HoldWhateverHappens) {
  for (const unsigned seed : {1U, 2U, 3U}) LeaseProperties(seed).run(kEvents);
}

}  // namespace
}  // namespace rtcpub::control
