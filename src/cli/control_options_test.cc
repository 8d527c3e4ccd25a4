#include "cli/control_options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace rtcpub::cli {
namespace {

using Words = std::vector<std::string>;

/// What the program makes of these words.
ControlCommand parse(const Words& words) {
  CLI::App app;
  ControlCommand command;
  addControlOptions(app, command);
  app.parse(Words(words.rbegin(), words.rend()));
  checkControl(command);
  return command;
}

std::string refusalOf(const Words& words) {
  try {
    (void)parse(words);
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return "";
}

TEST(ControlOption, IsAFlagBehindWhichItsDataChannelMayStand) {
  EXPECT_FALSE(parse({}).wanted);
  for (const Words& words :
       {Words{"--control"}, Words{"--control", "stream"}, Words{"--control=stream"},
        Words{"--control", "--control-life", "20"}}) {
    const auto command = parse(words);
    EXPECT_TRUE(command.wanted);
    EXPECT_EQ(command.options.motionLabel, "stream") << "no other one is arbitrated by a server";
  }
  EXPECT_FALSE(parse({"--control=false"}).wanted);
}

TEST(ControlOption, RefusesAnythingElseBehindIt) {
  for (const char* other : {"", "1", "a b", "motion", "Stream"}) {
    EXPECT_EQ(
        refusalOf({"--control", other}),
        std::string("--control: behind it may stand 'stream' alone, the data channel on which "
                    "old programs drive, not '") +
            other + "'");
  }
}

TEST(ControlOption, SaysWhichPeriodHasToBeLowered) {
  EXPECT_EQ(refusalOf({"--control", "--control-stop", "60"}),
            "--control-warn: to slow down after 100 ms comes too late, since --control-stop is 60: "
            "lower --control-warn to 60 or less, too");
  EXPECT_EQ(refusalOf({"--control", "--control-stop", "60", "--control-warn", "60"}), "");
  EXPECT_EQ(refusalOf({"--control", "--control-life", "300"}), "") << "that is told, and done";
}

TEST(ControlOption, IsNeededByItsDetails) {
  EXPECT_NE(refusalOf({"--control-stop", "300"}).find("--control or --car"), std::string::npos);
}

}  // namespace
}  // namespace rtcpub::cli
