#include "rtcpub/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/server/issue_token.h"
#include "app/server/server_record.h"
#include "app/server/token_desk.h"
#include "app/server/token_keys.h"
#include "core/access/claims.h"

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A directory for one test.
class TokenTest : public testing::Test {
 protected:
  TokenTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rtcpub-token-XXXXXX").string();
    directory = ::mkdtemp(name.data());
  }
  ~TokenTest() override { std::filesystem::remove_all(directory); }

  /// A server's, that asks for tokens.
  [[nodiscard]] TokenDesk desk(ServerOptions options = {}) const {
    options.dataDir = directory;
    return TokenDesk(options, true);
  }
  [[nodiscard]] std::string keyFile() const { return directory + "/token.key"; }

  std::string directory;
};

/// The claims of a token that this key has signed.
Claims claimsOf(const std::string& token, const auth::TokenKey& key) {
  return loadVerifier(key, {}).value()->verify(token).and_then(parseClaims).value();
}

const TokenOptions kView{.channels = {"car-*"}, .rights = Right::kView, .name = "Kim"};

TEST_F(TokenTest, IsMadeWithTheKeyThatTheServerHasMade) {
  auto server = desk();
  const auto verifier = server.load();
  ASSERT_TRUE(verifier) << verifier.error().message;
  const auto issuer = TokenIssuer::open(directory);
  ASSERT_TRUE(issuer) << issuer.error().message;
  EXPECT_EQ(issuer->keyFile(), keyFile());
  for (const auto& token : {issuer->issue(kView), server.issue(kView)}) {
    ASSERT_TRUE(token) << token.error().message;
    EXPECT_TRUE((*verifier)->verify(*token));
  }
}

TEST_F(TokenTest, HasAKeyThatItsOwnerAloneReadsAndThatStays) {
  const auto made = ownTokenKeyMade(directory + "/below/it");
  ASSERT_TRUE(made) << made.error().message;
  struct stat status {};
  ASSERT_EQ(::stat((directory + "/below/it/token.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(ownTokenKeyMade(directory + "/below/it")->material, made->material);
}

TEST_F(TokenTest, IsNotMadeWithAKeyThatOthersRead) {
  ASSERT_TRUE(ownTokenKeyMade(directory));
  ASSERT_EQ(::chmod(keyFile().c_str(), 0644), 0);
  for (const auto& error : {TokenIssuer::open(directory).error(), desk().load().error()}) {
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.message, HasSubstr("chmod 600 " + keyFile()));
  }
}

TEST_F(TokenTest, IsNotMadeWithoutAKey) {
  const auto issuer = TokenIssuer::open(directory);
  ASSERT_FALSE(issuer);
  EXPECT_EQ(issuer.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(issuer.error().message, HasSubstr(directory));
  std::ofstream(keyFile()) << "";
  ASSERT_EQ(::chmod(keyFile().c_str(), 0600), 0);
  EXPECT_THAT(TokenIssuer::open(directory).error().message, HasSubstr("holds no secret"));
}

TEST_F(TokenTest, IsForTheAudienceOfTheServerAndFindsIt) {
  auto server = desk({.audience = "robots.example"});
  ASSERT_TRUE(server.load());
  server.leaveWord({"https://192.0.2.1:8267"});
  const auto issuer = TokenIssuer::open(directory).value();
  EXPECT_THAT(issuer.urls(), testing::ElementsAre("https://192.0.2.1:8267"));
  const auto claims = claimsOf(issuer.issue(kView).value(), ownTokenKey(directory).value());
  EXPECT_THAT(claims.audience, testing::ElementsAre("robots.example"));
}

TEST_F(TokenTest, IsMadeByNoServerThatAsksForNone) {
  TokenDesk open({.dataDir = directory}, false);
  ASSERT_TRUE(open.load());
  EXPECT_EQ(open.load().value(), nullptr);
  EXPECT_EQ(open.issue(kView).error().code, ErrorCode::kUnsupported);
  open.leaveWord({"https://192.0.2.1:8267"});
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

TEST_F(TokenTest, KeepsItsKeysWhenNewOnesCannotBeRead) {
  auto server = desk();
  ASSERT_TRUE(server.load());
  std::ofstream(keyFile()) << "short";
  EXPECT_FALSE(server.load());
  EXPECT_TRUE(server.issue(kView));
}

TEST(IssueToken, SaysWhatWasAskedFor) {
  const auth::TokenKey key{auth::Algorithm::kHs256, std::string(43, 'k')};
  TokenOptions options{.channels = {"car-1", "truck-*"},
                       .rights = {Right::kView, Right::kDrive},
                       .lifetime = 8h,
                       .name = "Kim"};
  auto claims = claimsOf(issueToken(key, "rtcpub", options, 1'800'000'000).value(), key);
  EXPECT_EQ(claims.rights, (Rights{Right::kView, Right::kDrive}));
  EXPECT_EQ(claims.channels.texts(), options.channels);
  EXPECT_EQ(claims.name, "Kim");
  EXPECT_EQ(claims.expires, 1'800'028'800);
  options.lifetime.reset();
  EXPECT_FALSE(claimsOf(issueToken(key, "rtcpub", options, 0).value(), key).expires);
}

TEST(IssueToken, RefusesWhatNoServerWouldTake) {
  const auth::TokenKey key{auth::Algorithm::kHs256, std::string(43, 'k')};
  const auto refused = [&](auto change) {
    TokenOptions options = kView;
    change(options);
    const auto token = issueToken(key, "rtcpub", options, 0);
    return !token && token.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_FALSE(refused([](TokenOptions&) {}));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.channels.clear(); }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.channels = {"a b"}; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.rights = {}; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.lifetime = 0s; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.lifetime = 24h * 3700; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.name = "a\nb"; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.name = "\xFF"; }));
  EXPECT_TRUE(refused([](TokenOptions& options) { options.name = std::string(129, 'a'); }));
}

TEST(ConsoleLink, LeadsToOneChannelOrToTheList) {
  EXPECT_EQ(consoleLink("https://a:1", "car-1", "t"), "https://a:1/?channel=car-1#token=t");
  EXPECT_EQ(consoleLink("https://a:1/", "car-*", "t"), "https://a:1/#token=t");
  EXPECT_EQ(consoleLink("https://a:1", "", "t"), "https://a:1/#token=t");
  EXPECT_EQ(consoleLink("https://a:1", "car-1", ""), "https://a:1/?channel=car-1");
}

}  // namespace
}  // namespace rtcpub
