#include "core/address/key_fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace rtcpub {
namespace {

using testing::HasSubstr;

KeyFingerprint counting() {
  KeyFingerprint fingerprint{};
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    fingerprint[i] = static_cast<std::uint8_t>(7 * i + 9);
  }
  return fingerprint;
}

std::string withColons(const std::string& text) {
  std::string out = text.substr(0, 7);
  for (std::size_t i = 7; i < text.size(); i += 2) {
    if (i > 7) out += ':';
    out += text.substr(i, 2);
  }
  return out;
}

TEST(KeyFingerprint, IsReadAsItIsWritten) {
  const std::string text = format(counting());
  EXPECT_EQ(text.size(), 7U + 64);
  EXPECT_THAT(text, testing::StartsWith("sha256:0910171e"));
  EXPECT_EQ(parseKeyFingerprint(text).value(), counting());
}

TEST(KeyFingerprint, IsReadAsOtherToolsWriteIt) {
  std::string upper = withColons(format(counting()));
  std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
  EXPECT_THAT(upper, testing::StartsWith("SHA256:09:10:17:1E"));
  EXPECT_EQ(parseKeyFingerprint(upper).value(), counting());
}

TEST(KeyFingerprint, IsRefusedIfItIsNone) {
  const std::string good = format(counting());
  for (const std::string& text :
       {std::string(), std::string("sha256:"), good.substr(7), good.substr(0, good.size() - 1),
        good.substr(0, good.size() - 2), good + "0", good + "00", good + ":", good + " ",
        "sha1:" + good.substr(7), "sha256::" + good.substr(7), "sha256: " + good.substr(7),
        "sha256:+1" + good.substr(9), "sha256:-1" + good.substr(9), "sha256:0x" + good.substr(9),
        "sha256:0:9" + good.substr(9), good.substr(0, 20) + "g" + good.substr(21)}) {
    const auto parsed = parseKeyFingerprint(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr("sha256: and 64 hexadecimal digits"));
  }
}

TEST(KeyFingerprint, IsNotQuotedWithControlCharacters) {
  EXPECT_THAT(parseKeyFingerprint("sha256:\x1b[31m").error().message, HasSubstr("sha256:?[31m"));
}

}  // namespace
}  // namespace rtcpub
