#include "core/measure/crc8.h"

#include <gtest/gtest.h>

#include <array>

namespace rtcpub {
namespace {

TEST(Crc8, IsThatOfTheDocumentation) {
  static constexpr std::array<std::uint8_t, 9> kDigits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc8(kDigits), 0xF4);
  EXPECT_EQ(crc8({}), 0);
}

}  // namespace
}  // namespace rtcpub
