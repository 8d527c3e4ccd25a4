#include <gtest/gtest.h>

#include "rtcpub/log.h"

namespace rtcpub {
namespace {

TEST(Escaped, LeavesTextAsItIs) {
  for (const auto* text : {"", "client 3: \"a\" \\ b", "caf\xc3\xa9", "\xeb\xa1\x9c\xeb\xb4\x87",
                           "\xf0\x9f\x9a\x97"}) {
    EXPECT_EQ(escaped(text), text);
  }
}

TEST(Escaped, MakesControlCharactersVisible) {
  EXPECT_EQ(escaped("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(escaped("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07");
  EXPECT_EQ(escaped(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(escaped("\xc2\x9b"
                    "31m"),
            "\\xc2\\x9b31m");  // C1's form of ESC [
}

TEST(Escaped, ShowsWhatTurnsTheDirectionOfWritingOrEndsALine) {
  EXPECT_EQ(escaped("a\xe2\x80\xae"
                    "b"),
            "a\\xe2\\x80\\xae"
            "b");
  EXPECT_EQ(escaped("a\xe2\x80\xa8"), "a\\xe2\\x80\\xa8");
  EXPECT_EQ(escaped("\xe2\x81\xa6"), "\\xe2\\x81\\xa6");
}

TEST(Escaped, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(escaped("caf\xe9!"), "caf\\xe9!");
  EXPECT_EQ(escaped("\xe2\x82"), "\\xe2\\x82");
  EXPECT_EQ(escaped("\xff\xfe"), "\\xff\\xfe");
}

TEST(Escaped, CutsWhatIsTooLongBetweenCharacters) {
  EXPECT_EQ(escaped("abcdef", 3), "abc...");
  EXPECT_EQ(escaped("abc", 3), "abc");
  EXPECT_EQ(escaped("ab\xc3\xa9", 3), "ab...");
  EXPECT_EQ(escaped(std::string(100'000, '\x1b')).size(), 2003U);
}

}  // namespace
}  // namespace rtcpub
