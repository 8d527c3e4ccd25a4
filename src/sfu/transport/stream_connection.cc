#include "sfu/transport/stream_connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// One event reads at most so often, so that the others get their turn.
constexpr int kReadsPerEvent = 4;
/// What the system may hold that isn't on its way yet: more is only delay.
constexpr int kMaxUnsent = 32 * 1024;

Endpoint toEndpoint(const sockaddr_storage& address) {
  Endpoint endpoint;
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(endpoint.ip.data(), &v6.sin6_addr, endpoint.ip.size());
    endpoint.port = ntohs(v6.sin6_port);
  } else {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    endpoint.ip = mappedIpv4(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
    endpoint.port = ntohs(v4.sin_port);
  }
  return endpoint;
}

Path pathOf(int descriptor) {
  Path path;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  path.remote = toEndpoint(address);
  size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  path.local = toEndpoint(address).ip;
  return path;
}

void prepare(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMaxUnsent, sizeof kMaxUnsent);
}

bool wouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

StreamConnection::StreamConnection(OwnedDescriptor descriptor, rtc::PhysicalSocketServer& server,
                                   Events events)
    : descriptor_(std::move(descriptor)),
      server_(server),
      events_(std::move(events)),
      path_(pathOf(descriptor_.get())) {
  prepare(descriptor_.get());
}

StreamConnection::~StreamConnection() {
  if (started_) server_.Remove(this);
}

void StreamConnection::start(std::uint32_t number, std::span<const std::uint8_t> received) {
  path_.stream = number;
  const auto room = reader_.room();
  const std::size_t count = std::min(received.size(), room.size());
  std::copy_n(received.begin(), count, room.begin());
  reader_.filled(count);
  started_ = true;
  server_.Add(this);
  deliver();
}

std::uint32_t StreamConnection::GetRequestedEvents() {
  if (ended_) return 0;
  return backlog_.empty() ? rtc::DE_READ : rtc::DE_READ | rtc::DE_WRITE;
}

void StreamConnection::OnEvent(std::uint32_t events, int /*error*/) {
  if (ended_) return;
  if ((events & rtc::DE_CLOSE) != 0) return end();
  if ((events & rtc::DE_WRITE) != 0) writeBacklog();
  if ((events & rtc::DE_READ) != 0) receive();
}

void StreamConnection::receive() {
  for (int i = 0; i < kReadsPerEvent && !ended_; ++i) {
    const auto room = reader_.room();
    const ssize_t count = recv(descriptor_.get(), room.data(), room.size(), 0);
    if (count < 0 && wouldBlock()) return;
    if (count <= 0) return end();
    reader_.filled(static_cast<std::size_t>(count));
    deliver();
    if (static_cast<std::size_t>(count) < room.size()) return;
  }
}

void StreamConnection::deliver() {
  if (!framing_) {
    const Opening opening = recognize(reader_.waiting());
    if (opening == Opening::kIncomplete) return;
    if (opening == Opening::kGarbage) return end();
    framing_ = opening == Opening::kIce ? Framing::kIce : Framing::kTurn;
  }
  const Time now = monotonicNow();
  while (!ended_) {
    const auto datagram = reader_.next(*framing_);
    if (!datagram) break;
    events_.datagram(*this, *datagram, now);
  }
  if (reader_.broken()) end();
}

void StreamConnection::send(const Path& /*path*/, std::span<const std::uint8_t> datagram) {
  if (ended_ || !framing_) return;
  if (backlog_.size() + datagram.size() > kMaxBacklog) {
    ++dropped_;
    return;
  }
  frame_.clear();
  if (framing_ == Framing::kIce) {
    frame_.push_back(static_cast<std::uint8_t>(datagram.size() >> 8U));
    frame_.push_back(static_cast<std::uint8_t>(datagram.size()));
  }
  frame_.insert(frame_.end(), datagram.begin(), datagram.end());
  if (framing_ == Framing::kTurn) frame_.resize((frame_.size() + 3) / 4 * 4);
  const std::size_t sent = backlog_.empty() ? write(frame_) : 0;
  if (sent == frame_.size()) return;
  const bool waited = !backlog_.empty();
  backlog_.insert(backlog_.end(), frame_.begin() + static_cast<std::ptrdiff_t>(sent), frame_.end());
  if (!waited) server_.Update(this);
}

std::size_t StreamConnection::write(std::span<const std::uint8_t> bytes) {
  const ssize_t sent =
      ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (!wouldBlock()) end();
  return 0;
}

void StreamConnection::writeBacklog() {
  const std::size_t sent = write(backlog_);
  backlog_.erase(backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(sent));
  if (backlog_.empty()) server_.Update(this);
}

void StreamConnection::end() {
  if (std::exchange(ended_, true)) return;
  server_.Update(this);
  events_.closed(*this);
}

}  // namespace rtcpub::sfu
