#include "cli/wrapped.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

TEST(Wrapped, LeavesAShortTextAlone) { EXPECT_EQ(wrapped("one two", 30), "one two"); }

TEST(Wrapped, BreaksBetweenWordsAndIndents) {
  EXPECT_EQ(wrapped("0123456789 0123456789 0123456789", 78),
            "0123456789 0123456789\n" + std::string(78, ' ') + "0123456789");
}

TEST(Wrapped, KeepsAWordThatIsLongerThanALine) {
  const std::string word(120, 'x');
  EXPECT_EQ(wrapped("a " + word, 10), "a\n" + std::string(10, ' ') + word);
}

}  // namespace
}  // namespace rtcpub::cli
