#include "app/client/client_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

ConnectionOptions options() {
  ConnectionOptions options;
  options.server = "wss://robots.example:8267";
  options.channel = "car-1";
  return options;
}

Error refusalOf(const ConnectionOptions& wrong) {
  const auto checked = checkConnection(wrong, Role::kSubscriber);
  EXPECT_FALSE(checked);
  return checked ? Error{} : checked.error();
}

TEST(ClientSetup, SaysWhereToAndAsWhat) {
  auto wanted = options();
  wanted.iceServers = {"stun:stun.example", "turn:u:p@turn.example"};
  wanted.maxRetryTime = 10s;
  const auto setup = checkConnection(wanted, Role::kPublisher);
  ASSERT_TRUE(setup);
  EXPECT_EQ(format(setup->server), "wss://robots.example:8267");
  EXPECT_EQ(setup->join, (session::Join{.role = Role::kPublisher, .channel = "car-1"}));
  EXPECT_THAT(setup->iceServers, SizeIs(2));
  const auto session = sessionOptions(*setup);
  EXPECT_EQ(session.role, Role::kPublisher);
  EXPECT_EQ(session.protocol, "Spider");
  EXPECT_EQ(session.maxRetryTime, 10s);
  EXPECT_THAT(peerOptions(*setup).iceServers, SizeIs(2));
}

TEST(ClientSetup, WaitsLongerForCandidatesThatServersHaveToTell) {
  auto wanted = options();
  const auto local = sessionOptions(checkConnection(wanted, Role::kPublisher).value());
  wanted.iceServers = {"stun:stun.example"};
  const auto asked = sessionOptions(checkConnection(wanted, Role::kPublisher).value());
  EXPECT_LT(local.gathering, asked.gathering);
}

TEST(ClientSetup, SaysOfAPublisherWhichDataChannelsItOpensToViewers) {
  const auto robot = checkConnection(options(), Role::kPublisher).value();
  EXPECT_THAT(sessionOptions(robot, {"chat"}).open, ElementsAre("chat"));
  const auto viewer = checkConnection(options(), Role::kSubscriber).value();
  EXPECT_THAT(sessionOptions(viewer, {"chat"}).open, IsEmpty());
}

TEST(ClientSetup, TakesATokenThatMayBeShownToThatServer) {
  auto wanted = options();
  wanted.token = "eyJ.abc.def";
  EXPECT_EQ(checkConnection(wanted, Role::kPublisher).value().token, "eyJ.abc.def");
  wanted.token = "secret\r\nX: y";
  EXPECT_THAT(refusalOf(wanted).message, Not(HasSubstr("secret")));
  wanted.token = "eyJ.abc.def";
  wanted.server = "ws://robots.example:8267";
  EXPECT_THAT(refusalOf(wanted).message, HasSubstr("wss://"));
}

TEST(ClientSetup, RefusesWhatCanNotBe) {
  auto wrong = options();
  wrong.channel = "a b";
  EXPECT_EQ(refusalOf(wrong).code, ErrorCode::kInvalidArgument);
  wrong = options();
  wrong.server = "ftp://robots.example";
  EXPECT_EQ(refusalOf(wrong).code, ErrorCode::kInvalidArgument);
  wrong = options();
  wrong.iceServers = {"stun:"};
  EXPECT_EQ(refusalOf(wrong).code, ErrorCode::kInvalidArgument);
  wrong = options();
  wrong.maxRetryTime = -1ms;
  EXPECT_THAT(refusalOf(wrong).message, HasSubstr("below 0"));
}

TEST(ClientSetup, RefusesRelaysOnlyWithoutARelay) {
  auto wanted = options();
  wanted.relayOnly = true;
  wanted.iceServers = {"stun:stun.example"};
  EXPECT_THAT(refusalOf(wanted).message, HasSubstr("relayOnly"));
  wanted.iceServers = {"turn:u:p@turn.example"};
  EXPECT_TRUE(checkConnection(wanted, Role::kSubscriber));
}

TEST(ClientSetup, RefusesAFingerprintWithoutTls) {
  auto wanted = options();
  wanted.fingerprint = "sha256:" + std::string(64, 'a');
  wanted.server = "ws://robots.example:8267";
  EXPECT_THAT(refusalOf(wanted).message, HasSubstr("wss://"));
}

}  // namespace
}  // namespace rtcpub
