#include "core/hub/seat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "core/hub/hub_fixture.h"

namespace rtcpub {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Seat, GoesByTheHubsWord) {
  Seat seat;
  EXPECT_EQ(seat.publisher(), std::nullopt);
  seat.stamp(1, {"chat"});
  EXPECT_EQ(seat.publisher(), 1U);
  EXPECT_THAT(seat.openLabels(), ElementsAre("chat"));
  seat.leave(1);
  EXPECT_EQ(seat.publisher(), 1U) << "it may have another transport";
  seat.stamp(std::nullopt, {});
  EXPECT_EQ(seat.publisher(), std::nullopt);
  EXPECT_THAT(seat.openLabels(), IsEmpty());
}

TEST(Seat, IsAnHeirsAsSoonAsItsTransportStands) {
  Seat seat;
  seat.stamp(1, {"chat"});
  seat.stampHeir(2, {"hands"});
  EXPECT_EQ(seat.publisher(), 1U);
  EXPECT_TRUE(seat.onStands(2));
  EXPECT_EQ(seat.publisher(), 2U);
  EXPECT_THAT(seat.openLabels(), ElementsAre("hands"));
  seat.stampHeir(2, {"feet"});
  EXPECT_THAT(seat.openLabels(), ElementsAre("feet"));
}

TEST(Seat, IsNobodysThatTheHubHasNotNamed) {
  Seat seat;
  seat.stamp(1, {});
  EXPECT_FALSE(seat.onStands(2));
  EXPECT_EQ(seat.publisher(), 1U);
  EXPECT_FALSE(seat.onStands(1)) << "it has it already";
  seat.stampHeir(3, {});
  seat.stamp(3, {});
  seat.stamp(4, {});
  EXPECT_FALSE(seat.onStands(3)) << "it has had its turn";
}

TEST(Seat, TakesNoStampForNewsThatTheHubHasSentBeforeItHeard) {
  Seat seat;
  seat.stamp(1, {});
  seat.stampHeir(2, {"hands"});
  EXPECT_TRUE(seat.onStands(2));
  seat.stamp(1, {"chat"});
  EXPECT_EQ(seat.publisher(), 2U);
  EXPECT_THAT(seat.openLabels(), ElementsAre("hands"));
  seat.stamp(2, {"hands"});  // it has heard
  EXPECT_EQ(seat.publisher(), 2U);
  seat.stamp(3, {});
  EXPECT_EQ(seat.publisher(), 3U);
}

TEST(Seat, GoesBackWhenTheHeirLeavesBeforeTheHubHasHeard) {
  Seat seat;
  seat.stamp(1, {"chat"});
  seat.stampHeir(2, {"hands"});
  seat.stampHeir(3, {});
  EXPECT_TRUE(seat.onStands(2));
  EXPECT_TRUE(seat.onStands(3));
  seat.leave(3);
  EXPECT_EQ(seat.publisher(), 2U);
  seat.leave(2);
  EXPECT_EQ(seat.publisher(), 1U);
  EXPECT_THAT(seat.openLabels(), ElementsAre("chat"));
  EXPECT_FALSE(seat.onStands(2)) << "another transport is another heir";
}

TEST(Seat, FollowsTheHubThroughTwoHeirsThatStandAtOnce) {
  Seat seat;
  seat.stamp(1, {});
  seat.stampHeir(2, {});
  seat.stampHeir(3, {});
  EXPECT_TRUE(seat.onStands(2));
  EXPECT_TRUE(seat.onStands(3));
  seat.stamp(2, {});
  EXPECT_EQ(seat.publisher(), 3U);
  seat.stamp(3, {});
  EXPECT_EQ(seat.publisher(), 3U);
  seat.leave(3);
  seat.stamp(std::nullopt, {});
  EXPECT_EQ(seat.publisher(), std::nullopt);
}

/// A hub and the media plane of one channel on two threads, which hear of each other later.
class TwoThreads {
 public:
  explicit TwoThreads(unsigned seed) : random_(seed) {}

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      step();
      if (i % 50 != 0) continue;
      while (deliver(toMedia_) || deliver(toHub_)) {
      }
      EXPECT_EQ(seat_.publisher(), hub_.publisherOf("x")) << "they agree once all is said";
      const auto* publisher = seat_.publisher() ? hub_.find(*seat_.publisher()) : nullptr;
      if (publisher == nullptr) continue;
      EXPECT_EQ(seat_.openLabels(), publisher->openLabels);
    }
  }
  [[nodiscard]] int takenAhead() const { return takenAhead_; }

 private:
  using Tasks = std::deque<std::function<void()>>;
  struct Member {
    bool answered = false;  ///< so that it can connect
    bool stands = false;
  };

  static bool deliver(Tasks& tasks) {
    if (tasks.empty()) return false;
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
    return true;
  }

  void step() {
    const MemberId id = ids_.at(random_() % ids_.size());
    switch (random_() % 14) {
      case 0:
      case 1:
        return toMedia_.push_back([this, id] { join(id); });
      case 2:
        return leave(id);
      case 3:
        return perform(hub_.remove(id));
      case 4:
        return perform(hub_.renegotiate(id, labels()));
      case 5:
        if (!members_.contains(id)) return;
        remove(id);
        return toHub_.push_back([this, id] { leave(id); });
      case 6:
      case 7:
      case 8:
        return stand(id);
      case 9:
      case 10:
        return (void)deliver(toHub_);
      default:
        return (void)deliver(toMedia_);
    }
  }

  std::vector<std::string> labels() {
    if (random_() % 2 == 0) return {};
    return {"label" + std::to_string(random_() % 3)};
  }

  // --- On the media plane's thread

  void join(MemberId id) {
    members_[id] = {};
    unheard_.erase(id);
    toHub_.push_back([this, id] {
      if (std::count(ids_.begin(), ids_.end(), id) == 0) return leave(id);  // nobody asks any more
      if (const auto known = members_.find(id); known != members_.end()) {
        known->second.answered = true;
      }
      auto membership = hub_test::robot();
      membership.openLabels = labels();
      perform(hub_.enter(id, membership));
    });
  }
  void remove(MemberId id) {
    unheard_.erase(id);
    if (members_.erase(id) == 0) return;
    seat_.leave(id);
    if (members_.empty()) seat_ = {};  // so does the channel
  }
  void stand(MemberId id) {
    const auto known = members_.find(id);
    if (known == members_.end() || !known->second.answered || known->second.stands) return;
    known->second.stands = true;
    unheard_.insert(id);
    if (seat_.onStands(id)) take(id);
    toHub_.push_back([this, id] {
      unheard_.erase(id);
      perform(hub_.onStands(id));
    });
  }
  void take(MemberId id) {
    ++takenAhead_;
    EXPECT_EQ(seat_.publisher(), id);
  }

  void stamp(const Hub::StampChannel& stamp) {
    if (members_.empty()) return;
    const auto before = seat_.publisher();
    seat_.stamp(stamp.publisher, stamp.openLabels);
    if (before && members_.contains(*before) && unheard_.contains(*before) &&
        hub_.contains(*before)) {
      EXPECT_EQ(seat_.publisher(), before) << "the hub hasn't heard of it";
    }
  }
  void stampHeir(const Hub::StampHeir& stamp) {
    const auto known = members_.find(stamp.heir);
    if (known == members_.end()) return;
    seat_.stampHeir(stamp.heir, stamp.openLabels);
    if (known->second.stands && seat_.onStands(stamp.heir)) take(stamp.heir);
  }

  // --- On the hub's thread

  void leave(MemberId id) {
    retire(id);
    toMedia_.push_back([this, id] { remove(id); });
    perform(hub_.leave(id));
  }
  /// Another one comes instead.
  void retire(MemberId id) { std::replace(ids_.begin(), ids_.end(), id, ++last_); }
  void perform(const Hub::Actions& actions) {
    for (const auto& action : actions) {
      if (const auto* channel = std::get_if<Hub::StampChannel>(&action)) {
        toMedia_.push_back([this, channel = *channel] { stamp(channel); });
      } else if (const auto* heir = std::get_if<Hub::StampHeir>(&action)) {
        toMedia_.push_back([this, heir = *heir] { stampHeir(heir); });
      } else if (const auto* evict = std::get_if<Hub::Evict>(&action)) {
        retire(evict->member);
        toMedia_.push_back([this, id = evict->member] { remove(id); });
      }
    }
  }

  std::mt19937 random_;
  std::vector<MemberId> ids_{1, 2, 3, 4, 5, 6};  ///< whose doors are open
  MemberId last_ = 6;
  Hub hub_;
  Seat seat_;
  std::map<MemberId, Member> members_;  ///< of the media plane
  std::set<MemberId> unheard_;          ///< the hub doesn't know yet that they stand
  Tasks toMedia_;
  Tasks toHub_;
  int takenAhead_ = 0;
};

TEST(Seat, AgreesWithTheHubWheneverAllIsSaid) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TwoThreads threads(seed);
    threads.run(20'000);
    EXPECT_GT(threads.takenAhead(), 100);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rtcpub
