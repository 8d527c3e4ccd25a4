#include "core/stun/stun_limits.h"

#include <gtest/gtest.h>

namespace rtcpub::stun {
namespace {

constexpr std::uint16_t kAllocateError = 0x0113;

std::vector<std::uint8_t> answerWith(std::uint16_t type, std::size_t size) {
  Writer writer(kAllocateError, {});
  const std::vector<std::uint8_t> code{0, 0, 4, 1};
  writer.add(0x0009, code);
  writer.add(type, std::vector<std::uint8_t>(size, 'x'));
  return writer.take();
}

TEST(OverlongAttribute, IsNoneUpToTheLimit) {
  for (const auto& [type, longest] :
       std::vector<std::pair<std::uint16_t, std::size_t>>{{0x0006, 508},
                                                          {0x0009, 767},
                                                          {0x0014, 763},
                                                          {0x0015, 763},
                                                          {0x8022, 763},
                                                          {0x8003, 255}}) {
    EXPECT_EQ(overlongAttribute(answerWith(type, longest)), std::nullopt) << type;
    EXPECT_NE(overlongAttribute(answerWith(type, longest + 1)), std::nullopt) << type;
  }
}

TEST(OverlongAttribute, IsNamedWithItsSize) {
  EXPECT_EQ(overlongAttribute(answerWith(0x0014, 800)),
            "a REALM of 800 bytes, where 763 are the most");
}

TEST(OverlongAttribute, MayBeLongWhereTheRfcSetsNoLimit) {
  EXPECT_EQ(overlongAttribute(answerWith(0x0013, 1400)), std::nullopt) << "DATA";
}

TEST(OverlongAttribute, IsNoneInWhatIsNoStun) {
  EXPECT_EQ(overlongAttribute({}), std::nullopt);
  EXPECT_EQ(overlongAttribute(std::vector<std::uint8_t>(1200, 0x80)), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::stun
