#include "rtcpub/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "net/server_probe.h"

namespace rtcpub {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// A real server on loopback, each with a directory of its own.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rtcpub.XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ServerTest() override {
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void open(ServerOptions options = {}) {
    options.listen = "127.0.0.1:0";
    options.mediaPort = 0;
    options.dataDir = directory_;
    auto server = Server::create(std::move(options));
    ASSERT_TRUE(server) << server.error().message;
    server_.emplace(*std::move(server));
  }

  std::string token(Rights rights, const std::string& channel = "*") {
    return server_->makeToken({.channels = {channel}, .rights = rights}).value();
  }

  /// Status and body.
  std::string get(const std::string& target, const std::string& token = {}) {
    const auto found =
        net::probeServer({.server = {.tls = false, .host = "127.0.0.1", .port = server_->port()},
                          .addresses = {"127.0.0.1"},
                          .caFile = {},
                          .target = target,
                          .token = token,
                          .limit = std::chrono::seconds(20)});
    if (!found.http || !*found.http) return "no answer";
    return std::to_string((*found.http)->status) + " " + (*found.http)->body;
  }

 private:
  std::string directory_;
  std::optional<Server> server_;
};

TEST_F(ServerTest, IsOpenToItsOwnMachine) {
  open();
  EXPECT_EQ(get("/healthz"), R"(200 {"status":"ok"})");
  EXPECT_EQ(get("/api/channels"), R"(200 {"channels":[]})");
  EXPECT_EQ(get("/api/members"), R"(200 {"members":[]})");
  EXPECT_THAT(get("/api/ice"), StartsWith(R"(200 {"iceServers":[)"));
  EXPECT_THAT(get("/api/identity"), StartsWith(R"(200 {"fingerprint":"sha256:)"));
  EXPECT_THAT(get("/api/access"),
              StartsWith(R"(200 {"rights":["publish","view","drive","admin"])"));
}

TEST_F(ServerTest, AsksForTokensAtEachDoorWhenItIsForOthers) {
  open({.names = {"robots.test"}});
  for (const char* target : {"/api/channels", "/api/ice", "/api/access", "/api/members"}) {
    EXPECT_THAT(get(target), AllOf(StartsWith("401 "), HasSubstr(R"("code":"no-token")")))
        << target;
    EXPECT_THAT(get(target, "made.up.token"), StartsWith("401 ")) << target;
    EXPECT_THAT(get(target, token({Right::kView, Right::kAdmin})), StartsWith("200 ")) << target;
  }
  EXPECT_THAT(get("/api/members", token(Right::kView)),
              AllOf(StartsWith("403 "), HasSubstr(R"("code":"no-right")")));
  EXPECT_THAT(get("/api/access?channel=boat", token(Right::kView, "car-*")),
              AllOf(StartsWith("403 "), HasSubstr(R"("code":"wrong-channel")")));
}

TEST_F(ServerTest, SaysToEverybodyThatItIsWellAndWhatItsPageIs) {
  open({.names = {"robots.test"}});
  EXPECT_EQ(get("/healthz"), R"(200 {"status":"ok"})");
  EXPECT_THAT(get("/"), AllOf(StartsWith("200 "), HasSubstr("<title>RTCPub</title>")));
  EXPECT_THAT(get("/api/identity"), StartsWith("200 "));
}

TEST_F(ServerTest, TellsPeopleWhereThingsAre) {
  open();
  EXPECT_THAT(get("/nothing/here"),
              AllOf(StartsWith("404 "), HasSubstr("there is nothing at /nothing/here"),
                    HasSubstr("the console is at /")));
  EXPECT_THAT(get("/live/ws/sub?channel=a"),
              AllOf(StartsWith("426 "), HasSubstr("is for WebSockets")));
  EXPECT_THAT(get("/live/ws/sub"), AllOf(StartsWith("400 "), HasSubstr("channel is missing")));
}

TEST_F(ServerTest, TakesNoTokensThatItDoesNotAskFor) {
  open();
  EXPECT_THAT(get("/api/channels", "whatever"), StartsWith("200 "));
}

}  // namespace
}  // namespace rtcpub
