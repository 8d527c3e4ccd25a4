#include "rtcpub/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "app/server/issue_token.h"
#include "app/server/server_record.h"
#include "app/server/token_desk.h"
#include "app/server/token_keys.h"
#include "auth/jwt_verifier.h"
#include "auth/rfc7515_fixture.h"
#include "core/access/claims.h"
#include "rtcpub/clock.h"

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
  return auth::JwtVerifier({key}).verify(token).and_then(parseClaims).value();
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

/// So it may come before the server that is started beside it.
TEST_F(TokenTest, MakesTheKeyThatTheServerThenTakes) {
  const auto issuer = TokenIssuer::open(directory);
  ASSERT_TRUE(issuer) << issuer.error().message;
  EXPECT_TRUE(issuer->keyIsNew());
  auto server = desk();
  EXPECT_TRUE(server.load().value()->verify(issuer->issue(kView).value()));
}

TEST_F(TokenTest, IsNotMadeWithWhatIsNoKey) {
  std::ofstream(keyFile()) << "";
  ASSERT_EQ(::chmod(keyFile().c_str(), 0600), 0);
  EXPECT_THAT(TokenIssuer::open(directory).error().message, HasSubstr("holds no secret"));
}

TEST_F(TokenTest, WaitsForTheAddressesOfAServerThatIsStarting) {
  auto server = desk();
  ASSERT_TRUE(server.load());
  std::thread starting([&] { server.leaveWord({"https://192.0.2.1:8267"}, ""); });
  const auto issuer = TokenIssuer::open(directory).value();
  starting.join();
  EXPECT_FALSE(issuer.keyIsNew());
  EXPECT_EQ(issuer.urls().size(), 1U);
}

TEST_F(TokenTest, WaitsForNoServerWhereTheKeyIsOld) {
  ASSERT_TRUE(desk().load());
  const auto yesterday = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24);
  std::filesystem::last_write_time(keyFile(), yesterday);
  const Time begun = monotonicNow();
  EXPECT_TRUE(TokenIssuer::open(directory).value().urls().empty());
  EXPECT_LT(monotonicNow() - begun, std::chrono::milliseconds(2500)) << "as long as it would wait";
}

TEST_F(TokenTest, IsForTheAudienceOfTheServerAndFindsIt) {
  auto server = desk({.audience = "robots.example"});
  ASSERT_TRUE(server.load());
  server.leaveWord({"https://192.0.2.1:8267"}, "sha256:ab");
  const auto issuer = TokenIssuer::open(directory).value();
  EXPECT_THAT(issuer.urls(), testing::ElementsAre("https://192.0.2.1:8267"));
  EXPECT_EQ(issuer.fingerprint(), "sha256:ab");
  const auto claims = claimsOf(issuer.issue(kView).value(), ownTokenKey(directory).value());
  EXPECT_THAT(claims.audience, testing::ElementsAre("robots.example"));
}

TEST_F(TokenTest, IsMadeByNoServerThatAsksForNone) {
  TokenDesk open({.dataDir = directory}, false);
  EXPECT_EQ(open.load().error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(open.issue(kView).error().code, ErrorCode::kUnsupported);
  open.leaveWord({"https://192.0.2.1:8267"}, "");
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

TEST_F(TokenTest, KeepsItsKeysWhenNewOnesCannotBeRead) {
  auto server = desk();
  ASSERT_TRUE(server.load());
  std::ofstream(keyFile()) << "short";
  EXPECT_FALSE(server.load());
  EXPECT_TRUE(server.issue(kView));
}

/// What is on the disk would otherwise sign tokens that the server doesn't take.
TEST_F(TokenTest, LeavesItsKeyOnTheDiskWhenAnotherCannotBeRead) {
  auto server = desk({.tokenKeyFiles = {directory + "/missing.pem"}});
  EXPECT_EQ(server.load().error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(keyFile()));
}

TEST_F(TokenTest, IsTakenByNoKeyThatOthersCanChange) {
  const std::string file = directory + "/public.pem";
  std::ofstream(file) << auth::rfc7515::kEcKey;
  for (const mode_t mode : {0664U, 0646U}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const auto keys = publicTokenKeys({file});
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(keys.error().message, HasSubstr("chmod go-w " + file));
  }
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  EXPECT_TRUE(publicTokenKeys({file}));
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
