#include "cli/config/toml_text.h"

#include <gtest/gtest.h>

namespace rtcpub::cli {
namespace {

ConfigValue text(std::string value) { return {ValueKind::kText, std::move(value)}; }

/// The message of the only problem, as LINE: MESSAGE.
std::string problemIn(std::string_view written) {
  const auto parsed = parseConfigText(written);
  return parsed ? "none" : std::to_string(parsed.error().line) + ": " + parsed.error().message;
}

TEST(TomlText, ReadsKeysAboveAndInTables) {
  const auto entries = parseConfigText(
      "# of all\n"
      "server = \"wss://robots.example\"  # here\n"
      "\n"
      "[serve]\n"
      "media-port = 8_268\n"
      "public-ip = [  # two\n"
      "  \"192.0.2.1\",\n"
      "  \"2001:db8::1\",\n"
      "]\n"
      "no-qr = true\n"
      "[publish]\r\n"
      "max-retry-time = 0.5\r\n");
  ASSERT_TRUE(entries) << entries.error().message;
  const std::vector<ConfigEntry> expected{
      {"", "server", false, {text("wss://robots.example")}, 2},
      {"serve", "media-port", false, {{ValueKind::kInteger, "8268"}}, 5},
      {"serve", "public-ip", true, {text("192.0.2.1"), text("2001:db8::1")}, 6},
      {"serve", "no-qr", false, {{ValueKind::kFlag, "true"}}, 10},
      {"publish", "max-retry-time", false, {{ValueKind::kNumber, "0.5"}}, 12}};
  EXPECT_EQ(*entries, expected);
}

TEST(TomlText, KeepsWhatCommandLineReadersCut) {
  const auto entries = parseConfigText(
      "a = \"test:?size=1280x720#x\"\nb = 'C:\\n'\nc = \"line\\nbreak\"\nd = \"\"\n");
  ASSERT_TRUE(entries);
  EXPECT_EQ((*entries)[0].values, std::vector{text("test:?size=1280x720#x")});
  EXPECT_EQ((*entries)[1].values, std::vector{text("C:\\n")});
  EXPECT_EQ((*entries)[2].values, std::vector{text("line\nbreak")});
  EXPECT_EQ((*entries)[3].values, std::vector{text("")});
}

TEST(TomlText, TakesDottedKeysAndInlineTablesForTables) {
  const auto dotted = parseConfigText("serve.listen = \"::1\"\n");
  const auto inlined = parseConfigText("serve = { listen = \"::1\" }\n");
  ASSERT_TRUE(dotted);
  EXPECT_EQ(*dotted, *inlined);
  EXPECT_EQ(dotted->front().table, "serve");
}

TEST(TomlText, TakesNothingForNothing) {
  for (const char* empty : {"", "\n", "# only a comment", "\xEF\xBB\xBF", "[serve]\n"}) {
    const auto entries = parseConfigText(empty);
    ASSERT_TRUE(entries);
    EXPECT_TRUE(entries->empty());
  }
}

TEST(TomlText, SaysTheLineOfWhatIsWrong) {
  EXPECT_EQ(problemIn("a = 1\na = 2\n").substr(0, 3), "2: ");
  EXPECT_NE(problemIn("a = 1\na = 2\n").find("may stand only once"), std::string::npos);
  EXPECT_NE(problemIn("[serve]\na = 1\n[serve]\nb = 1").find("3: "), std::string::npos);
  EXPECT_NE(problemIn("\nlisten = 0.0.0.0\n").find("2: "), std::string::npos);
  EXPECT_NE(problemIn("channel = car\n").find("text stands in quotes"), std::string::npos);
  EXPECT_NE(problemIn("a = yes\n").find("text stands in quotes"), std::string::npos);
  EXPECT_EQ(problemIn("\n\na = \"\xFF\"\n"), "3: this is not UTF-8");
  EXPECT_EQ(problemIn("\na = \"x").substr(0, 3), "2: ");
  EXPECT_EQ(problemIn("a = 2026-11-30\n"), "1: 'a' is a date or a time: write text in quotes");
  EXPECT_EQ(problemIn("a = \"\\u0000\"\n"), "1: 'a' holds \\u0000, which no option takes");
  EXPECT_EQ(problemIn("a = [\n  [1]]\n"), "2: 'a' is a list in a list");
  EXPECT_EQ(problemIn("a = [\n  {b = 1}, 1]\n"), "2: 'a' has a table where a value belongs");
  EXPECT_NE(problemIn("[serve.tls]\ncert = 1\n").find("1: 'serve.tls' is a table in a table"),
            std::string::npos);
  EXPECT_EQ(problemIn("\n[[serve]]\nlisten = 1\n"),
            "2: a table stands once, in single brackets: write [serve], not [[serve]]");
}

TEST(TomlText, SurvivesWhatItsParserTakesForImpossible) {
  const std::string fault = "this is not TOML: [table], or key = value";
  EXPECT_EQ(problemIn("["), "1: Error while parsing table header: encountered end-of-file");
  EXPECT_EQ(problemIn("[\n"), "1: " + fault);
  EXPECT_EQ(problemIn("a = 1\n\n[\nserve]\nb = 1\n"), "3: " + fault);
}

TEST(TomlText, TakesLettersBeyondAsciiInStringsAndCommentsOnly) {
  const auto entries = parseConfigText("\xEF\xBB\xBF# caf\xC3\xA9\na = \"\xC8\x91\" # \xC3\xA9\n");
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->size(), 1U);
  for (const std::string stray :
       {"\xC3\xA9 = 1", "a = 197\xC8\x91", "a = [1\xC2\xA0]", "[s\xC3\xA9t]"}) {
    EXPECT_EQ(problemIn("\n" + stray + "\n").substr(0, 22), "2: a letter beyond ASC") << stray;
  }
  EXPECT_EQ(problemIn("\na = \xFF\n"), "2: this is not UTF-8");
}

TEST(TomlText, RefusesWhatIsDeep) {
  EXPECT_NE(problemIn("a = " + std::string(100000, '[')), "none");
  std::string inlined = "a = ";
  std::string dotted = "a";
  std::string quoted = "''";
  for (int depth = 0; depth < 50000; ++depth) {
    inlined += "{a = ";
    dotted += ".a";
    quoted += " . \".,\\\"\"";
  }
  const std::string deep = "a key stands in the table of its subcommand, and no deeper";
  EXPECT_NE(problemIn(inlined), "none");
  EXPECT_EQ(problemIn("\n[" + dotted + "]\n"), "2: " + deep);
  EXPECT_EQ(problemIn(dotted + " = 1\n"), "1: " + deep);
  EXPECT_EQ(problemIn("x = \"\"\"\n\n\"\"\"\na = {" + quoted + " = 1}\n"), "4: " + deep);
}

TEST(TomlText, TakesAnyNumberOfDotsInTextAndComments) {
  const std::string dots = "a.b.c.d.e.f.g.h.i.j.k 0.1.2.3.4.5.6.7.8.9";
  const auto entries = parseConfigText("# " + dots + "\na = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5,\n" +
                                       "8.5, 9.5, 0.5]\nb = '" + dots + "'\nc = \"\\\"" + dots +
                                       "\"\nd = \"\"\"\n" + dots + "\"\"\"\n");
  ASSERT_TRUE(entries) << entries.error().line << entries.error().message;
  EXPECT_EQ(entries->size(), 4U);
}

TEST(TomlText, WritesWhatItReads) {
  const std::vector<ConfigValue> values{text("a \"b\" \\ \n\t\x7F"),
                                        text("caf\xC3\xA9 \xE2\x80\xAE \xC2\x9B"),
                                        text("\xF0\x9F\xA4\x96#")};
  const std::string written = tomlValue(true, values);
  EXPECT_EQ(written.find('\n'), std::string::npos);
  EXPECT_EQ(written.find("\xE2\x80\xAE"), std::string::npos);  // it would turn the line around
  const auto entries = parseConfigText("a = " + written);
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->front().values, values);
  EXPECT_EQ(tomlValue(false, {{ValueKind::kInteger, "8268"}}), "8268");
  EXPECT_EQ(tomlValue(false, {{ValueKind::kNumber, "5"}}), "5.0");
  EXPECT_EQ(tomlValue(false, {{ValueKind::kFlag, "true"}}), "true");
  EXPECT_EQ(tomlValue(true, {}), "[]");
}

TEST(TomlText, KnowsWhatItCanHold) {
  EXPECT_TRUE(fitsToml("caf\xC3\xA9 \xF0\x9F\xA4\x96"));
  for (const char* broken : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xE0\x80\x80",
                             "\xF4\x90\x80\x80", "\xC3(", "\x80"}) {
    EXPECT_FALSE(fitsToml(broken));
  }
  EXPECT_FALSE(fitsToml(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace rtcpub::cli
