#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <variant>

#include "core/hub/hub_fixture.h"

namespace rtcpub {
namespace {

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
