#include "net/client_errors.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/address/link_local.h"
#include "core/text/text.h"
#include "net/x509_text.h"

namespace rtcpub::net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kLongestHost = 100;

/// An operating system's message within a sentence.
std::string words(const error_code& error) {
  std::string text = error.message();
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

Error unreachable(const std::string& url, const std::string& why) {
  return {ErrorCode::kUnreachable, "cannot reach " + url + ": " + why};
}

Error notSpider(const std::string& url, const std::string& why) {
  return {ErrorCode::kProtocol, url + " is not a Spider server: " + why};
}

bool connectionLost(const error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated ||
         error == boost::beast::http::error::end_of_stream ||
         error == boost::beast::http::error::partial_message;
}

/// Whether OpenSSL got something that isn't TLS at all.
bool isNoTls(const error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return false;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_RECORD_LENGTH_MISMATCH ||
         reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_BAD_RECORD_TYPE;
}

/// What a proxy says while the server behind it is away, or one that has too much to do (RFC 9110
/// section 15.6, RFC 6585 section 4).
bool passes(unsigned status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

/// A text in a refusal's body, cleaned, since it goes to a terminal; empty when there is none.
std::string textIn(std::string_view body, const char* member, std::size_t longest) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains(member) || !json[member].is_string()) return {};
  return text::printable(json[member].get_ref<const std::string&>(), longest);
}

std::string reasonIn(std::string_view body) {
  constexpr std::size_t kLongestReason = 200;
  return textIn(body, "error", kLongestReason);
}

}  // namespace

std::string codeIn(std::string_view body) {
  constexpr std::size_t kLongestCode = 40;
  return textIn(body, "code", kLongestCode);
}

std::string certificateProblem(const CertificateVerdict& verdict) {
  switch (verdict.result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "it is self-signed; pin the fingerprint that the server prints at its start "
             "(fingerprint = sha256:…), or trust the file of its certificate (caFile)";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "its issuer is not known; trust the file of the issuer's certificate (caFile), or pin "
             "the server's fingerprint (fingerprint = sha256:…)";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "it is valid for " + listOf(verdict.names) + " only, not for " +
             text::printable(verdict.host, kLongestHost) +
             "; use one of those in the server's address, or pin its fingerprint "
             "(fingerprint = sha256:…)";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "it has expired; renew it, and check this machine's clock";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "it is not valid yet; check this machine's clock";
    default:
      return X509_verify_cert_error_string(verdict.result);
  }
}

Error noAnswer(const std::string& url) {
  return unreachable(url, "no answer in time. Is the address right, and no firewall in between?");
}

Error nameNotFound(const std::string& url, const std::string& host, const error_code& error) {
  if (error == asio::error::host_not_found || error == asio::error::no_data) {
    return unreachable(url, "there is no host named " + host + ". Check the name");
  }
  return unreachable(url, "the name " + host + " cannot be looked up: " + words(error));
}

Error noInterface(const std::string& url, const std::string& host) {
  return unreachable(url, "this machine has no network interface named " +
                              std::string(zoneOf(host)) + " (see: ip link)");
}

Error notConnected(const std::string& url, const error_code& error) {
  if (error == asio::error::connection_refused) {
    return unreachable(url, "connection refused. Is the server running?");
  }
  if (error == boost::beast::error::timeout) return noAnswer(url);
  return unreachable(url, words(error));
}

std::string keyProblem(const KeyMismatch& mismatch) {
  if (mismatch.expected == mismatch.certificate) {
    return "what was given is the fingerprint of its certificate, which changes; give its key's: " +
           format(mismatch.seen);
  }
  return "its fingerprint is " + format(mismatch.seen) + ", but " + format(mismatch.expected) +
         " was expected. Is it the server that you mean? Compare with what it prints at its start: "
         "somebody may stand in between";
}

Error otherKey(const std::string& url, const KeyMismatch& mismatch) {
  return {ErrorCode::kTlsRefused, url + " was refused: " + keyProblem(mismatch)};
}

Error noCertificate(const std::string& url) {
  return {ErrorCode::kTlsRefused, url + " was refused: it shows no certificate"};
}

Error tlsFailed(const std::string& url, const error_code& error,
                const CertificateVerdict& verdict) {
  // A machine without a battery for its clock boots in the past, until it has asked for the time.
  if (verdict.result == X509_V_ERR_CERT_NOT_YET_VALID) {
    return unreachable(url, "its certificate can't be checked: " + certificateProblem(verdict));
  }
  if (verdict.result != X509_V_OK) {
    return {ErrorCode::kTlsRefused,
            "the certificate of " + url + " was refused: " + certificateProblem(verdict)};
  }
  if (connectionLost(error)) return unreachable(url, "it closed the connection");
  if (error == boost::beast::error::timeout) return noAnswer(url);
  if (isNoTls(error)) return notSpider(url, "it does not speak TLS");
  return {ErrorCode::kProtocol, "cannot agree on TLS with " + url + ": " + words(error)};
}

Error upgradeFailed(const std::string& url, const error_code& error) {
  if (connectionLost(error)) {
    return unreachable(url, "it closed the connection. Is it a Spider server?");
  }
  if (error == boost::beast::error::timeout) return noAnswer(url);
  return notSpider(url, words(error));
}

Error upgradeDeclined(const std::string& url, unsigned status, std::string_view phrase,
                      std::string_view body) {
  std::string answer = std::to_string(status);
  if (!phrase.empty()) answer += " " + text::printable(phrase, 40);
  constexpr unsigned kFirstRefusal = 400;
  if (status < kFirstRefusal) {
    return notSpider(url, "it answered " + answer + " and opened no WebSocket");
  }
  const std::string reason = reasonIn(body);
  if (passes(status)) {
    return unreachable(url,
                       "it answered " + answer +
                           (reason.empty() ? ". Is the server behind it running?" : ", " + reason));
  }
  return {ErrorCode::kRejected, url + " refused the connection: " +
                                    (reason.empty() ? answer : reason + " (" + answer + ")")};
}

}  // namespace rtcpub::net
