#include "net/udp_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/udp.hpp>

namespace rtcpub::net {
namespace {

using Asio = boost::asio::ip::udp::endpoint;
using Clock = std::chrono::steady_clock;

std::optional<Asio> toAsio(const stun::Endpoint& endpoint) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(endpoint.address, error);
  if (error) return std::nullopt;
  return Asio(address, endpoint.port);
}

int openSocket(bool ipv6) {
  return ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

Asio nameOf(int descriptor) {
  Asio name;
  auto size = static_cast<socklen_t>(name.capacity());
  if (getsockname(descriptor, name.data(), &size) == 0) name.resize(size);
  return name;
}

}  // namespace

UdpSocket::UdpSocket(bool ipv6) : ipv6_(ipv6), descriptor_(openSocket(ipv6)) {
  const Asio any(ipv6 ? boost::asio::ip::udp::v6() : boost::asio::ip::udp::v4(), 0);
  if (isOpen()) (void)::bind(descriptor_, any.data(), static_cast<socklen_t>(any.size()));
}

UdpSocket::~UdpSocket() {
  if (isOpen()) ::close(descriptor_);
}

void UdpSocket::forbidFragments() {
  constexpr int kValue = IP_PMTUDISC_PROBE;
  static_assert(IPV6_PMTUDISC_PROBE == kValue);
  (void)setsockopt(descriptor_, ipv6_ ? IPPROTO_IPV6 : IPPROTO_IP,
                   ipv6_ ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &kValue, sizeof(kValue));
}

bool UdpSocket::sendTo(const stun::Endpoint& target, std::span<const std::uint8_t> packet) {
  const auto to = toAsio(target);
  if (!to || to->address().is_v6() != ipv6_) return false;
  return ::sendto(descriptor_, packet.data(), packet.size(), MSG_NOSIGNAL, to->data(),
                  static_cast<socklen_t>(to->size())) >= 0;
}

std::optional<std::vector<std::uint8_t>> UdpSocket::receive(Clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{.fd = descriptor_, .events = POLLIN};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    std::array<std::uint8_t, 2048> buffer;
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    // A negative one is what a router or host said of an earlier packet.
    if (size >= 0) return std::vector(buffer.begin(), buffer.begin() + size);
  }
}

stun::Endpoint UdpSocket::localAddressTo(const stun::Endpoint& target) const {
  stun::Endpoint local{.port = nameOf(descriptor_).port()};
  const auto to = toAsio(target);
  const int other = to ? openSocket(ipv6_) : -1;  // connected, it knows its address
  if (other >= 0 && ::connect(other, to->data(), static_cast<socklen_t>(to->size())) == 0) {
    local.address = nameOf(other).address().to_string();
  }
  if (other >= 0) ::close(other);
  return local;
}

}  // namespace rtcpub::net
