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

namespace rtcpub {
namespace {

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
};

/// The rules once more, in the plainest words.
struct Model {
  struct Member {
    Membership grant;  ///< the last one
    bool present = true;
    int came = 0;  ///< when its newest transport did
  };
  std::map<MemberId, Member> members;
  std::map<std::string, MemberId> publishers;
  int clock = 0;

  [[nodiscard]] bool publishes(MemberId id) const {
    return members.at(id).grant.rights.has(Right::kPublish);
  }
  [[nodiscard]] bool has(MemberId id, const std::string& channel) const {
    const auto at = publishers.find(channel);
    return at != publishers.end() && at->second == id;
  }
  void enter(MemberId id, const Membership& grant) {
    const auto known = members.find(id);
    if (known != members.end() && (known->second.grant.channel != grant.channel ||
                                   publishes(id) != grant.rights.has(Right::kPublish))) {
      leave(id);
    }
    auto& member = members[id];
    member.grant = grant;
    member.came = ++clock;
    if (publishes(id)) publishers.try_emplace(grant.channel, id);
  }
  void stand(MemberId id) {
    if (!members.contains(id) || !publishes(id)) return;
    const std::string channel = members.at(id).grant.channel;
    if (has(id, channel)) return;
    members.erase(publishers.at(channel));
    publishers[channel] = id;
  }
  void leave(MemberId id) {
    const auto gone = members.extract(id);
    if (gone.empty()) return;
    const std::string& channel = gone.mapped().grant.channel;
    if (!has(id, channel)) return;
    publishers.erase(channel);
    std::optional<MemberId> next;
    for (const auto& [other, member] : members) {
      if (member.grant.channel != channel || !publishes(other)) continue;
      if (!next || members.at(*next).came < member.came) next = other;
    }
    if (next) publishers[channel] = *next;
  }
  [[nodiscard]] std::set<MemberId> expired(const AccessTime& now) const {
    std::set<MemberId> ids;
    for (const auto& [id, member] : members) {
      const auto& grant = member.grant;
      if (grant.until && *grant.until <= now.monotonic) ids.insert(id);
      if (grant.expires && *grant.expires <= now.unixTime) ids.insert(id);
    }
    return ids;
  }
  [[nodiscard]] bool isCounted(MemberId id) const {
    const auto& member = members.at(id);
    const bool views = member.grant.rights.has(Right::kView) && member.present;
    return views || has(id, member.grant.channel);
  }
  [[nodiscard]] Attendance attendance(const std::string& channel) const {
    Attendance who{.channel = channel};
    const auto at = publishers.find(channel);
    if (at != publishers.end()) {
      who.publishers = 1;
      who.openLabels = members.at(at->second).grant.openLabels;
    }
    for (const auto& [id, member] : members) {
      if (member.grant.channel == channel && member.grant.rights.has(Right::kView) &&
          member.present) {
        ++who.viewers;
      }
    }
    return who;
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
    switch (pick(13)) {
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
      default:
        return wait();
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
    if (const auto deadline = hub_.deadline(); deadline && *deadline <= now_.monotonic) {
      EXPECT_FALSE(expired.empty());
    }
    outside_.perform(hub_.onTime(now_));
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

TEST(HubProperties, LetNeverMoreThanSomeWaitForAChannel) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same flood each time
  Hub hub;
  (void)hub.enter(1, hub_test::robot());
  std::size_t most = 0;
  for (MemberId id = 2; id < 20'000; ++id) {
    const NetworkKey network{static_cast<std::uint8_t>(random() % 3)};
    const auto actions = hub.enter(id, hub_test::robot("x", network));
    if (random() % 2 == 0) hub.onHeard(id);
    for (const auto& action : actions) {
      const auto* evict = std::get_if<Hub::Evict>(&action);
      EXPECT_TRUE(evict == nullptr || evict->member != id);
    }
    EXPECT_EQ(hub.publisherOf("x"), 1U);
    ASSERT_TRUE(hub.waits(id));
    if (random() % 20 == 0) (void)hub.leave(2 + random() % id);
    most = std::max(most, hub.members().size() - 1);
  }
  EXPECT_EQ(most, Hub::kMaxWaiting);
}

}  // namespace
}  // namespace rtcpub
