#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace rtcpub::net::test {

/// How long anything may take before the test fails. Far beyond what it takes.
inline constexpr std::chrono::seconds kGenerous{20};

/// A WebSocket frame (RFC 6455 section 5.2).
struct Frame {
  int opcode = 0;
  std::string payload;

  /// Of a close frame.
  [[nodiscard]] int closeCode() const;
};

/// A blocking socket that says exactly what a test wants it to say, with TLS or without.
class RawSocket {
 public:
  enum class Security { kPlain, kTls };

  /// Connects, with a small receive buffer, so that not reading is soon felt.
  explicit RawSocket(std::uint16_t port, Security security = Security::kPlain,
                     const std::string& address = "127.0.0.1");
  /// Takes a connected socket.
  explicit RawSocket(int socket) : socket_(socket) {}
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  void send(const std::string& bytes);
  /// What comes until the other side closes; fails the test when it doesn't in time.
  std::string readAll();
  /// What comes up to and with `end`, or up to the close.
  std::string readUntil(const std::string& end);
  /// Status line, headers and body of one HTTP answer with a Content-Length.
  std::string readResponse();

  /// Asks for a WebSocket; the answer.
  std::string upgrade(const std::string& target, const std::string& headers = {});
  void sendFrame(int opcode, const std::string& payload);
  /// Nothing when the connection is closed.
  std::optional<Frame> readFrame();

 private:
  /// False at the end.
  bool readMore();
  bool ensure(std::size_t size);
  std::string take(std::size_t size);

  int socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
  std::string received_;
};

/// A server that answers each connection's first bytes with `answer`, whatever they are, and
/// closes it; with an empty answer it says nothing and keeps it open.
class CannedServer {
 public:
  explicit CannedServer(std::string answer);
  ~CannedServer();
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void serve();

  std::string answer_;
  std::uint16_t port_ = 0;
  int listener_;
  std::thread thread_;
};

/// A port that nobody listens on.
std::uint16_t closedPort();

}  // namespace rtcpub::net::test
