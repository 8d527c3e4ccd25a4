// Random events, and a model that is simple enough to be believed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/hub/hub_fixture.h"
#include "core/hub/hub_model.h"

namespace rtcpub {
namespace {

using hub_test::Model;
using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kEvents = 100'000;
#else
constexpr int kEvents = 1'000'000;
#endif

/// What doors and the media plane would know, if they did just what they are told.
class Outside {
 public:
  void perform(const Hub::Actions& actions) {
    for (const auto& action : actions) {
      std::visit([this](const auto& chosen) { perform(chosen); }, action);
    }
  }

  std::map<std::string, MemberId> publishers;            ///< as stamped
  std::map<std::string, std::vector<std::string>> open;  ///< likewise
  std::map<MemberId, std::vector<std::string>> heirs;    ///< likewise, and what they open
  std::map<MemberId, Rights> rights;                     ///< of those that haven't gone
  std::map<MemberId, Attendance> told;
  /// As stamped: the highest number so far, and who drives, or 0.
  std::map<std::string, std::pair<std::uint64_t, MemberId>> drives;
  std::set<MemberId> evicted;  ///< by the last event

 private:
  void perform(const Hub::StampChannel& stamp) {
    open[stamp.channel] = stamp.openLabels;
    const auto before = publishers.find(stamp.channel);
    EXPECT_EQ(stamp.isNew, stamp.publisher &&
                               (before == publishers.end() || before->second != *stamp.publisher));
    if (!stamp.publisher) {
      publishers.erase(stamp.channel);
      return;
    }
    EXPECT_TRUE(rights.contains(*stamp.publisher)) << "it is gone";
    heirs.erase(*stamp.publisher);
    publishers[stamp.channel] = *stamp.publisher;
  }
  void perform(const Hub::StampHeir& stamp) {
    EXPECT_TRUE(rights.contains(stamp.heir)) << "it is gone";
    heirs[stamp.heir] = stamp.openLabels;
  }
  void perform(const Hub::StampRights& stamp) {
    EXPECT_TRUE(rights.contains(stamp.member));
    rights[stamp.member] = stamp.rights;
  }
  void perform(const Hub::Evict& evict) {
    EXPECT_EQ(rights.erase(evict.member), 1U) << "it is gone already";
    told.erase(evict.member);
    heirs.erase(evict.member);
    evicted.insert(evict.member);
    EXPECT_FALSE(evict.why.code.empty());
  }
  void perform(const Hub::Notify& notify) {
    EXPECT_TRUE(rights.contains(notify.to)) << "it is gone";
    told[notify.to] = notify.who;
  }
  void perform(const Hub::NotifyCodecs& notify) { EXPECT_TRUE(rights.contains(notify.to)); }
  void perform(const Hub::NotifyDriver& notify) { EXPECT_TRUE(rights.contains(notify.to)); }
  void perform(const Hub::RefuseDrive& refuse) { EXPECT_TRUE(rights.contains(refuse.to)); }
  void perform(const Hub::StampDriver& action) {
    const auto& stamp = action.stamp;
    EXPECT_EQ(stamp.driver.has_value(), stamp.lease != 0);
    auto& [lease, driver] = drives[action.channel];
    if (stamp.driver) {
      EXPECT_TRUE(rights.contains(stamp.driver->id)) << "it is gone, and drives";
      EXPECT_TRUE(publishers.contains(action.channel)) << "there is nothing to drive";
      EXPECT_GE(stamp.lease, lease);
      if (driver != stamp.driver->id) {
        EXPECT_GT(stamp.lease, lease) << "a number of before";
      }
      lease = stamp.lease;
    }
    driver = stamp.driver ? stamp.driver->id : 0;
  }
};

class HubProperties {
 public:
  explicit HubProperties(unsigned seed) : random_(seed) {}

  void run(int events) {
    for (int i = 0; i < events && !::testing::Test::HasFailure(); ++i) {
      outside_.evicted.clear();
      step();
      check();
      if (::testing::Test::HasFailure()) ADD_FAILURE() << "after event " << i << ": " << event_;
    }
  }

 private:
  static constexpr MemberId kMembers = 14;

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  Membership membership() {
    static const std::vector<std::string> kChannels{"a", "b", "c"};
    static const std::vector<Rights> kRights{Right::kPublish,
                                             Right::kPublish,
                                             Right::kView,
                                             {Right::kView, Right::kDrive},
                                             {Right::kView, Right::kDrive, Right::kAdmin}};
    Membership grant{.channel = kChannels[static_cast<std::size_t>(pick(3))],
                     .rights = kRights[static_cast<std::size_t>(pick(5))]};
    if (pick(3) == 0) grant.until = now_.monotonic + std::chrono::milliseconds(1 + pick(3000));
    if (pick(3) == 0) grant.expires = now_.unixTime + std::chrono::milliseconds(1 + pick(3000));
    grant.network = NetworkKey{static_cast<std::uint8_t>(pick(3))};
    if (pick(4) == 0) grant.openLabels = {"chat"};
    return grant;
  }

  void step() {
    const MemberId id = 1 + random_() % kMembers;
    const bool known = model_.members.contains(id);
    switch (pick(16)) {
      case 0:
      case 1:
      case 2:
        return enter(id);
      case 3:
        event_ = "leave";
        if (known) {  // as its door does
          outside_.rights.erase(id);
          outside_.told.erase(id);
          outside_.heirs.erase(id);
        }
        model_.leave(id);
        return outside_.perform(hub_.leave(id));
      case 4:
        event_ = "remove";
        model_.leave(id);
        return outside_.perform(hub_.remove(id));
      case 5:
        return hub_.onHeard(id);
      case 6:
      case 7:
        event_ = "stands";
        model_.stand(id);
        return outside_.perform(hub_.onStands(id));
      case 8: {
        event_ = "presence";
        const bool present = pick(2) == 0;
        if (known) model_.members.at(id).present = present;
        outside_.perform(hub_.onPresence(id, present));
        if (!present && known && !model_.isCounted(id)) outside_.told.erase(id);
        return;
      }
      case 9:
        return resume(id);
      case 10: {
        event_ = "renegotiate";
        const auto labels = membership().openLabels;
        if (known) model_.members.at(id).grant.openLabels = labels;
        return outside_.perform(hub_.renegotiate(id, labels));
      }
      case 11:
        event_ = "desert";
        outside_.perform(hub_.desert(id));
        EXPECT_EQ(hub_.deserted(id), known);
        return;
      case 12:
      case 13:
        event_ = "drive";
        return outside_.perform(drive(id));
      default:
        return wait();
    }
  }

  Hub::Actions drive(MemberId id) {
    using namespace control;
    switch (pick(6)) {
      case 0:
        return hub_.onLeaseMessage(id, LeaseRelease{}, now_.monotonic);
      case 1:
        return hub_.onLeaseMessage(id, LeaseReply{1 + random_() % kMembers, pick(2) == 0},
                                   now_.monotonic);
      case 2:
        return hub_.onDrives(id);
      case 3:
        return hub_.onSilent("a", outside_.drives["a"].first);
      default:
        return hub_.onLeaseMessage(id, LeaseRequest{.takeOver = pick(2) == 0}, now_.monotonic);
    }
  }

  /// One drives at most, who is there and may.
  void checkDrivers() {
    for (const auto& channel : hub_.channels()) {
      const MemberId stamped = outside_.drives[channel.id].second;
      EXPECT_EQ(channel.driver ? channel.driver->id : 0, stamped) << channel.id;
      if (stamped == 0) continue;
      const auto* member = hub_.find(stamped);
      ASSERT_NE(member, nullptr) << "it is gone, and drives";
      EXPECT_TRUE(member->rights.has(Right::kDrive));
      EXPECT_EQ(member->channel, channel.id);
      EXPECT_TRUE(channel.publisher);
    }
  }

  void enter(MemberId id) {
    event_ = "enter";
    auto grant = membership();
    const auto known = model_.members.find(id);
    if (known != model_.members.end() && pick(2) == 0) {  // it begins anew
      grant.channel = known->second.grant.channel;
      grant.rights = known->second.grant.rights;
    }
    const bool moves = known != model_.members.end() &&
                       (known->second.grant.channel != grant.channel ||
                        model_.publishes(id) != grant.rights.has(Right::kPublish));
    if (moves) {
      outside_.told.erase(id);
      outside_.heirs.erase(id);
    }
    // The media plane makes its transport with these rights.
    outside_.rights[id] = grant.rights;
    model_.enter(id, grant);
    outside_.perform(hub_.enter(id, grant));
  }

  /// By another token, for the same endpoint.
  void resume(MemberId id) {
    event_ = "resume";
    auto grant = membership();
    const auto known = model_.members.find(id);
    if (known != model_.members.end()) {
      grant.channel = known->second.grant.channel;
      if (model_.publishes(id) != grant.rights.has(Right::kPublish)) {
        grant.rights = known->second.grant.rights;
      }
      known->second.grant = grant;
    }
    outside_.perform(hub_.resume(id, grant));
  }

  void wait() {
    event_ = "time";
    now_.monotonic += std::chrono::milliseconds(pick(500));
    now_.unixTime += std::chrono::milliseconds(pick(700) - 200);  // somebody sets it
    const auto expired = model_.expired(now_);
    outside_.perform(hub_.onTime(now_));
    const auto deadline = hub_.deadline();
    EXPECT_TRUE(!deadline || *deadline > now_.monotonic) << "something was due";
    EXPECT_EQ(outside_.evicted, expired);
    // Those who stay get the channels in the same order, whoever of the others goes first.
    for (const MemberId id : expired) {
      if (!model_.has(id, model_.members.at(id).grant.channel)) model_.leave(id);
    }
    for (const MemberId id : expired) model_.leave(id);
  }

  void check() {
    EXPECT_EQ(outside_.publishers, model_.publishers) << "never two, and the right one";
    ASSERT_EQ(hub_.members().size(), model_.members.size());
    ASSERT_EQ(outside_.rights.size(), model_.members.size());
    std::size_t counted = 0;
    std::size_t waiting = 0;
    std::map<std::string, Attendance> truth;
    for (const auto& [id, member] : model_.members) {
      const auto* inHub = hub_.find(id);
      ASSERT_NE(inHub, nullptr);
      EXPECT_EQ(static_cast<const Membership&>(*inHub), member.grant);
      EXPECT_EQ(outside_.rights.at(id), member.grant.rights) << "no right that no grant gave";
      waiting += checkHeir(id, member) ? 1 : 0;
      const auto& channel = member.grant.channel;
      const auto at = truth.try_emplace(channel);
      if (at.second) at.first->second = model_.attendance(channel);
      if (!model_.isCounted(id)) continue;
      ++counted;
      const auto told = outside_.told.find(id);
      ASSERT_NE(told, outside_.told.end()) << id << " was told nothing";
      EXPECT_EQ(told->second, at.first->second) << id << " believes what isn't so";
      EXPECT_EQ(hub_.publisherOf(channel).has_value(), at.first->second.publishers == 1);
    }
    EXPECT_EQ(outside_.told.size(), counted) << "somebody is told who isn't there";
    EXPECT_EQ(outside_.heirs.size(), waiting) << "somebody is heir who doesn't wait";
    for (const auto& [channel, publisher] : model_.publishers) {
      EXPECT_TRUE(model_.publishes(publisher));
      EXPECT_EQ(outside_.open.at(channel), model_.members.at(publisher).grant.openLabels);
    }
    std::size_t listed = 0;
    for (const auto& [channel, who] : truth) listed += who.publishers + who.viewers > 0 ? 1 : 0;
    EXPECT_EQ(hub_.channels().size(), listed);
    for (auto& [channel, drive] : outside_.drives) {
      if (!truth.contains(channel)) drive.second = 0;  // the media plane has forgotten it, too
    }
    checkDrivers();
  }

  /// Whether it is one: whoever waits is, with the labels of its last grant.
  bool checkHeir(MemberId id, const Model::Member& member) {
    if (!model_.publishes(id) || model_.has(id, member.grant.channel)) return false;
    const auto heir = outside_.heirs.find(id);
    EXPECT_NE(heir, outside_.heirs.end()) << id << " waits, and is no heir";
    if (heir == outside_.heirs.end()) return false;
    EXPECT_EQ(heir->second, member.grant.openLabels);
    return true;
  }

  std::mt19937 random_;
  Hub hub_;
  Outside outside_;
  Model model_;
  AccessTime now_{Time{100s}, UnixTime{100s}};
  std::string event_;
};

TEST(HubProperties, HoldWhateverHappens) {
  constexpr int kRuns = 10;
  for (unsigned seed = 1; seed <= kRuns; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    HubProperties(seed).run(kEvents / kRuns);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rtcpub
