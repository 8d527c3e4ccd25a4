#include "core/text/base64url.h"

#include <gtest/gtest.h>

namespace rtcpub::text {
namespace {

TEST(Base64Url, WritesTheVectorsOfRfc4648WithoutPadding) {
  EXPECT_EQ(encodeBase64Url(""), "");
  EXPECT_EQ(encodeBase64Url("f"), "Zg");
  EXPECT_EQ(encodeBase64Url("fo"), "Zm8");
  EXPECT_EQ(encodeBase64Url("foo"), "Zm9v");
  EXPECT_EQ(encodeBase64Url("foob"), "Zm9vYg");
  EXPECT_EQ(encodeBase64Url("fooba"), "Zm9vYmE");
  EXPECT_EQ(encodeBase64Url("foobar"), "Zm9vYmFy");
}

TEST(Base64Url, HasDigitsOfItsOwnForTheLastTwo) {
  EXPECT_EQ(encodeBase64Url("\xFB\xFF"), "-_8");
  EXPECT_EQ(decodeBase64Url("-_8"), "\xFB\xFF");
  EXPECT_FALSE(decodeBase64Url("+/8"));
}

TEST(Base64Url, ReadsBackWhatItWrites) {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes.push_back(static_cast<char>(value));
    EXPECT_EQ(decodeBase64Url(encodeBase64Url(bytes)), bytes);
  }
}

TEST(Base64Url, RefusesPaddingSpaceAndWhatIsCutOff) {
  EXPECT_FALSE(decodeBase64Url("Zg=="));
  EXPECT_FALSE(decodeBase64Url("Zm 9v"));
  EXPECT_FALSE(decodeBase64Url("Zm9v\n"));
  EXPECT_FALSE(decodeBase64Url("Z"));
  EXPECT_FALSE(decodeBase64Url("Zm9vY"));
}

TEST(Base64Url, RefusesASecondWayOfWritingTheSame) {
  EXPECT_TRUE(decodeBase64Url("Zg"));
  EXPECT_FALSE(decodeBase64Url("Zh"));
  EXPECT_FALSE(decodeBase64Url("Zm9"));
}

}  // namespace
}  // namespace rtcpub::text
