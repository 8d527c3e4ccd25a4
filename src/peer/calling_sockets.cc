#include "peer/calling_sockets.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/freed_by.h"
#include "log/log.h"
#include "p2p/base/basic_packet_socket_factory.h"
#include "peer/checked_socket.h"
#include "rtc_base/ip_address.h"

namespace rtcpub::peer {
namespace {

/// More addresses than these are not told of.
constexpr std::size_t kMostTold = 64;

rtc::IPAddress addressOf(const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr) return {};
  if (entry.ifa_addr->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, entry.ifa_addr, sizeof v4);
    return rtc::IPAddress(v4.sin_addr);
  }
  if (entry.ifa_addr->sa_family != AF_INET6) return {};
  sockaddr_in6 v6{};
  std::memcpy(&v6, entry.ifa_addr, sizeof v6);
  return rtc::IPAddress(v6.sin6_addr);
}

int scopeOf(const ifaddrs& entry) {
  sockaddr_in6 v6{};
  std::memcpy(&v6, entry.ifa_addr, sizeof v6);
  return static_cast<int>(v6.sin6_scope_id);
}

/// Where a link-local address is.
struct Place {
  int scope = 0;  ///< the interface's number; 0: nowhere
  bool onlyLinkLocal = true;
};

Place placeOf(const rtc::IPAddress& address) {
  Place place;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return place;
  const std::unique_ptr<ifaddrs, FreedBy<freeifaddrs>> owner(list);
  std::string_view name;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (addressOf(*entry) != address) continue;
    place.scope = scopeOf(*entry);
    name = entry->ifa_name;
    break;
  }
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    const auto other = addressOf(*entry);
    if (name == entry->ifa_name && !other.IsNil() && !rtc::IPIsLinkLocal(other)) {
      place.onlyLinkLocal = false;
    }
  }
  return place;
}

/// Runs on: the engine's network thread.
class CallingSockets final : public rtc::BasicPacketSocketFactory {
 public:
  CallingSockets(rtc::SocketFactory& sockets, const PeerOptions& options)
      : BasicPacketSocketFactory(&sockets),
        linkLocal_(options.linkLocal),
        checks_(!options.iceServers.empty()) {}

  rtc::AsyncPacketSocket* CreateUdpSocket(const rtc::SocketAddress& local, std::uint16_t minPort,
                                          std::uint16_t maxPort) override {
    return checked(BasicPacketSocketFactory::CreateUdpSocket(placed(local), minPort, maxPort));
  }
  rtc::AsyncListenSocket* CreateServerTcpSocket(const rtc::SocketAddress& /*local*/,
                                                std::uint16_t /*minPort*/,
                                                std::uint16_t /*maxPort*/,
                                                int /*options*/) override {
    return nullptr;
  }
  rtc::AsyncPacketSocket* CreateClientTcpSocket(
      const rtc::SocketAddress& local, const rtc::SocketAddress& remote,
      const rtc::ProxyInfo& proxy, const std::string& userAgent,
      const rtc::PacketSocketTcpOptions& options) override {
    return checked(BasicPacketSocketFactory::CreateClientTcpSocket(placed(local), remote, proxy,
                                                                   userAgent, options));
  }

 private:
  /// With its interface; without one no socket can have it, which is right where it isn't wanted.
  [[nodiscard]] rtc::SocketAddress placed(rtc::SocketAddress local) const {
    if (local.family() != AF_INET6 || !rtc::IPIsLinkLocal(local.ipaddr())) return local;
    const Place place = placeOf(local.ipaddr());
    if (linkLocal_ || place.onlyLinkLocal) local.SetScopeID(place.scope);
    return local;
  }

  /// The caller's to delete, as the engine's own factory has it. May outlive the factory.
  rtc::AsyncPacketSocket* checked(rtc::AsyncPacketSocket* socket) {
    std::unique_ptr<rtc::AsyncPacketSocket> owned(socket);
    if (!checks_) return owned.release();
    return withCheckedStun(std::move(owned),
                           [told = told_](const auto& from, const auto& why) {
                             if (told->size() == kMostTold || !told->insert(from).second) return;
                             log().warn(
                                 "{} sends {} (RFC 8489 section 14): dropped. Is it a STUN or TURN "
                                 "server at all?",
                                 from, why);
                           })
        .release();
  }

  const bool linkLocal_;
  const bool checks_;
  const std::shared_ptr<std::set<std::string>> told_ = std::make_shared<std::set<std::string>>();
};

}  // namespace

std::unique_ptr<rtc::PacketSocketFactory> makeCallingSockets(rtc::SocketFactory& sockets,
                                                             const PeerOptions& options) {
  return std::make_unique<CallingSockets>(sockets, options);
}

}  // namespace rtcpub::peer
