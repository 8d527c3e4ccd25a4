#include "core/h264/h264.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace rtcpub::h264 {
namespace {

// What x264 made: SPS of 128x72 in constrained baseline, of 1920x1080 in high with B-frames, and of
// 322x242 in main without.
constexpr std::string_view kBaselineSps = "6742c015da082fe5c05a8303035280000003008000001e478b1750";
constexpr std::string_view kHighSps =
    "67640028acd940780227e5c05a808080a0000003002000000791e30632c0";
constexpr std::string_view kMainSps = "674d4015d90150878888c05a8303035280000003008000001e478b1724";
// Of 640x480 in RGB.
constexpr std::string_view kRgbSps = "67f4001e90d9640280f6c05a83030320000003002000000791e2c5c9";
constexpr std::string_view kPps = "68ce3c80";
constexpr std::string_view kIdrSlice = "65888406a8930a0003fbf24f2727272727275d75";
constexpr std::string_view kPSlice = "419a201aa053";
constexpr std::string_view kReferenceBSlice = "419e4178877f000003";
constexpr std::string_view kBSlice = "019e626a43bf000003";
constexpr std::string_view kDelimiter = "0910";

using Data = std::vector<std::uint8_t>;

Data fromHex(std::string_view hex) {
  Data bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// In Annex B form.
Data stream(const std::vector<std::string_view>& nals, std::string_view startCode = "00000001") {
  std::string hex;
  for (const auto nal : nals) hex.append(startCode).append(nal);
  return fromHex(hex);
}

std::vector<int> typesOf(const Data& data) {
  std::vector<int> types;
  NalReader reader(data);
  while (const auto nal = reader.next()) types.push_back(static_cast<int>(nal->type));
  return types;
}

std::optional<SliceType> typeOf(std::string_view hex) {
  const Data data = fromHex(hex);
  return sliceType({static_cast<NalType>(data[0] & 31U), data});
}

TEST(H264, WalksOverNalUnitsOfBothStartCodes) {
  const std::vector<std::string_view> nals{kDelimiter, kBaselineSps, kPps, kIdrSlice};
  EXPECT_EQ(typesOf(stream(nals)), (std::vector<int>{9, 7, 8, 5}));
  EXPECT_EQ(typesOf(stream(nals, "000001")), (std::vector<int>{9, 7, 8, 5}));
  EXPECT_EQ(typesOf(stream(nals, "0000000000000001")), (std::vector<int>{9, 7, 8, 5}));
}

TEST(H264, GivesANalUnitWithoutTheZerosBehindIt) {
  const Data data = fromHex("00000168ce3c8000000000000141");
  NalReader reader(data);
  const auto first = reader.next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(Data(first->bytes.begin(), first->bytes.end()), fromHex("68ce3c80"));
  EXPECT_EQ(reader.next()->bytes.size(), 1U);
  EXPECT_FALSE(reader.next().has_value());
}

TEST(H264, FindsNothingInWhatIsNoStream) {
  for (const auto* hex : {"", "00", "0000", "000001", "00000001", "0000000000", "0102030405",
                          "000001000001000001", "0001000100010001"}) {
    EXPECT_TRUE(typesOf(fromHex(hex)).empty()) << hex;
  }
}

TEST(H264, ReadsTheSizeOfABaselineStream) {
  const auto sps = parseSps(fromHex(kBaselineSps));
  ASSERT_TRUE(sps.has_value());
  EXPECT_EQ(sps->profile, 66);
  EXPECT_EQ(sps->level, 21);
  EXPECT_EQ(sps->width, 128);
  EXPECT_EQ(sps->height, 72);
  EXPECT_TRUE(sps->rulesOutBFrames());
}

TEST(H264, ReadsACroppedSizeAndTheReorderingOfAHighStream) {
  const auto sps = parseSps(fromHex(kHighSps));
  ASSERT_TRUE(sps.has_value());
  EXPECT_EQ(sps->profile, 100);
  EXPECT_EQ(sps->level, 40);
  EXPECT_EQ(sps->width, 1920);
  EXPECT_EQ(sps->height, 1080);
  EXPECT_GT(sps->maxReorderFrames, 0);
  EXPECT_FALSE(sps->rulesOutBFrames());
}

TEST(H264, KnowsAMainStreamWithoutReordering) {
  const auto sps = parseSps(fromHex(kMainSps));
  ASSERT_TRUE(sps.has_value());
  EXPECT_EQ(sps->profile, 77);
  EXPECT_EQ(sps->width, 322);
  EXPECT_EQ(sps->height, 242);
  EXPECT_EQ(sps->maxReorderFrames, 0);
  EXPECT_TRUE(sps->rulesOutBFrames());
}

TEST(H264, RefusesEverySpsThatIsCutOff) {
  for (const auto hex : {kBaselineSps, kHighSps, kMainSps}) {
    const Data whole = fromHex(hex);
    for (std::size_t size = 0; size < 8; ++size) {
      EXPECT_FALSE(parseSps(Bytes(whole).first(size)).has_value()) << size;
    }
    // What is cut off later still tells a size, but no reordering.
    const auto cut = parseSps(Bytes(whole).first(whole.size() - 6));
    EXPECT_FALSE(cut && cut->maxReorderFrames);
  }
}

TEST(H264, RefusesHostileParameterSets) {
  EXPECT_FALSE(parseSps(fromHex(kPps)).has_value());
  EXPECT_FALSE(parseSps(Data(64, 0x00)).has_value());
  EXPECT_FALSE(parseSps(Data(64, 0xFF)).has_value());
  Data zeros(4096, 0);
  zeros[0] = 0x67;
  EXPECT_FALSE(parseSps(zeros).has_value());
  // Every bit turned over, one at a time: whatever it says then, it is no size that can't be.
  const Data whole = fromHex(kHighSps);
  for (std::size_t bit = 8; bit < whole.size() * 8; ++bit) {
    Data data = whole;
    data[bit / 8] = static_cast<std::uint8_t>(data[bit / 8] ^ (0x80U >> (bit % 8)));
    if (const auto sps = parseSps(data)) {
      EXPECT_GT(sps->width, 0) << bit;
      EXPECT_LE(sps->width, 16384) << bit;
      EXPECT_GT(sps->height, 0) << bit;
      EXPECT_LE(sps->height, 32768) << bit;
    }
  }
}

TEST(H264, KnowsTheTypesOfSlices) {
  EXPECT_EQ(typeOf(kIdrSlice), SliceType::kI);
  EXPECT_EQ(typeOf(kPSlice), SliceType::kP);
  EXPECT_EQ(typeOf(kBSlice), SliceType::kB);
  EXPECT_EQ(typeOf(kReferenceBSlice), SliceType::kB);
  EXPECT_EQ(typeOf("41"), std::nullopt);
  EXPECT_EQ(typeOf("4100000000000000"), std::nullopt);
}

TEST(H264, TellsAKeyFrameFromOthers) {
  const AccessUnit key = inspect(stream({kDelimiter, kBaselineSps, kPps, kIdrSlice}));
  EXPECT_TRUE(key.picture && key.idr && key.pps);
  ASSERT_TRUE(key.sps.has_value());
  EXPECT_EQ(key.sps->width, 128);
  EXPECT_FALSE(key.bSlices);
  const AccessUnit bare = inspect(stream({kIdrSlice}));
  EXPECT_TRUE(bare.idr);
  EXPECT_FALSE(bare.pps || bare.sps);
  const AccessUnit delta = inspect(stream({kDelimiter, kPSlice}));
  EXPECT_TRUE(delta.picture);
  EXPECT_FALSE(delta.idr || delta.bSlices);
}

TEST(H264, KnowsAPictureWhoseFirstSlicesAreMissing) {
  // first_mb_in_slice is 1840 in the second slice, as in 1280x720 by x264 in two slices.
  constexpr std::string_view kSecond = "65000398a2";
  constexpr std::string_view kSecondP = "4100039a00";
  EXPECT_FALSE(inspect(stream({kBaselineSps, kPps, kIdrSlice, kSecond})).cutOff);
  EXPECT_FALSE(inspect(stream({kPSlice, kSecondP})).cutOff);
  EXPECT_TRUE(inspect(stream({kSecond})).cutOff);
  EXPECT_TRUE(inspect(stream({kBaselineSps, kPps, kSecond, kIdrSlice})).cutOff);
  EXPECT_TRUE(inspect(stream({kDelimiter, kSecondP})).cutOff);
  EXPECT_TRUE(inspect(stream({"65"})).cutOff);
  EXPECT_FALSE(inspect(stream({kBaselineSps, kPps})).cutOff);
  EXPECT_FALSE(inspect({}).cutOff);
}

TEST(H264, FindsARecoveryPoint) {
  // x264's, with and without a message in front (of type 5, of 17 and of 256 bytes).
  const std::string other = "0511" + std::string(34, 'A');
  const std::string large = "05ff01" + std::string(512, 'A');
  for (const std::string& sei : {std::string("06060184"), "06" + other + "060184",
                                 "06" + large + "060184", std::string("0606023c40")}) {
    EXPECT_TRUE(inspect(stream({sei + "80", kPSlice})).recoveryPoint) << sei;
  }
  for (const std::string& sei :
       {std::string("06"), "06" + other, std::string("060106"), std::string("06ff"),
        std::string("06ffffff"), std::string("0606")}) {
    EXPECT_FALSE(inspect(stream({sei, kPSlice})).recoveryPoint) << sei;
  }
  EXPECT_FALSE(inspect(stream({kPSlice})).recoveryPoint);
}

TEST(H264, KnowsWhatIsNotPlain420EvenAmongOthers) {
  EXPECT_TRUE(inspect(stream({kHighSps, kPps, kIdrSlice})).plain420);
  EXPECT_TRUE(inspect(stream({kPSlice})).plain420);
  EXPECT_FALSE(inspect(stream({kRgbSps, kPps, kIdrSlice})).plain420);
  EXPECT_FALSE(inspect(stream({kRgbSps, kHighSps, kPps, kIdrSlice})).plain420);
  EXPECT_FALSE(inspect(stream({kHighSps.substr(0, 8), kPps, kIdrSlice})).plain420);
}

TEST(H264, FindsBSlicesBehindOthers) {
  EXPECT_TRUE(inspect(stream({kPSlice, kBSlice})).bSlices);
  EXPECT_TRUE(inspect(stream({kDelimiter, kReferenceBSlice})).bSlices);
  EXPECT_FALSE(inspect(stream({kBaselineSps, kPps})).picture);
  EXPECT_FALSE(inspect({}).picture);
}

}  // namespace
}  // namespace rtcpub::h264
