#include "cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <map>
#include <set>

#include "cli/config/keys.h"

namespace rtcpub::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Program, HasOptionsWhoseTypesAreKnown) {
  Program program;
  const AllKeys known = program.keys();
  const auto kindOf = [&known](const std::string& subcommand, const std::string& name) {
    for (const Key& key : known.at(subcommand)) {
      if (key.name == name) return typeName(key);
    }
    return std::string("unknown");
  };
  EXPECT_EQ(kindOf("serve", "listen"), "text");
  EXPECT_EQ(kindOf("serve", "media-port"), "whole number");
  EXPECT_EQ(kindOf("serve", "public-ip"), "list of text");
  EXPECT_EQ(kindOf("serve", "no-qr"), "true or false");
  EXPECT_EQ(kindOf("publish", "max-retry-time"), "number");
  EXPECT_EQ(kindOf("publish", "bitrate"), "text");
  EXPECT_EQ(kindOf("publish", "codec"), "text");
  EXPECT_EQ(kindOf("publish", "token-file"), "text");
  EXPECT_EQ(kindOf("publish", "temporal-layers"), "whole number");
  EXPECT_EQ(kindOf("subscribe", "duration"), "number");
  EXPECT_EQ(kindOf("doctor", "log"), "text");
  EXPECT_EQ(kindOf("doctor", "help"), "unknown");
  EXPECT_EQ(kindOf("doctor", "config"), "unknown");
  EXPECT_FALSE(known.contains("config"));
}

TEST(Program, HasAnEnvironmentWithoutTwoMeanings) {
  Program program;
  std::map<std::string, std::string> meanings;
  for (const auto& [subcommand, keys] : program.keys()) {
    for (const Key& key : keys) {
      for (const auto& [variable, meaning] :
           {std::pair(environmentName(key.name), key.name),
            std::pair(environmentName(key.name, subcommand), subcommand + " " + key.name)}) {
        EXPECT_EQ(meanings.emplace(variable, meaning).first->second, meaning) << variable;
      }
      EXPECT_NE(key.name, "port") << "Kubernetes sets RTCPUB_PORT for a service named rtcpub";
    }
  }
}

TEST(Program, TakesForAllSubcommandsOnlyWhatAllMeanAlike) {
  // The same thing in other words.
  const std::set<std::string> alike{"channel", "data-dir", "print-data", "server", "stats"};
  Program program;
  std::map<std::string, std::string> meanings;
  std::set<std::string> own;
  for (const auto& [subcommand, keys] : program.keys()) {
    for (const Key& key : keys) {
      if (key.own) own.insert(subcommand + " " + key.name);
      if (key.own || alike.contains(key.name)) continue;
      EXPECT_EQ(meanings.emplace(key.name, key.description).first->second, key.description)
          << subcommand << " --" << key.name;
    }
  }
  EXPECT_THAT(own, ElementsAre("demo name", "doctor channel", "serve name", "subscribe codec",
                               "subscribe video", "token name"));
}

TEST(Program, HasListsThatTakeOneValueAtATime) {
  // Otherwise CLI11 takes "[::1]" for a list, and what follows an option for its second value.
  Program program;
  for (const auto& [subcommand, keys] : program.keys()) {
    for (const Key& key : keys) {
      EXPECT_FALSE(key.option->get_allow_extra_args()) << subcommand << " --" << key.name;
    }
  }
}

TEST(Program, LooksAtACommandLineWithoutDoingWhatItSays) {
  Program program;
  EXPECT_EQ(program.ask({"rtcpub", "publish", "--token-file", "/nowhere", "--stats", "--stats",
                         "--config", "robot.toml", "--log", "info"}),
            std::nullopt);
  EXPECT_EQ(program.subcommand()->get_name(), "publish");
  EXPECT_EQ(program.configFile(), "robot.toml");
  EXPECT_EQ(program.subcommand()->get_option("--stats")->count(), 2U);
  EXPECT_EQ(program.subcommand()->get_option("--server")->count(), 0U);
  EXPECT_FALSE(program.chosen);
}

TEST(Program, AnswersQuestionsAtOnce) {
  for (const Words& words : {Words{"rtcpub", "--help"}, Words{"rtcpub", "serve", "--help"},
                             Words{"rtcpub", "--version"}, Words{"rtcpub", "serve", "-h"}}) {
    testing::internal::CaptureStdout();
    const auto code = Program().ask(words);
    const std::string said = testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, 0);
    EXPECT_THAT(said, HasSubstr("rtcpub"));
  }
}

}  // namespace
}  // namespace rtcpub::cli
