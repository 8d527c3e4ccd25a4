#include "app/server/server_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rtcpub {
namespace {

using testing::Contains;
using testing::HasSubstr;

class ServerIdentityTest : public testing::Test {
 protected:
  ServerIdentityTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub.XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~ServerIdentityTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] ServerOptions options() const {
    ServerOptions chosen;
    chosen.dataDir = root_ + "/data";
    return chosen;
  }

  [[nodiscard]] std::string kept() const { return root_ + "/data/cert.pem"; }

 private:
  std::string root_;
};

TEST_F(ServerIdentityTest, OfItsOwnIsForTheNamesThatWereGiven) {
  auto chosen = options();
  chosen.names = {"robots.example"};
  chosen.publicIps = {"203.0.113.7"};
  ServerIdentity identity(chosen, true);
  ASSERT_TRUE(identity.load());
  EXPECT_THAT(identity.certificate().names, Contains("robots.example"));
  EXPECT_THAT(identity.certificate().names, Contains("203.0.113.7"));
  EXPECT_TRUE(identity.problems().empty());
  EXPECT_THAT(identity.toPin(), testing::StartsWith("sha256:"));
}

TEST_F(ServerIdentityTest, StaysWhatItIsWhenTheFilesCannotBeReadAgain) {
  ServerIdentity identity(options(), false);
  ASSERT_TRUE(identity.load());
  const auto before = identity.certificate().fingerprint;
  std::ofstream(kept()) << "damaged";
  const auto again = identity.load();
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr(kept()));
  EXPECT_EQ(identity.certificate().fingerprint, before);
}

TEST_F(ServerIdentityTest, StaysWhatItIsWhenWhatWasReadCannotBeUsed) {
  ServerIdentity identity(options(), false);
  ASSERT_TRUE(identity.load());
  const auto before = identity.certificate().fingerprint;
  std::filesystem::remove(kept());
  const auto again = identity.load([](const net::Certificate& /*certificate*/) -> Result<void> {
    return fail(ErrorCode::kInvalidArgument, "no use");
  });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "no use");
  EXPECT_EQ(identity.certificate().fingerprint, before);
}

TEST_F(ServerIdentityTest, ThatCannotBeMadeAgainIsUsedWithAWarning) {
  auto chosen = options();
  ASSERT_TRUE(ServerIdentity(chosen, false).load());
  chosen.names = {"robots.example"};
  // So long a path that no other name fits beside its files: nothing can be written there.
  chosen.dataDir += std::string(PATH_MAX - 12 - chosen.dataDir.size(), '/');
  ServerIdentity identity(chosen, false);
  ASSERT_TRUE(identity.load());
  EXPECT_EQ(identity.change(), "");
  EXPECT_THAT(identity.problems(), Contains(HasSubstr("should be made again")));
}

TEST_F(ServerIdentityTest, WantsACertificateWithItsKey) {
  auto chosen = options();
  chosen.tlsCertFile = kept();
  const auto loaded = ServerIdentity(chosen, false).load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("tlsKeyFile"));
}

TEST_F(ServerIdentityTest, TakesNoKeyThatOthersCanRead) {
  auto chosen = options();
  ASSERT_TRUE(ServerIdentity(chosen, false).load());
  const std::string key = chosen.dataDir + "/key.pem";
  ASSERT_EQ(::chmod(key.c_str(), 0644), 0);
  const auto refused = HasSubstr("chmod 600 " + key);
  EXPECT_THAT(ServerIdentity(chosen, false).load().error().message, refused);
  chosen.tlsCertFile = kept();
  chosen.tlsKeyFile = key;
  EXPECT_THAT(ServerIdentity(chosen, false).load().error().message, refused);
}

TEST_F(ServerIdentityTest, RefusesNamesThatNobodyCanCall) {
  auto chosen = options();
  chosen.names = {"https://robots.example"};
  EXPECT_EQ(ServerIdentity(chosen, false).load().error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(kept()));
}

}  // namespace
}  // namespace rtcpub
