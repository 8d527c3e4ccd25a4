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

const std::string kLocal = "192.0.2.7";
const std::string kTurn = "turn:relay.example:3478?transport=udp";
const std::string kStun = "stun:other.example:3478";

IceServerErrors errorsOf(const std::vector<std::string>& urls, bool ipv4 = true, bool ipv6 = true) {
  std::vector<IceServer> servers;
  for (const auto& url : urls) servers.push_back({.url = url, .username = "", .password = ""});
  return IceServerErrors(std::move(servers),
                         [ipv4, ipv6](bool wanted6) { return wanted6 ? ipv6 : ipv4; });
}

TEST(IceServerErrors, TellsEachOnce) {
  auto errors = errorsOf({kTurn, kStun});
  EXPECT_EQ(errors.onError(kLocal, kTurn, 401, "Unauthorized"),
            "TURN server turn:relay.example:3478?transport=udp: 401 Unauthorized, check user and "
            "password; those with a time limit need a clock that is right");
  EXPECT_EQ(errors.onError(kLocal, kTurn, 401, "Unauthorized"), "");
  EXPECT_NE(errors.onError(kLocal, kTurn, 508, "Insufficient Capacity"), "");
  EXPECT_NE(errors.onError(kLocal, kStun, 701, ""), "");
}

TEST(IceServerErrors, SaysNothingOfTheLoopbackInterface) {
  auto errors = errorsOf({kStun});
  EXPECT_EQ(errors.onError("127.0.0.1", kStun, 701, "timed out"), "");
  EXPECT_EQ(errors.onError("127.0.0.x", kStun, 701, "timed out"), "");
  EXPECT_EQ(errors.onError("[::1]", kStun, 701, "timed out"), "");
}

TEST(IceServerErrors, SaysNothingOfAStunServerThatNobodyNamed) {
  auto errors = errorsOf({kTurn, kStun});
  EXPECT_EQ(errors.onError(kLocal, "stun:relay.example:3478", 701, "timed out"), "");
  EXPECT_NE(errors.onError(kLocal, "stun:other.example:3478", 701, "timed out"), "");
}

TEST(IceServerErrors, SaysNothingOfTheOtherKindOfAddressWhereTheServersOwnIsThere) {
  const std::string text = "STUN server address is incompatible.";
  auto both = errorsOf({kStun, kTurn});
  EXPECT_EQ(both.onError("2001:db8::7", kStun, 701, text), "");
  EXPECT_EQ(
      both.onError("2001:db8::7", kTurn, 600, "IP address family does not match. server=1 local=2"),
      "");
  auto ipv6Only = errorsOf({kStun}, false, true);
  EXPECT_NE(ipv6Only.onError("2001:db8::7", kStun, 701, text).find("no address of its kind"),
            std::string::npos);
}

TEST(IceServerErrors, TellWhichNamesACertificateHas) {
  const std::string turns = "turns:192.0.2.9:5349?transport=tcp";
  auto errors = errorsOf({turns});
  errors.certificates()->push_back({.names = {"relay.example", "192.0.2.1"}, .trusted = true});
  EXPECT_EQ(errors.onError(kLocal, turns, 701, "Failed to establish connection"),
            "TURN server turns:192.0.2.9:5349?transport=tcp: 701 Failed to establish connection, "
            "its certificate is for relay.example, 192.0.2.1, not for 192.0.2.9");
}

TEST(CertificateProblem, IsNothingWhereNoneWasSeen) {
  EXPECT_EQ(certificateProblem({}, "relay.example"), "");
}

TEST(CertificateProblem, IsThatNobodyVouchesForIt) {
  const SeenCertificates seen{{.names = {"relay.example"}, .trusted = false}};
  EXPECT_NE(certificateProblem(seen, "relay.example").find("vouches"), std::string::npos);
}

TEST(CertificateProblem, IsThatAnAddressIsNotLookedFor) {
  const SeenCertificates seen{{.names = {"relay.example", "192.0.2.9"}, .trusted = true}};
  EXPECT_NE(certificateProblem(seen, "192.0.2.9").find("call it by a name"), std::string::npos);
}

}  // namespace
}  // namespace rtcpub::peer
