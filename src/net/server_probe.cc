#include "net/server_probe.h"

#include <openssl/ssl.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <utility>

#include "core/address/host_port.h"
#include "core/address/link_local.h"
#include "core/text/http_date.h"
#include "net/byte_stream.h"
#include "net/certificate_text.h"
#include "net/client_errors.h"
#include "net/http_io.h"
#include "net/tcp_dialer.h"
#include "net/tls_context.h"

namespace rtcpub::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestBody = std::size_t{64} * 1024;

/// One connection. Runs on: the thread that calls probeServer().
class Probe {
 public:
  explicit Probe(const ServerQuestion& question)
      : question_(question), url_(format(question.server)), until_(Clock::now() + question.limit) {}

  ServerFinding run() {
    asio::co_spawn(context_, ask(), asio::detached);
    // Every step has its own time limit; this is for what could be forgotten.
    context_.run_until(until_ + std::chrono::seconds(1));
    return std::move(finding_);
  }

 private:
  asio::awaitable<void> ask() {
    auto stream = co_await connect();
    if (!stream) co_return;
    stream->expireAt(until_);
    if (!question_.server.tls || co_await startTls(*stream)) {
      finding_.http = co_await get(*stream);
    }
    stream->close();
  }

  /// Each address gets its share of the time that is left.
  asio::awaitable<std::optional<ByteStream>> connect() {
    doctor::TcpFinding found;
    TcpDialer dialer(context_);
    error_code error = asio::error::host_not_found;
    for (std::size_t i = 0; i < question_.addresses.size(); ++i) {
      const auto began = Clock::now();
      const auto shares = static_cast<int>(question_.addresses.size() - i) + 1;
      const auto share = (until_ - began) / shares;
      const std::vector<tcp::endpoint> endpoint{
          {asio::ip::make_address(question_.addresses[i]), question_.server.port}};
      auto outcome = co_await dialer.connect(
          endpoint, std::chrono::duration_cast<std::chrono::milliseconds>(share));
      if (outcome.socket) {
        found.address = question_.addresses[i];
        found.ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
        finding_.tcp = std::move(found);
        co_return ByteStream(std::move(*outcome.socket));
      }
      error = outcome.error;
      found.silent.push_back(question_.addresses[i]);
    }
    finding_.tcp = tl::unexpected(notConnected(url_, error));
    co_return std::nullopt;
  }

  asio::awaitable<bool> startTls(ByteStream& stream) {
    auto context = clientTlsContext(question_.caFile, false);
    if (!context) {
      finding_.tls = tl::unexpected(std::move(context.error()));
      co_return false;
    }
    stream.secure(*context);
    expectHost(stream.tls(), question_.server.host);
    CertificateVerdict verdict{.host = question_.server.host};
    // The first problem counts, and doesn't end it: the certificate is to be shown.
    stream.onVerify([&verdict](bool trusted, asio::ssl::verify_context& verification) {
      noteProblem(verdict, trusted, verification.native_handle());
      return true;
    });
    if (const error_code error = co_await stream.handshake(ByteStream::Side::kClient)) {
      finding_.tls = tl::unexpected(tlsFailed(url_, error, {}));
      co_return false;
    }
    auto found = judged(stream.tls(), verdict);
    mayTell_ = question_.insecure || found.problem.empty();
    finding_.tls = std::move(found);
    co_return true;
  }

  [[nodiscard]] doctor::TlsFinding judged(SSL* tls, const CertificateVerdict& verdict) const {
    auto found = describeCertificate(tls);
    if (question_.fingerprint) {
      found.pinned = true;
      const auto known = checkKey(tls, *question_.fingerprint, url_);
      if (!known) found.problem = known.error().message;
    } else if (verdict.result != X509_V_OK) {
      found.problem = certificateProblem(verdict);
    }
    return found;
  }

  asio::awaitable<Result<HttpAnswer>> get(ByteStream& stream) {
    const std::string request =
        "GET " + question_.target + " HTTP/1.1\r\nHost: " +
        formatHostPort(withoutZone(question_.server.host), question_.server.port) +
        (mayTell_ && !question_.token.empty() ? "\r\nAuthorization: Bearer " + question_.token
                                              : "") +
        "\r\nUser-Agent: rtcpub\r\nConnection: close\r\n\r\n";
    const error_code unsent = co_await stream.writeAll(request);
    if (unsent) co_return tl::unexpected(upgradeFailed(url_, unsent));
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kLongestBody);
    const error_code error = co_await readMessage(stream, buffer, parser);
    if (error) co_return tl::unexpected(upgradeFailed(url_, error));
    const auto date = parser.get()[http::field::date];
    co_return HttpAnswer{parser.get().result_int(), parseHttpDate({date.data(), date.size()}),
                         std::move(parser.get().body())};
  }

  const ServerQuestion& question_;
  const std::string url_;
  const Clock::time_point until_;
  asio::io_context context_;
  bool mayTell_ = true;  ///< the server is the one that the token is for
  ServerFinding finding_{.tcp = tl::unexpected(noAnswer(url_))};
};

}  // namespace

Result<void> checkCaFile(const std::string& caFile) {
  auto context = clientTlsContext(caFile, false);
  if (!context) return tl::unexpected(std::move(context.error()));
  return {};
}

ServerFinding probeServer(const ServerQuestion& question) { return Probe(question).run(); }

}  // namespace rtcpub::net
