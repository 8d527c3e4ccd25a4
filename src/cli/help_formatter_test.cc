#include "cli/help_formatter.h"

#include <gtest/gtest.h>

#include <memory>

namespace rtcpub::cli {
namespace {

class HelpFormatterTest : public testing::Test {
 protected:
  HelpFormatterTest() { app.formatter(std::make_shared<HelpFormatter>()); }

  /// The help from the option's line on.
  std::string lines(const std::string& option) const {
    const std::string help = app.help();
    return help.substr(help.find("  " + option), help.size());
  }

  CLI::App app{"", "program"};
  std::string text;
  int number = 3;
};

TEST_F(HelpFormatterTest, SaysWhatAnOptionTakesAndItsDefault) {
  app.add_option("--count", number, "How many")->type_name("N")->capture_default_str();
  EXPECT_TRUE(lines("--count").starts_with("  --count N                   How many (default: 3)\n"))
      << app.help();
}

TEST_F(HelpFormatterTest, SaysWhatIsRequired) {
  app.add_option("--name", text, "The name")->option_text("NAME")->required();
  EXPECT_TRUE(lines("--name").starts_with("  --name NAME                 The name (required)\n"))
      << app.help();
}

TEST_F(HelpFormatterTest, NamesAFlagAsItIsTyped) {
  bool colours = true;
  app.add_flag("!--no-colours", colours, "No colours");
  EXPECT_TRUE(lines("--no-colours").starts_with("  --no-colours                No colours\n"))
      << app.help();
}

TEST_F(HelpFormatterTest, PutsTheDescriptionBelowALongOption) {
  app.add_option("--a-name-that-is-rather-long", text, "The name")->type_name("NAME");
  EXPECT_TRUE(lines("--a-name")
                  .starts_with("  --a-name-that-is-rather-long NAME\n" + std::string(30, ' ') +
                               "The name\n"))
      << app.help();
}

TEST_F(HelpFormatterTest, LeavesOneEmptyLineBetweenGroups) {
  app.add_option("--count", number, "How many");
  app.add_option("--name", text, "The name")->group("Other");
  EXPECT_NE(app.help().find("How many\n\nOther:\n"), std::string::npos) << app.help();
}

TEST_F(HelpFormatterTest, FitsATerminal) {
  std::string sentence;
  for (int i = 0; i < 40; ++i) sentence += "word ";
  app.add_flag("--flag", sentence);
  const std::string help = app.help();
  for (std::size_t begin = 0; begin < help.size();) {
    const auto end = help.find('\n', begin);
    EXPECT_LE(end - begin, 100U);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace rtcpub::cli
