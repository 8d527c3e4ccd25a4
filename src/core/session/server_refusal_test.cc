#include "core/session/server_refusal.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

namespace rtcpub::session {
namespace {

const std::string kServer = "wss://spider.example:8267";

std::string words(const ServerError& error, Role role = Role::kPublisher) {
  return describe(error, kServer, "x", role).message;
}

TEST(ServerRefusal, IsFinalForWhatIsSaidOfATokenAndForWhoWasSentAway) {
  for (const auto* code :
       {"replaced", "removed", "expired", "no-token", "bad-token", "bad-claim", "bad-signature",
        "wrong-algorithm", "wrong-audience", "unknown-right", "no-right", "wrong-channel"}) {
    EXPECT_EQ(finalityOf(code), Finality::kFinal) << code;
  }
}

/// The codes of docs/access.md: between backticks in the second cell of rows that begin with a
/// status.
std::set<std::string> documentedCodes() {
  std::ifstream file(std::string(RTCPUB_FIXTURES) + "/../../docs/access.md");
  std::set<std::string> codes;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| 4")) continue;
    const auto second = line.find('|', 1);
    std::string cell = line.substr(second, line.find('|', second + 1) - second);
    for (auto from = cell.find('`'); from != std::string::npos; from = cell.find('`')) {
      cell.erase(0, from + 1);
      codes.insert(cell.substr(0, cell.find('`')));
      cell.erase(0, cell.find('`') + 1);
    }
  }
  return codes;
}

TEST(ServerRefusal, KnowsEveryCodeThatIsDocumented) {
  const auto codes = documentedCodes();
  EXPECT_GE(codes.size(), 12U);
  EXPECT_TRUE(codes.contains("bad-claim"));
  for (const auto& code : codes) EXPECT_NE(finalityOf(code), Finality::kFinalWhenNew) << code;
}

TEST(ServerRefusal, MayPassWithTime) {
  for (const auto* code : {"media-lost", "timeout", "too-many-offers", "too-many-refusals",
                           "not-yet-valid", "starting"}) {
    EXPECT_EQ(finalityOf(code), Finality::kRetry) << code;
  }
}

TEST(ServerRefusal, IsForTheUserToMendWhenItsCodeIsNotKnown) {
  EXPECT_EQ(finalityOf("no-common-codec"), Finality::kFinalWhenNew);
  EXPECT_EQ(finalityOf(""), Finality::kFinalWhenNew);
  EXPECT_EQ(words({"no-common-codec", "no common codec"}),
            kServer + " refused channel x: no common codec");
  EXPECT_EQ(words({"strange", ""}), kServer + " refused channel x: strange");
}

TEST(ServerRefusal, SaysWhatToDo) {
  EXPECT_EQ(words({"expired", "the token expired at 12:00"}),
            kServer +
                " sent this client away from channel x: the token expired at 12:00; ask whoever "
                "gave the token "
                "for a new one (token = …)");
  EXPECT_EQ(words({"no-token", "a token is needed"}),
            kServer +
                " refused channel x: a token is needed; give a token with the right to "
                "publish (token = …)");
  EXPECT_EQ(words({"no-right", "it may view only"}, Role::kSubscriber),
            kServer +
                " refused channel x: it may view only; give a token with the right to view "
                "(token = …)");
  EXPECT_EQ(words({"removed", "removed by an administrator"}),
            kServer + " sent this client away from channel x: removed by an administrator");
}

TEST(ServerRefusal, TellsAReplacedPublisherApart) {
  EXPECT_EQ(describe({"replaced", "a newer one"}, kServer, "x", Role::kPublisher).code,
            ErrorCode::kReplaced);
  EXPECT_EQ(describe({"expired", "over"}, kServer, "x", Role::kPublisher).code,
            ErrorCode::kRejected);
}

TEST(ServerRefusal, RepeatsNothingThatIsNoText) {
  const auto said = words({"expired", "a\x1b[31m\nb" + std::string(10000, 'c')});
  EXPECT_EQ(said.find('\n'), std::string::npos);
  EXPECT_EQ(said.find('\x1b'), std::string::npos);
  EXPECT_LT(said.size(), 500U);
}

}  // namespace
}  // namespace rtcpub::session
