// Members whose signalling has ended, while their media go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "core/hub/hub_fixture.h"

namespace rtcpub {
namespace {

using hub_test::channelsOf;
using hub_test::robot;
using hub_test::textOf;
using hub_test::texts;
using hub_test::viewer;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Hub, KeepsThoseWhoseSignallingEndsWhileThereIsRoom) {
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.enter(2, viewer());
  EXPECT_THAT(texts(hub.desert(2)), IsEmpty());
  EXPECT_THAT(texts(hub.desert(2)), IsEmpty()) << "it is known";
  EXPECT_THAT(texts(hub.desert(3)), IsEmpty()) << "it isn't in";
  EXPECT_TRUE(hub.deserted(2));
  EXPECT_THAT(channelsOf(hub), ElementsAre("x 1/1")) << "its media go on";
  (void)hub.resume(2, viewer());
  EXPECT_FALSE(hub.deserted(2));
  (void)hub.desert(2);
  (void)hub.enter(2, viewer());
  EXPECT_FALSE(hub.deserted(2)) << "it begins anew";
  (void)hub.desert(2);
  (void)hub.leave(2);
  EXPECT_FALSE(hub.deserted(2));
}

TEST(Hub, LetsTheLongestWithoutSignallingOfANetworkGoForOneMore) {
  const NetworkKey crowd{1};
  const auto of = [](const std::optional<NetworkKey>& network) {
    auto guest = viewer();
    guest.network = network;
    return guest;
  };
  Hub hub;
  (void)hub.enter(1, robot());
  (void)hub.desert(1);
  (void)hub.enter(2, of(NetworkKey{2}));
  (void)hub.desert(2);
  const MemberId first = 10;
  const MemberId last = first + Hub::kDeserted.ofOneNetwork;
  for (MemberId id = first; id <= last; ++id) (void)hub.enter(id, of(crowd));
  for (MemberId id = first; id < last; ++id) EXPECT_THAT(texts(hub.desert(id)), IsEmpty());
  (void)hub.resume(first, of(crowd));
  (void)hub.desert(first);  // it is the newest of them now
  const auto actions = hub.desert(last);
  ASSERT_THAT(actions, Not(IsEmpty()));
  EXPECT_EQ(textOf(actions[0]), "11 goes: media-lost");
  EXPECT_TRUE(hub.contains(1));
  EXPECT_TRUE(hub.contains(2));
}

TEST(Hub, LetsAProxysClientsAllLoseTheirSignallingAtOnce) {
  Hub hub;
  for (MemberId id = 1; id <= Hub::kDeserted.inAll; ++id) (void)hub.enter(id, viewer());
  for (MemberId id = 1; id <= Hub::kDeserted.inAll; ++id) {
    ASSERT_THAT(texts(hub.desert(id)), IsEmpty());
  }
  const MemberId more = Hub::kDeserted.inAll + 1;
  (void)hub.enter(more, viewer());
  EXPECT_EQ(textOf(hub.desert(more).at(0)), "1 goes: media-lost");
}

TEST(HubProperties, KeepNoMoreThanSomeWithoutSignallingAndAllOthers) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same flood each time
  Hub hub;
  std::map<MemberId, std::uint8_t> gone;  // whose signalling ended, and their networks
  for (MemberId id = 1; id < 20'000; ++id) {
    const auto network = static_cast<std::uint8_t>(random() % 8);
    auto guest = hub_test::viewer("channel" + std::to_string(id));
    guest.network = NetworkKey{network};
    (void)hub.enter(id, guest);
    if (random() % 10 == 0) continue;
    gone.emplace(id, network);
    for (const auto& action : hub.desert(id)) {
      const auto* evict = std::get_if<Hub::Evict>(&action);
      if (evict == nullptr) continue;
      ASSERT_EQ(gone.erase(evict->member), 1U) << "it has signalling";
    }
    std::map<std::uint8_t, std::size_t> ofNetwork;
    for (const auto& [other, key] : gone) ++ofNetwork[key];
    ASSERT_LE(gone.size(), Hub::kDeserted.inAll);
    ASSERT_LE(ofNetwork[network], Hub::kDeserted.ofOneNetwork);
    ASSERT_TRUE(hub.contains(id)) << "the newest stays";
  }
  EXPECT_EQ(gone.size(), Hub::kDeserted.inAll);
}

}  // namespace
}  // namespace rtcpub
