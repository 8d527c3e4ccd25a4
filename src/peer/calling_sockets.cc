#include "peer/calling_sockets.h"

#include <set>
#include <string>
#include <utility>

#include "log/log.h"
#include "p2p/base/basic_packet_socket_factory.h"
#include "peer/checked_socket.h"
#include "peer/idle_sockets.h"
#include "peer/own_addresses.h"
#include "rtc_base/task_utils/repeating_task.h"
#include "rtc_base/thread.h"

namespace rtcpub::peer {
namespace {

/// How often it is looked for sockets of networks that are gone. A port whose network is gone lives
/// on for a minute, so this needn't be often.
constexpr webrtc::TimeDelta kLookInterval = webrtc::TimeDelta::Seconds(10);

/// More addresses than these are not told of.
constexpr std::size_t kMostTold = 64;

/// Runs on: the engine's network thread.
class CallingSockets final : public rtc::BasicPacketSocketFactory {
 public:
  CallingSockets(rtc::SocketFactory& sockets, const PeerOptions& options)
      : BasicPacketSocketFactory(&sockets), checks_(!options.iceServers.empty()) {}
  ~CallingSockets() override { looking_.Stop(); }
  CallingSockets(const CallingSockets&) = delete;
  CallingSockets& operator=(const CallingSockets&) = delete;

  rtc::AsyncPacketSocket* CreateUdpSocket(const rtc::SocketAddress& local, std::uint16_t minPort,
                                          std::uint16_t maxPort) override {
    startLooking();
    std::unique_ptr<rtc::AsyncPacketSocket> socket(
        checked(BasicPacketSocketFactory::CreateUdpSocket(local, minPort, maxPort)));
    return idle_.watched(std::move(socket)).release();
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
    return checked(
        BasicPacketSocketFactory::CreateClientTcpSocket(local, remote, proxy, userAgent, options));
  }

 private:
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

  void startLooking() {
    if (looking_.Running()) return;
    looking_ =
        webrtc::RepeatingTaskHandle::DelayedStart(rtc::Thread::Current(), kLookInterval, [this] {
          idle_.look();
          return kLookInterval;
        });
  }

  const bool checks_;
  IdleSockets idle_{ownAddresses};
  webrtc::RepeatingTaskHandle looking_;
  const std::shared_ptr<std::set<std::string>> told_ = std::make_shared<std::set<std::string>>();
};

}  // namespace

std::unique_ptr<rtc::PacketSocketFactory> makeCallingSockets(rtc::SocketFactory& sockets,
                                                             const PeerOptions& options) {
  return std::make_unique<CallingSockets>(sockets, options);
}

}  // namespace rtcpub::peer
