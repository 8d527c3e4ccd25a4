#include "peer/ice_configuration.h"

#include <gtest/gtest.h>

namespace rtcpub::peer {
namespace {

using webrtc::PeerConnectionInterface;

struct Configured {
  PeerConnectionInterface::RTCConfiguration configuration;
  webrtc::PeerConnectionDependencies dependencies{nullptr};
  Result<void> outcome;
};

Configured configured(const PeerOptions& options) {
  Configured made;
  made.outcome = configureIce(options, made.configuration, made.dependencies);
  return made;
}

PeerOptions withServer(const std::string& url) {
  PeerOptions options;
  options.iceServers.push_back({.url = url, .username = "user", .password = "secret"});
  return options;
}

TEST(ConfigureIce, NamesTheServersWithTheirCredentials) {
  const auto made = configured(withServer("turn:relay.example:3478?transport=tcp"));
  ASSERT_TRUE(made.outcome);
  ASSERT_EQ(made.configuration.servers.size(), 1U);
  EXPECT_EQ(made.configuration.servers[0].urls[0], "turn:relay.example:3478?transport=tcp");
  EXPECT_EQ(made.configuration.servers[0].username, "user");
  EXPECT_EQ(made.configuration.servers[0].password, "secret");
  EXPECT_EQ(made.configuration.type, PeerConnectionInterface::kAll);
  EXPECT_FALSE(made.dependencies.tls_cert_verifier);
}

TEST(ConfigureIce, TakesRelaysOnlyWhenAsked) {
  auto options = withServer("turn:relay.example:3478");
  options.relayOnly = true;
  EXPECT_EQ(configured(options).configuration.type, PeerConnectionInterface::kRelay);
}

TEST(ConfigureIce, ChecksCertificatesUnlessToldOtherwise) {
  auto options = withServer("turns:relay.example:5349");
  EXPECT_TRUE(configured(options).dependencies.tls_cert_verifier);
  options.insecure = true;
  const auto made = configured(options);
  EXPECT_FALSE(made.dependencies.tls_cert_verifier);
  EXPECT_EQ(made.configuration.servers[0].tls_cert_policy,
            PeerConnectionInterface::kTlsCertPolicyInsecureNoCheck);
}

TEST(ConfigureIce, SaysThatTheFileOfCertificatesIsNone) {
  auto options = withServer("turns:relay.example:5349");
  options.caFile = "/nonexistent/ca.pem";
  const auto made = configured(options);
  ASSERT_FALSE(made.outcome);
  EXPECT_NE(made.outcome.error().message.find("/nonexistent/ca.pem"), std::string::npos);
}

TEST(IceServerErrors, TellsEachOnce) {
  const std::string kLocal = "192.0.2.7";
  IceServerErrors errors;
  const std::string url = "turn:relay.example:3478?transport=udp";
  EXPECT_EQ(errors.onError(kLocal, url, 401, "Unauthorized"),
            "TURN server turn:relay.example:3478?transport=udp: 401 Unauthorized, check user and "
            "password");
  EXPECT_EQ(errors.onError(kLocal, url, 401, "Unauthorized"), "");
  EXPECT_NE(errors.onError(kLocal, url, 508, "Insufficient Capacity"), "");
  EXPECT_NE(errors.onError(kLocal, "stun:other.example:3478", 701, ""), "");
}

TEST(IceServerErrors, SaysNothingOfTheLoopbackInterface) {
  IceServerErrors errors;
  EXPECT_EQ(errors.onError("127.0.0.1", "stun:other.example:3478", 701, "timed out"), "");
  EXPECT_EQ(errors.onError("127.0.0.x", "stun:other.example:3478", 701, "timed out"), "");
  EXPECT_EQ(errors.onError("[::1]", "stun:other.example:3478", 701, "timed out"), "");
}

}  // namespace
}  // namespace rtcpub::peer
