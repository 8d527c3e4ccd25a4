#include "net/server_probe.h"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <utility>

#include "core/host_port.h"
#include "core/http_date.h"
#include "core/link_local.h"
#include "net/beast.h"
#include "net/certificate_text.h"
#include "net/client_errors.h"
#include "net/tls_context.h"

namespace rtcpub::net {
namespace {

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
    stream->expires_at(until_);
    if (!question_.server.tls) {
      finding_.http = co_await get(*stream);
      co_return;
    }
    auto context = clientTlsContext(question_.caFile, false);
    if (!context) {
      finding_.tls = tl::unexpected(std::move(context.error()));
      co_return;
    }
    TlsStream secured(std::move(*stream), *context);
    if (co_await startTls(secured)) finding_.http = co_await get(secured);
  }

  /// Each address gets its share of the time that is left.
  asio::awaitable<std::unique_ptr<PlainStream>> connect() {
    doctor::TcpFinding found;
    error_code error = asio::error::host_not_found;
    for (std::size_t i = 0; i < question_.addresses.size(); ++i) {
      auto stream = std::make_unique<PlainStream>(context_);
      const auto began = Clock::now();
      const auto shares = static_cast<int>(question_.addresses.size() - i) + 1;
      stream->expires_after((until_ - began) / shares);
      const tcp::endpoint endpoint(asio::ip::make_address(question_.addresses[i]),
                                   question_.server.port);
      std::tie(error) = co_await stream->async_connect(endpoint, kAwait);
      if (!error) {
        found.address = question_.addresses[i];
        found.ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
        finding_.tcp = std::move(found);
        co_return stream;
      }
      found.silent.push_back(question_.addresses[i]);
    }
    finding_.tcp = tl::unexpected(notConnected(url_, error));
    co_return nullptr;
  }

  asio::awaitable<bool> startTls(TlsStream& stream) {
    expectHost(stream.native_handle(), question_.server.host);
    long problem = X509_V_OK;
    // The first problem counts, and doesn't end it: the certificate is to be shown.
    stream.set_verify_callback([&problem](bool trusted, asio::ssl::verify_context& verification) {
      if (!trusted && problem == X509_V_OK) {
        problem = X509_STORE_CTX_get_error(verification.native_handle());
      }
      return true;
    });
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
    if (error) {
      finding_.tls = tl::unexpected(tlsFailed(url_, error, X509_V_OK));
      co_return false;
    }
    auto found = describeCertificate(stream.native_handle());
    if (problem != X509_V_OK) found.problem = certificateProblem(problem);
    finding_.tls = std::move(found);
    co_return true;
  }

  template <class Stream>
  asio::awaitable<Result<HttpAnswer>> get(Stream& stream) {
    const std::string request =
        "GET " + question_.target + " HTTP/1.1\r\nHost: " +
        formatHostPort(withoutZone(question_.server.host), question_.server.port) +
        "\r\nUser-Agent: rtcpub\r\nConnection: close\r\n\r\n";
    const auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(request), kAwait);
    if (unsent) co_return tl::unexpected(upgradeFailed(url_, unsent));
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kLongestBody);
    const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (error) co_return tl::unexpected(upgradeFailed(url_, error));
    const auto date = parser.get()[http::field::date];
    co_return HttpAnswer{parser.get().result_int(), parseHttpDate({date.data(), date.size()}),
                         std::move(parser.get().body())};
  }

  const ServerQuestion& question_;
  const std::string url_;
  const Clock::time_point until_;
  asio::io_context context_;
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
