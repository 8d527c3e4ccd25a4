#include "net/stun_probe.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "net/udp_socket.h"

namespace rtcpub::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kRepeat{250};

stun::TransactionId newId() {
  static thread_local std::random_device random;
  stun::TransactionId id;
  for (auto& byte : id) byte = static_cast<std::uint8_t>(random());
  return id;
}

bool isIpv6(const stun::Endpoint& endpoint) {
  return endpoint.address.find(':') != std::string::npos;
}

/// One question that is repeated until it is answered.
struct Question {
  stun::Endpoint server;
  std::size_t size = 0;  ///< bytes of UDP payload
  /// One for each try, so that the answer tells its own round trip however late it comes.
  std::vector<std::pair<stun::TransactionId, Clock::time_point>> tries{};
  std::optional<double> rttMs{};
  std::optional<stun::Endpoint> mapped{};
};

void sendOpen(UdpSocket& socket, std::vector<Question>& questions) {
  for (auto& question : questions) {
    if (question.rttMs) continue;
    question.tries.emplace_back(newId(), Clock::now());
    (void)socket.sendTo(question.server,
                        stun::bindingRequest(question.tries.back().first, question.size));
  }
}

void take(const std::vector<std::uint8_t>& packet, std::vector<Question>& questions) {
  const auto response = stun::parseBindingResponse(packet);
  if (!response) return;
  for (auto& question : questions) {
    for (const auto& [id, sent] : question.tries) {
      if (id != response->id || question.rttMs) continue;
      question.rttMs = std::chrono::duration<double, std::milli>(Clock::now() - sent).count();
      question.mapped = response->mapped;
    }
  }
}

/// Asks until all have been answered or the time is up.
void ask(UdpSocket& socket, std::vector<Question>& questions, milliseconds limit) {
  if (!socket.isOpen()) return;
  const auto allAnswered = [&] {
    return std::ranges::all_of(questions, [](const auto& each) { return each.rttMs.has_value(); });
  };
  const auto until = Clock::now() + limit;
  while (!allAnswered() && Clock::now() < until) {
    sendOpen(socket, questions);
    const auto repeat = std::min(Clock::now() + kRepeat, until);
    while (!allAnswered()) {
      const auto packet = socket.receive(repeat);
      if (!packet) break;
      take(*packet, questions);
    }
  }
}

}  // namespace

std::vector<doctor::StunFinding> askStun(const std::vector<stun::Endpoint>& servers,
                                         milliseconds limit) {
  std::vector<doctor::StunFinding> findings(servers.size());
  for (const bool ipv6 : {false, true}) {
    UdpSocket socket(ipv6);
    std::vector<Question> questions;
    for (const auto& server : servers) {
      if (isIpv6(server) == ipv6) questions.push_back({.server = server});
    }
    ask(socket, questions, limit / 2);
    for (std::size_t i = 0; i < servers.size(); ++i) {
      const auto asked = std::ranges::find(questions, servers[i], &Question::server);
      if (asked == questions.end()) continue;
      findings[i] = {servers[i], socket.localAddressTo(servers[i]), asked->rttMs, asked->mapped};
    }
  }
  return findings;
}

std::optional<std::size_t> pathMtu(const stun::Endpoint& server, milliseconds limit) {
  // Ethernet, PPPoE, tunnels of all kinds, IPv6's least, IPv4's least.
  static constexpr std::array<std::size_t, 16> kSizes{1500, 1492, 1480, 1460, 1440, 1420,
                                                      1400, 1380, 1360, 1340, 1320, 1300,
                                                      1280, 1200, 1000, 576};
  const std::size_t headers = (isIpv6(server) ? 40 : 20) + 8;
  UdpSocket socket(isIpv6(server));
  if (!socket.isOpen()) return std::nullopt;
  socket.forbidFragments();
  std::vector<Question> questions;
  questions.reserve(kSizes.size());
  for (const auto size : kSizes) questions.push_back({.server = server, .size = size - headers});
  ask(socket, questions, limit);
  std::optional<std::size_t> longest;
  for (const auto& question : questions) {
    if (question.rttMs) longest = std::max(longest.value_or(0), question.size + headers);
  }
  return longest;
}

}  // namespace rtcpub::net
