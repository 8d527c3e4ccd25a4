#include "raw_socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

namespace rtcpub::net::test {

namespace {

void setDeadline(int socket) {
  const timeval limit{.tv_sec = kGenerous.count(), .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

int connectTo(std::uint16_t port, const std::string& address) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int small = 16 * 1024;
  ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
  setDeadline(socket);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0)
      << std::generic_category().message(errno);
  return socket;
}

int listenOnLoopback(std::uint16_t* port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&at), size), 0);
  EXPECT_EQ(::listen(socket, 16), 0);
  EXPECT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size), 0);
  *port = ntohs(at.sin_port);
  return socket;
}

}  // namespace

int Frame::closeCode() const {
  if (payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

RawSocket::RawSocket(std::uint16_t port, Security security, const std::string& address)
    : socket_(connectTo(port, address)) {
  if (security == Security::kPlain) return;
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that may be closed
  context_.reset(SSL_CTX_new(TLS_client_method()));
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  EXPECT_EQ(SSL_connect(tls_.get()), 1);
}

RawSocket::~RawSocket() { ::close(socket_); }

void RawSocket::send(const std::string& bytes) {
  if (tls_) {
    SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    return;
  }
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto size = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return;  // closed by the other side, which reading will tell
    sent += static_cast<std::size_t>(size);
  }
}

bool RawSocket::readMore() {
  std::array<char, 16384> buffer{};
  const auto size = tls_ ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                         : ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size > 0) {
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
  }
  EXPECT_FALSE(size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) << "the deadline passed";
  return false;
}

std::string RawSocket::take(std::size_t size) {
  std::string taken = received_.substr(0, size);
  received_.erase(0, taken.size());
  return taken;
}

bool RawSocket::ensure(std::size_t size) {
  while (received_.size() < size) {
    if (!readMore()) return false;
  }
  return true;
}

std::string RawSocket::readAll() {
  while (readMore()) {
  }
  return take(received_.size());
}

std::string RawSocket::readUntil(const std::string& end) {
  while (received_.find(end) == std::string::npos) {
    if (!readMore()) return take(received_.size());
  }
  return take(received_.find(end) + end.size());
}

std::string RawSocket::readResponse() {
  std::string header = readUntil("\r\n\r\n");
  const std::string name = "Content-Length: ";
  const auto at = header.find(name);
  if (at == std::string::npos) return header;
  const std::size_t size = std::stoul(header.substr(at + name.size()));
  ensure(size);
  return header + take(size);
}

std::string RawSocket::upgrade(const std::string& target, const std::string& headers) {
  send("GET " + target +
       " HTTP/1.1\r\nHost: robot.example:8267\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
       headers + "\r\n");
  return readResponse();
}

void RawSocket::sendFrame(int opcode, const std::string& payload) {
  std::string bytes{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    const bool huge = payload.size() > 0xFFFF;
    bytes += static_cast<char>(0x80 | (huge ? 127 : 126));
    for (int shift = huge ? 56 : 8; shift >= 0; shift -= 8) {
      bytes += static_cast<char>(payload.size() >> static_cast<unsigned>(shift));
    }
  }
  bytes += std::string(4, '\0');  // a mask that changes nothing
  send(bytes + payload);
}

std::optional<Frame> RawSocket::readFrame() {
  if (!ensure(2)) return std::nullopt;
  Frame frame{.opcode = received_[0] & 0x0F, .payload = {}};
  std::size_t size = received_[1] & 0x7F;
  const std::size_t longer = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (!ensure(2 + longer)) return std::nullopt;
  take(2);
  if (longer > 0) size = 0;
  for (const unsigned char byte : take(longer)) size = size * 256 + byte;
  if (!ensure(size)) return std::nullopt;
  frame.payload = take(size);
  return frame;
}

CannedServer::CannedServer(std::string answer)
    : answer_(std::move(answer)),
      listener_(listenOnLoopback(&port_)),
      thread_([this] { serve(); }) {}

CannedServer::~CannedServer() {
  ::shutdown(listener_, SHUT_RDWR);  // wakes accept()
  thread_.join();
  ::close(listener_);
}

void CannedServer::serve() {
  std::vector<int> silent;
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) break;
    if (answer_.empty()) {
      silent.push_back(socket);
      continue;
    }
    setDeadline(socket);
    std::array<char, 4096> ignored{};
    (void)::recv(socket, ignored.data(), ignored.size(), 0);
    (void)::send(socket, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    ::shutdown(socket, SHUT_WR);
    while (::recv(socket, ignored.data(), ignored.size(), 0) > 0) {
    }
    ::close(socket);
  }
  for (const int socket : silent) ::close(socket);
}

std::uint16_t closedPort() {
  std::uint16_t port = 0;
  ::close(listenOnLoopback(&port));
  return port;
}

}  // namespace rtcpub::net::test
