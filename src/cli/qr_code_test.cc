#include "cli/qr_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace rtcpub::cli {
namespace {

/// The modules that a terminal would show, dark ones as true.
std::vector<std::vector<bool>> modulesOf(const QrCode& code) {
  std::vector<std::vector<bool>> modules;
  std::istringstream lines(code.text);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(line.find('m') + 1);
    line.resize(line.rfind('\033'));
    std::vector<bool> upper;
    std::vector<bool> lower;
    while (!line.empty()) {
      const bool blank = line[0] == ' ';
      const std::string character = line.substr(0, blank ? 1 : 3);
      upper.push_back(character == "█" || character == "▀");
      lower.push_back(character == "█" || character == "▄");
      line.erase(0, character.size());
    }
    modules.push_back(upper);
    modules.push_back(lower);
  }
  return modules;
}

/// Whether the square that marks a corner begins there.
bool isFinder(const std::vector<std::vector<bool>>& modules, std::size_t column, std::size_t row) {
  for (std::size_t y = 0; y < 7; ++y) {
    for (std::size_t x = 0; x < 7; ++x) {
      const bool ring = x == 0 || y == 0 || x == 6 || y == 6;
      const bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;
      if (modules[row + y][column + x] != (ring || core)) return false;
    }
  }
  return true;
}

TEST(QrCode, HasItsThreeMarksAndAQuietEdge) {
  const auto code = makeQrCode("https://192.168.100.123:8267/?channel=demo").value();
  const auto modules = modulesOf(code);
  const auto width = static_cast<std::size_t>(code.columns);
  ASSERT_GE(modules.size(), width);
  EXPECT_EQ(static_cast<int>(modules.size()), code.rows * 2);
  for (const auto& row : modules) ASSERT_EQ(row.size(), width);
  EXPECT_TRUE(isFinder(modules, 4, 4));
  EXPECT_TRUE(isFinder(modules, width - 11, 4));
  EXPECT_TRUE(isFinder(modules, 4, width - 11));
  EXPECT_FALSE(isFinder(modules, width - 11, width - 11));
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t edge = 0; edge < 4; ++edge) {
      EXPECT_FALSE(modules[edge][i] || modules[i][edge] || modules[width - 1 - edge][i] ||
                   modules[i][width - 1 - edge]);
    }
  }
}

TEST(QrCode, IsNoneForATextThatIsTooLong) { EXPECT_FALSE(makeQrCode(std::string(3000, 'a'))); }

}  // namespace
}  // namespace rtcpub::cli
