#include "sfu/router/parameter_sets.h"

#include <gtest/gtest.h>

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

// profile, flags, level, and the id as ue(v): 0 is the bit 1, 1 is 010.
const Bytes kSps{0x67, 0x42, 0xC0, 0x1F, 0x8C};
const Bytes kOtherSps{0x67, 0x42, 0xC0, 0x15, 0x8D};
const Bytes kSecondSps{0x67, 0x42, 0xC0, 0x1F, 0x44};
const Bytes kPps{0x68, 0xCE, 0x3C, 0x80};
const Bytes kOtherPps{0x68, 0xCE, 0x38, 0x80};

Bytes stapA(const std::vector<Bytes>& units) {
  Bytes payload{0x78};
  for (const auto& unit : units) {
    payload.push_back(0);
    payload.push_back(static_cast<std::uint8_t>(unit.size()));
    payload.insert(payload.end(), unit.begin(), unit.end());
  }
  return payload;
}

TEST(ParameterSets, AreKeptWhetherTheyComeAloneOrTogether) {
  ParameterSets alone;
  alone.onPayload(1, kSps);
  EXPECT_TRUE(alone.payload().empty());
  alone.onPayload(1, kPps);
  EXPECT_EQ(alone.payload(), stapA({kSps, kPps}));
  ParameterSets together;
  together.onPayload(1, stapA({{0x09, 0x10}, kSps, kPps}));
  EXPECT_EQ(together.payload(), stapA({kSps, kPps}));
}

TEST(ParameterSets, GivesTheNewestOfEach) {
  ParameterSets sets;
  sets.onPayload(1, stapA({kSps, kPps}));
  sets.onPayload(2, kOtherPps);
  sets.onPayload(3, kSecondSps);
  sets.onPayload(4, kOtherSps);
  EXPECT_EQ(sets.payload(), stapA({kSecondSps, kOtherSps, kOtherPps}));
}

TEST(ParameterSets, KnowsTheNewestPictureThatBroughtThem) {
  ParameterSets sets;
  EXPECT_FALSE(sets.cameWith(0));
  sets.onPayload(1, stapA({kSps, kPps}));
  sets.onPayload(2, Bytes{0x65, 0x88, 0x84});
  EXPECT_TRUE(sets.cameWith(1));
  EXPECT_FALSE(sets.cameWith(2));
  sets.clear();
  EXPECT_FALSE(sets.cameWith(1));
  EXPECT_TRUE(sets.payload().empty());
}

TEST(ParameterSets, AreNotTakenFromWhatIsTruncatedOrTooLong) {
  ParameterSets sets;
  sets.onPayload(1, {});
  sets.onPayload(1, Bytes{0x67});
  sets.onPayload(1, Bytes{0x67, 0x42, 0xC0, 0x1F, 0x00});
  sets.onPayload(1, Bytes{0x68});
  sets.onPayload(1, Bytes{0x78, 0, 9, 0x67, 0x42});
  sets.onPayload(1, Bytes{0x7C, 0x87, 0x42, 0xC0, 0x1F, 0x8C});  // FU-A
  EXPECT_TRUE(sets.payload().empty());
  Bytes longSps = kSps;
  longSps.resize(1200, 0x55);
  sets.onPayload(1, longSps);
  sets.onPayload(1, kPps);
  EXPECT_TRUE(sets.payload().empty());
}

TEST(ParameterSets, AreNoMoreThanAnyEncoderUses) {
  ParameterSets sets;
  sets.onPayload(1, kSps);
  // The bits of 256, 257, …, each an id of its own.
  for (int id = 0; id < 100; ++id) {
    sets.onPayload(1, Bytes{0x68, 0x00, 0x80, static_cast<std::uint8_t>(id), 0x80});
  }
  EXPECT_LE(sets.payload().size(), 1 + ParameterSets::kMaxUnits * 7);
}

}  // namespace
}  // namespace rtcpub::sfu
