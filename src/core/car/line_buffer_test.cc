#include "core/car/line_buffer.h"

#include <gtest/gtest.h>

#include <vector>

namespace rtcpub::car {
namespace {

std::vector<std::string> linesOf(LineBuffer& buffer, const std::vector<std::string>& parts) {
  std::vector<std::string> lines;
  for (const auto& part : parts) {
    buffer.feed(part);
    while (const auto line = buffer.next()) lines.emplace_back(*line);
  }
  return lines;
}

TEST(LineBuffer, CutsLinesHoweverTheyCome) {
  LineBuffer buffer(9);
  EXPECT_EQ(linesOf(buffer, {"a", "b\nc\r", "\n\nd\ne"}),
            (std::vector<std::string>{"ab", "c", "", "d"}));
  EXPECT_EQ(buffer.tooLong(), 0);
}

TEST(LineBuffer, LeavesOutWhatIsTooLong) {
  LineBuffer buffer(3);
  EXPECT_EQ(linesOf(buffer, {"abc\nabcd\nx\n", "123456", "789\ny\n", "abc", "\n"}),
            (std::vector<std::string>{"abc", "x", "y", "abc"}));
  EXPECT_EQ(buffer.tooLong(), 2);
}

TEST(LineBuffer, NeverHoldsMoreThanALine) {
  LineBuffer buffer(3);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(linesOf(buffer, {"aaaaaa"}).empty());
  EXPECT_EQ(buffer.tooLong(), 1);
  EXPECT_EQ(linesOf(buffer, {"\nb\n"}), std::vector<std::string>{"b"});
}

TEST(LineBuffer, ForgetsHalfALine) {
  LineBuffer buffer(9);
  EXPECT_TRUE(linesOf(buffer, {"half"}).empty());
  buffer.clear();
  EXPECT_EQ(linesOf(buffer, {"whole\n"}), std::vector<std::string>{"whole"});
}

}  // namespace
}  // namespace rtcpub::car
