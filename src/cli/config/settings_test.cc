#include "cli/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "cli/config/report.h"
#include "cli/secret.h"

namespace rtcpub::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A program with an option of each kind, and what its options have set.
class Robot {
 public:
  Robot() {
    program_.require_subcommand(1);
    program_.fallthrough();
    program_.add_option("--log", log)->default_str("warning");
    serve_ = program_.add_subcommand("serve");
    serve_->add_option("--listen", listen, "Where to listen")->capture_default_str();
    serve_->add_option("--media-port", port, "The port")->type_name("PORT")->capture_default_str();
    serve_->add_option("--public-ip", ips, "An address")->allow_extra_args(false);
    serve_->add_option("--name", names)->delimiter(',')->allow_extra_args(false);
    serve_->add_option("--wait", wait)->check(CLI::NonNegativeNumber);
    serve_->add_flag("!--no-qr", qr, "No QR code");
    serve_->add_flag("--stats", stats);
    auto* const file = serve_->add_option("--token-file", tokenFile);
    secret(serve_->add_option("--token", token))->excludes(file);
    serve_->add_flag("--open", open)->excludes(file);
    program_.add_subcommand("play")->add_option("--video", video)->required();
  }

  /// Parses as main() does; an error as text, empty if there is none.
  std::string run(const std::vector<std::string>& words, const Environment& environment = {},
                  const ConfigFile* file = nullptr) {
    Robot asked;
    try {
      asked.parse(words);
    } catch (const CLI::ParseError&) {  // it comes again
    }
    auto held = settingsOf(keysOf(asked.program_, *asked.serve_), "serve", environment, file);
    if (!held) return held.error().message;
    settings = *held;
    text = settingsText("serve", settings);
    if (auto told = apply(settings, program_, *serve_); !told) return told.error().message;
    try {
      parse(words);
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return {};
  }

  AllKeys keys() {
    return {{"serve", keysOf(program_, *serve_)},
            {"play", keysOf(program_, *program_.get_subcommand("play"))}};
  }

  std::string log = "warning";
  std::string listen = "127.0.0.1:8267";
  std::uint16_t port = 8268;
  std::vector<std::string> ips;
  std::vector<std::string> names;
  double wait = -1;
  bool qr = true;
  bool stats = false;
  std::string tokenFile;
  std::string token;
  bool open = false;
  std::string video;
  std::vector<Setting> settings;
  std::string text;  ///< the settings as TOML

 private:
  void parse(const std::vector<std::string>& words) {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    program_.parse(reversed);
  }

  CLI::App program_;
  CLI::App* serve_ = nullptr;
};

ConfigFile fileOf(std::string_view text) {
  auto entries = parseConfigText(text);
  EXPECT_TRUE(entries);
  return {.path = "robot.toml", .entries = entries.value_or(std::vector<ConfigEntry>{})};
}

const ConfigFile kFull = fileOf(R"(
log = "info"
listen = "192.0.2.1"
[serve]
media-port = 1000
public-ip = ["192.0.2.1", "192.0.2.2"]
name = "a,b"
wait = 2
no-qr = true
stats = true
)");

TEST(Settings, ComeFromTheFile) {
  Robot robot;
  ASSERT_EQ(robot.run({"serve"}, {}, &kFull), "");
  EXPECT_EQ(robot.log, "info");
  EXPECT_EQ(robot.listen, "192.0.2.1");
  EXPECT_EQ(robot.port, 1000);
  EXPECT_THAT(robot.ips, ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(robot.names, ElementsAre("a", "b"));
  EXPECT_EQ(robot.wait, 2);
  EXPECT_FALSE(robot.qr);
  EXPECT_TRUE(robot.stats);
}

TEST(Settings, OfTheEnvironmentGoBeforeThoseOfTheFile) {
  Robot robot;
  const Environment environment{{"RTCPUB_LISTEN", "::1"},
                                {"RTCPUB_MEDIA_PORT", "1001"},
                                {"RTCPUB_PUBLIC_IP", "::2\n\n ::3 "},
                                {"RTCPUB_SERVE_NAME", "c,d"},
                                {"RTCPUB_WAIT", "2.5"},
                                {"RTCPUB_NO_QR", "0"},
                                {"RTCPUB_STATS", "Off"},
                                {"RTCPUB_LOG", ""}};
  ASSERT_EQ(robot.run({"serve"}, environment, &kFull), "");
  EXPECT_EQ(robot.log, "info");  // an empty variable says nothing
  EXPECT_EQ(robot.listen, "::1");
  EXPECT_EQ(robot.port, 1001);
  EXPECT_THAT(robot.ips, ElementsAre("::2", "::3"));
  EXPECT_THAT(robot.names, ElementsAre("c", "d"));
  EXPECT_EQ(robot.wait, 2.5);
  EXPECT_TRUE(robot.qr);
  EXPECT_FALSE(robot.stats);
}

TEST(Settings, OfTheCommandLineGoBeforeAll) {
  Robot robot;
  const Environment environment{
      {"RTCPUB_LISTEN", "::1"}, {"RTCPUB_MEDIA_PORT", "x"}, {"RTCPUB_PUBLIC_IP", "::2"}};
  ASSERT_EQ(robot.run({"serve", "--listen", "::9", "--media-port=9", "--public-ip", "::9",
                       "--stats=false", "--log", "debug", "--no-qr=false"},
                      environment, &kFull),
            "");
  EXPECT_EQ(robot.listen, "::9");
  EXPECT_EQ(robot.port, 9);
  EXPECT_THAT(robot.ips, ElementsAre("::9"));
  EXPECT_FALSE(robot.stats);
  EXPECT_TRUE(robot.qr);
  EXPECT_EQ(robot.log, "debug");
}

TEST(Settings, OfOneSubcommandGoBeforeThoseOfAll) {
  Robot robot;
  const ConfigFile file = fileOf("listen = \"::1\"\n[serve]\nlisten = \"::2\"\n");
  ASSERT_EQ(robot.run({"serve"}, {}, &file), "");
  EXPECT_EQ(robot.listen, "::2");
  Robot other;
  ASSERT_EQ(other.run({"serve"}, {{"RTCPUB_LISTEN", "::3"}, {"RTCPUB_SERVE_LISTEN", "::4"}}, &file),
            "");
  EXPECT_EQ(other.listen, "::4");
}

TEST(Settings, AboveAllTablesAreForThoseWhoseTypeTheyHave) {
  Robot robot;
  const ConfigFile file = fileOf("media-port = \"udp\"\n");
  EXPECT_THAT(problemsIn(file, Robot().keys()),
              ElementsAre(HasSubstr("robot.toml:1: 'media-port'")));
  // Of another subcommand's key with that name; the test has none, so that it is a problem above.
  ASSERT_EQ(robot.run({"serve"}, {}, &file), "");
  EXPECT_EQ(robot.port, 8268);
}

TEST(Settings, AreNotTakenFromWhatMayBeMeantForAnotherSubcommand) {
  Robot robot;
  const Environment environment{{"RTCPUB_NAME", "Kim"}};
  const ConfigFile file = fileOf("name = \"Kim\"\n");
  ASSERT_EQ(robot.run({"serve"}, environment, &file), "");
  EXPECT_THAT(robot.names, IsEmpty());
  EXPECT_THAT(
      problemsIn(file, Robot().keys()),
      ElementsAre("robot.toml:1: 'name' is another thing for each subcommand: write it in a "
                  "table, [serve]"));
  EXPECT_THAT(doubtsAbout(environment, Robot().keys()),
              ElementsAre(HasSubstr("RTCPUB_NAME counts for nothing, since it is another thing for "
                                    "each subcommand: did you mean RTCPUB_SERVE_NAME?")));
  Robot own;
  ASSERT_EQ(own.run({"serve"}, {{"RTCPUB_SERVE_NAME", "a.example"}}), "");
  EXPECT_THAT(own.names, ElementsAre("a.example"));
}

TEST(Settings, SilenceWhatTheyExcludeOnLowerLevels) {
  Robot robot;
  const Environment environment{{"RTCPUB_TOKEN", "secret"}};
  ASSERT_EQ(robot.run({"serve", "--token-file", "t"}, environment), "");
  EXPECT_EQ(robot.token, "");
  const ConfigFile file = fileOf("[serve]\ntoken-file = \"t\"\n");
  Robot other;
  ASSERT_EQ(other.run({"serve"}, environment, &file), "");
  EXPECT_EQ(other.token, "secret");
  EXPECT_EQ(other.tokenFile, "");
}

TEST(Settings, ExcludeNothingByAFlagThatIsOff) {
  const Environment environment{{"RTCPUB_TOKEN_FILE", "t"}};
  Robot robot;
  ASSERT_EQ(robot.run({"serve", "--open=false"}, environment), "");
  EXPECT_EQ(robot.tokenFile, "t");
  EXPECT_FALSE(robot.open);
  Robot other;
  EXPECT_EQ(other.run({"serve", "--token-file", "t", "--open=false"}), "");
  Robot both;
  EXPECT_THAT(both.run({"serve", "--token-file", "t", "--open"}), HasSubstr("--open"));
}

TEST(Settings, SayWhereTheyAreWrong) {
  const ConfigFile file = fileOf("[serve]\nwait = -1\nmedia-port = 70000\n");
  Robot robot;
  EXPECT_EQ(robot.run({"serve"}, {}, &file), "robot.toml:3: media-port can't be 70000");
  Robot second;
  EXPECT_THAT(second.run({"serve", "--media-port", "1"}, {}, &file),
              HasSubstr("robot.toml:2: --wait"));
  Robot third;
  EXPECT_EQ(third.run({"serve"}, {{"RTCPUB_SERVE_MEDIA_PORT", "many"}}),
            "environment RTCPUB_SERVE_MEDIA_PORT: media-port can't be many");
  Robot fourth;
  EXPECT_THAT(fourth.run({"serve"}, {{"RTCPUB_STATS", "maybe"}}),
              HasSubstr("environment RTCPUB_STATS: 'maybe' is none of 1, true"));
}

TEST(Settings, KeepSecretsFromTheCommandLine) {
  Robot robot;
  EXPECT_THAT(robot.run({"serve", "--token", "x"}), HasSubstr("RTCPUB_TOKEN"));
  Robot other;
  ASSERT_EQ(other.run({"serve"}, {{"RTCPUB_TOKEN", "x"}}), "");
  EXPECT_EQ(other.token, "x");
}

TEST(Settings, NameWhoSetWhatAnErrorIsAbout) {
  Robot robot;
  ASSERT_EQ(robot.run({"serve", "--listen", "::1"}, {{"RTCPUB_TOKEN_FILE", "x"}}, &kFull), "");
  EXPECT_THAT(originsOf("--wait: needs --listen and --token-file.", robot.settings),
              ElementsAre("--wait is set by: robot.toml:8",
                          "--token-file is set by: environment RTCPUB_TOKEN_FILE"));
}

TEST(ConfigFile, MayHoldNothingThatNobodyKnows) {
  Robot robot;
  const ConfigFile file = fileOf(R"(
lisen = "::1"
bandwidth = 1
[server]
listen = "::1"
name = "x"
[serve]
media_port = 1
video = "x"
[play]
video = "x"
)");
  EXPECT_THAT(
      problemsIn(file, robot.keys()),
      ElementsAre("robot.toml:2: there is no key 'lisen': did you mean 'listen'?",
                  "robot.toml:3: there is no key 'bandwidth'",
                  "robot.toml:5: there is no subcommand 'server' for which a table could "
                  "be: did you mean 'serve'?",
                  "robot.toml:8: there is no key 'media_port' in [serve]: did you mean "
                  "'media-port'?",
                  "robot.toml:9: there is no key 'video' in [serve]: it belongs to [play]"));
}

TEST(ConfigFile, MayHoldNoOtherTypes) {
  Robot robot;
  const ConfigFile file = fileOf(R"([serve]
listen = 8267
media-port = "8268"
public-ip = [1, 2]
wait = "2"
stats = "true"
token-file = ["a"]
name = true
no-qr = 1
)");
  EXPECT_THAT(problemsIn(file, robot.keys()),
              ElementsAre("robot.toml:2: 'listen' takes text, in quotes",
                          "robot.toml:3: 'media-port' takes a whole number, without quotes",
                          HasSubstr("robot.toml:4: 'public-ip' takes text, in quotes; several"),
                          "robot.toml:5: 'wait' takes a number, without quotes",
                          "robot.toml:6: 'stats' is true or false, without quotes",
                          "robot.toml:7: 'token-file' takes one value, not a list",
                          HasSubstr("robot.toml:8: 'name' takes text"),
                          "robot.toml:9: 'no-qr' is true or false, without quotes"));
  EXPECT_THAT(problemsIn(kFull, robot.keys()), IsEmpty());
}

TEST(ConfigFile, HoldsSecretsForItsOwnerOnly) {
  Robot robot;
  ConfigFile file =
      fileOf("[serve]\ntoken = \"x\"\npublic-ip = [\"turn:a:b@c\"]\nlisten = \"::\"\n");
  EXPECT_THAT(problemsIn(file, robot.keys()), IsEmpty());
  file.exposed = true;
  EXPECT_THAT(problemsIn(file, robot.keys()),
              ElementsAre(HasSubstr("robot.toml:2: 'token' is a secret"),
                          HasSubstr("chmod 600 robot.toml")));
}

TEST(Environment, IsDoubtedWhereItLooksMisspelt) {
  Robot robot;
  const Environment environment{
      {"RTCPUB_LISTN", ""},         {"RTCPUB_SERVE_MEDIA_PROT", ""}, {"RTCPUB_PROGRAM", ""},
      {"RTCPUB_PORT", ""},          {"RTCPUB_FAKE_CAMERAS", ""},     {"RTCPUB_SERVE_LISTEN", ""},
      {"RTCPUB_PORT_8267_TCP", ""}, {"RTCPUB_CONFIG", ""},           {"RTCPUB_SERVICE_HOST", ""}};
  EXPECT_THAT(doubtsAbout(environment, robot.keys()),
              ElementsAre(HasSubstr("RTCPUB_LISTN is nothing that is known here: did you mean "
                                    "RTCPUB_LISTEN?"),
                          HasSubstr("did you mean RTCPUB_SERVE_MEDIA_PORT?")));
}

TEST(SettingsText, SaysWhereEachComesFrom) {
  Robot robot;
  const ConfigFile file =
      fileOf("[serve]\nno-qr = true\npublic-ip = [\"::1\"]\ntoken = \"hidden\"\n");
  ASSERT_EQ(robot.run({"serve", "--listen", "::9"}, {{"RTCPUB_WAIT", "3"}}, &file), "");
  EXPECT_EQ(robot.text,
            "[serve]\n"
            "listen = \"::9\"  # command line\n"
            "# media-port = 8268  # default\n"
            "public-ip = [\"::1\"]  # robot.toml:3\n"
            "# name: not set\n"
            "wait = 3.0  # environment RTCPUB_WAIT\n"
            "no-qr = true  # robot.toml:2\n"
            "# stats = false  # default\n"
            "# token-file: not set\n"
            "# token: a secret, not shown  # robot.toml:4\n"
            "# open = false  # default\n"
            "# log = \"warning\"  # default\n");
}

TEST(SettingsText, CanBeReadBack) {
  Robot robot;
  ASSERT_EQ(
      robot.run({"serve", "--media-port", "+9", "--listen", "a\"b\\\n\xC3\xA9#", "--wait", "1e3"},
                {{"RTCPUB_SERVE_NAME", "x,y"}}, &kFull),
      "");
  const ConfigFile again = fileOf(robot.text);
  Robot other;
  EXPECT_THAT(problemsIn(again, other.keys()), IsEmpty());
  ASSERT_EQ(other.run({"serve"}, {}, &again), "");
  EXPECT_EQ(other.log, robot.log);
  EXPECT_EQ(other.listen, robot.listen);
  EXPECT_EQ(other.port, robot.port);
  EXPECT_EQ(other.ips, robot.ips);
  EXPECT_EQ(other.names, robot.names);
  EXPECT_EQ(other.wait, robot.wait);
  EXPECT_EQ(other.qr, robot.qr);
  EXPECT_EQ(other.stats, robot.stats);
}

TEST(SettingsText, HidesPasswordsAndWhatIsNoText) {
  Robot robot;
  ASSERT_EQ(robot.run({"serve", "--public-ip", "turn:a:hidden@c", "--listen", "\xFF"}), "");
  EXPECT_EQ(robot.text.find("hidden"), std::string::npos);
  EXPECT_THAT(robot.text, HasSubstr("# public-ip: a secret, not shown  # command line\n"));
  EXPECT_THAT(robot.text, HasSubstr("# listen: not UTF-8, which no file can hold"));
}

TEST(KeysText, ListsWhatSeveralHaveInCommonOnce) {
  Robot robot;
  const std::string text = keysText(robot.keys());
  EXPECT_THAT(text, HasSubstr("### play, serve\n\n- `log`: text, default `\"warning\"`; "
                              "`RTCPUB_LOG`."));
  EXPECT_THAT(text, HasSubstr("- `media-port`: whole number, default `8268`; "
                              "`RTCPUB_MEDIA_PORT`. The port\n"));
  EXPECT_THAT(text, HasSubstr("- `public-ip`: list of text; `RTCPUB_PUBLIC_IP`. An address\n"));
  EXPECT_THAT(text, HasSubstr("- `no-qr`: true or false; `RTCPUB_NO_QR`. No QR code\n"));
  EXPECT_THAT(text, HasSubstr("- `video`: text, required;"));
  EXPECT_THAT(text, HasSubstr("- `token`: text, secret;"));
  EXPECT_THAT(text, HasSubstr("- `name`: list of text; in a table only, `RTCPUB_SERVE_NAME`."));
}

}  // namespace
}  // namespace rtcpub::cli
