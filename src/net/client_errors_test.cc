#include "net/client_errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <boost/system/error_code.hpp>
#include <cerrno>

namespace rtcpub::net {
namespace {

using testing::HasSubstr;

/// As sockets report them.
boost::system::error_code systemError(int number) {
  return {number, boost::system::system_category()};
}

const std::string kUrl = "wss://robot.example:8267";
const auto kSomething = systemError(EPROTO);

TEST(ClientErrors, AskWhetherTheServerRunsWhenTheConnectionIsRefused) {
  const Error error = notConnected(kUrl, systemError(ECONNREFUSED));
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_EQ(error.message,
            "cannot reach wss://robot.example:8267: connection refused. Is the server running?");
}

TEST(ClientErrors, SayWhyAHostCannotBeReached) {
  const Error error = notConnected(kUrl, systemError(EHOSTUNREACH));
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_EQ(error.message, "cannot reach wss://robot.example:8267: no route to host");
}

CertificateVerdict verdict(long result) {
  return {.host = "robot.example", .result = result, .names = {"localhost", "pi"}};
}

KeyFingerprint filled(std::uint8_t with) {
  KeyFingerprint fingerprint{};
  fingerprint.fill(with);
  return fingerprint;
}

TEST(ClientErrors, SayHowToTrustASelfSignedCertificate) {
  const Error error = tlsFailed(kUrl, kSomething, verdict(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT));
  EXPECT_EQ(error.code, ErrorCode::kTlsRefused);
  EXPECT_EQ(
      error.message,
      "the certificate of wss://robot.example:8267 was refused: it is self-signed; pin the "
      "fingerprint that the server prints at its start (fingerprint = sha256:…), or trust the "
      "file of its certificate (caFile)");
}

TEST(ClientErrors, SayForWhichNamesACertificateIsValid) {
  for (const long result : {X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH}) {
    EXPECT_THAT(tlsFailed(kUrl, kSomething, verdict(result)).message,
                HasSubstr("it is valid for localhost, pi only, not for robot.example"));
  }
  auto many = verdict(X509_V_ERR_HOSTNAME_MISMATCH);
  many.names.assign(20, "a");
  EXPECT_THAT(tlsFailed(kUrl, kSomething, many).message, HasSubstr("a, a and 12 more only"));
}

TEST(ClientErrors, ShowBothFingerprintsWhenTheKeyIsAnother) {
  const Error error =
      otherKey(kUrl, {.expected = filled(0x11), .seen = filled(0x22), .certificate = filled(0x33)});
  EXPECT_EQ(error.code, ErrorCode::kTlsRefused);
  EXPECT_THAT(error.message, HasSubstr(kUrl));
  EXPECT_THAT(error.message, HasSubstr(format(filled(0x11))));
  EXPECT_THAT(error.message, HasSubstr(format(filled(0x22))));
}

TEST(ClientErrors, TellWhenTheCertificatesFingerprintWasTakenForTheKeys) {
  const Error error =
      otherKey(kUrl, {.expected = filled(0x33), .seen = filled(0x22), .certificate = filled(0x33)});
  EXPECT_THAT(error.message, HasSubstr("the fingerprint of its certificate"));
  EXPECT_THAT(error.message, HasSubstr("its key's: " + format(filled(0x22))));
}

TEST(ClientErrors, TellTheReasonsOfARefusedCertificateApart) {
  const auto messageOf = [](long result) {
    return tlsFailed(kUrl, kSomething, verdict(result)).message;
  };
  EXPECT_THAT(messageOf(X509_V_ERR_CERT_HAS_EXPIRED), HasSubstr("has expired"));
  EXPECT_THAT(messageOf(X509_V_ERR_CERT_NOT_YET_VALID), HasSubstr("clock"));
  EXPECT_THAT(messageOf(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), HasSubstr("issuer"));
  EXPECT_THAT(messageOf(X509_V_ERR_CERT_REVOKED), HasSubstr("certificate revoked"));
}

TEST(ClientErrors, LetAClockThatIsBehindCatchUp) {
  const Error error = tlsFailed(kUrl, kSomething, verdict(X509_V_ERR_CERT_NOT_YET_VALID));
  EXPECT_EQ(error.code, ErrorCode::kUnreachable);
  EXPECT_EQ(error.message,
            "cannot reach wss://robot.example:8267: its certificate can't be checked: it is not "
            "valid yet; check this machine's clock");
}

TEST(ClientErrors, CountAServerThatIsAwayBehindAProxyAsUnreachable) {
  for (const unsigned status : {429U, 502U, 503U, 504U}) {
    EXPECT_EQ(upgradeDeclined(kUrl, status, "", "<html>").code, ErrorCode::kUnreachable) << status;
  }
  for (const unsigned status : {400U, 403U, 404U, 426U, 500U, 501U}) {
    EXPECT_EQ(upgradeDeclined(kUrl, status, "", "<html>").code, ErrorCode::kRejected) << status;
  }
  EXPECT_EQ(upgradeDeclined(kUrl, 502, "Bad Gateway", "").message,
            "cannot reach wss://robot.example:8267: it answered 502 Bad Gateway. Is the server "
            "behind it running?");
}

TEST(ClientErrors, AskForNoServerBehindTheOneThatGaveItsReason) {
  EXPECT_EQ(
      upgradeDeclined(kUrl, 503, "Service Unavailable", R"({"error":"try again"})").message,
      "cannot reach wss://robot.example:8267: it answered 503 Service Unavailable, try again");
}

TEST(ClientErrors, CountALostConnectionAsUnreachable) {
  const auto reset = systemError(ECONNRESET);
  EXPECT_EQ(tlsFailed(kUrl, reset, verdict(X509_V_OK)).code, ErrorCode::kUnreachable);
  EXPECT_EQ(upgradeFailed(kUrl, reset).code, ErrorCode::kUnreachable);
}

TEST(ClientErrors, CountNonsenseAsAnotherProtocol) {
  EXPECT_EQ(tlsFailed(kUrl, kSomething, verdict(X509_V_OK)).code, ErrorCode::kProtocol);
  const Error error = upgradeFailed(kUrl, kSomething);
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_THAT(error.message, HasSubstr("wss://robot.example:8267 is not a Spider server"));
}

TEST(ClientErrors, GiveTheServersOwnReason) {
  const Error error = upgradeDeclined(kUrl, 400, "Bad Request", R"({"error":"no channel"})");
  EXPECT_EQ(error.code, ErrorCode::kRejected);
  EXPECT_EQ(error.message,
            "wss://robot.example:8267 refused the connection: no channel (400 Bad Request)");
}

TEST(ClientErrors, GiveTheStatusWhenTheBodyHoldsNoReason) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"error":7})", "null", "\xff{"}) {
    EXPECT_EQ(upgradeDeclined(kUrl, 404, "Not Found", body).message,
              "wss://robot.example:8267 refused the connection: 404 Not Found");
  }
}

TEST(ClientErrors, PassNoControlCharactersToTheTerminal) {
  const Error error = upgradeDeclined(kUrl, 400, "", R"({"error":"a\u001b[31m\nb"})");
  EXPECT_THAT(error.message, HasSubstr("a?[31m?b"));
}

TEST(ClientErrors, CutALongReason) {
  const std::string body = R"({"error":")" + std::string(100'000, 'x') + R"("})";
  EXPECT_LT(upgradeDeclined(kUrl, 400, "", body).message.size(), 400U);
}

TEST(ClientErrors, CallAServerThatAnswersSomethingElseNoSpiderServer) {
  const Error error = upgradeDeclined(kUrl, 200, "OK", "<html>");
  EXPECT_EQ(error.code, ErrorCode::kProtocol);
  EXPECT_EQ(error.message,
            "wss://robot.example:8267 is not a Spider server: it answered 200 OK and opened no "
            "WebSocket");
}

TEST(CodeIn, IsOneWordOfARefusal) {
  EXPECT_EQ(codeIn(R"({"error":"why","code":"expired"})"), "expired");
  for (const char* body : {"", "{}", "[]", "null", R"({"code":7})", R"({"code":)"}) {
    EXPECT_EQ(codeIn(body), "") << body;
  }
  EXPECT_EQ(codeIn(R"({"code":"a\u001b[31m"})"), "a?[31m");
}

}  // namespace
}  // namespace rtcpub::net
