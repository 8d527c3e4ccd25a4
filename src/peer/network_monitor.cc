#include "peer/network_monitor.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "api/task_queue/pending_task_safety_flag.h"
#include "log/log.h"
#include "rtc_base/network.h"
#include "rtc_base/network_monitor.h"
#include "rtc_base/thread.h"

// Debian's library leaves these two out, though it uses the class; one that has them isn't
// hindered.
namespace rtc {
NetworkMonitorFactory::NetworkMonitorFactory() = default;
NetworkMonitorFactory::~NetworkMonitorFactory() = default;
}  // namespace rtc

namespace rtcpub::peer {
namespace {

/// A change of networks comes as some messages in a row: they are one. Milliseconds.
constexpr int kSettling = 50;
constexpr int kMaxRounds = 10;

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) close(number_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

int openNetlink() {
  const int number = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups =
      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (number >= 0 &&
      bind(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(number);
    return -1;
  }
  return number;
}

/// Tells of changes on a thread of its own, from its construction to its destruction.
class NetlinkWatch {
 public:
  explicit NetlinkWatch(std::function<void()> changed)
      : changed_(std::move(changed)),
        netlink_(openNetlink()),
        end_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (netlink_.get() < 0 || end_.get() < 0) {
      log().warn("changes of this machine's networks are not told ({}): they are found by looking",
                 std::generic_category().message(errno));
      return;
    }
    thread_ = std::thread([this] { watch(); });
    pthread_setname_np(thread_.native_handle(), "rtcpub-netlink");
  }

  ~NetlinkWatch() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    (void)!write(end_.get(), &one, sizeof one);
    thread_.join();
  }

 private:
  void watch() {
    while (wait(-1)) {
      // Until nothing more comes for a moment, though not for ever.
      for (int round = 0; round < kMaxRounds && pending_ && !ending_; ++round) {
        drain();
        wait(kSettling);
      }
      if (ending_) return;
      changed_();
    }
  }

  /// Waits for a message, at most so many milliseconds; false at the end.
  bool wait(int timeout) {
    std::array<pollfd, 2> ready{{{netlink_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}}};
    const int count = poll(ready.data(), ready.size(), timeout);
    if (count < 0 && errno == EINTR) return wait(timeout);
    ending_ = count < 0 || ready[1].revents != 0;
    pending_ = ready[0].revents != 0;
    return !ending_;
  }

  /// What changed doesn't matter: it is looked at anew.
  void drain() const {
    std::array<char, 8192> message{};
    while (recv(netlink_.get(), message.data(), message.size(), 0) > 0) {
    }
  }

  const std::function<void()> changed_;
  const FileDescriptor netlink_;
  const FileDescriptor end_;
  bool ending_ = false;
  bool pending_ = false;
  std::thread thread_;
};

/// Runs on: the engine's network thread.
class Monitor final : public rtc::NetworkMonitorInterface {
 public:
  explicit Monitor(std::function<void()> changed) : changed_(std::move(changed)) {}
  ~Monitor() override { Stop(); }
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  void Start() override {
    alive_ = webrtc::PendingTaskSafetyFlag::Create();
    watch_ = std::make_unique<NetlinkWatch>([this, network = rtc::Thread::Current()] {
      network->PostTask(webrtc::SafeTask(alive_, [this] { InvokeNetworksChangedCallback(); }));
      changed_();
    });
  }

  void Stop() override {
    watch_.reset();
    if (alive_) alive_->SetNotAlive();
    alive_ = nullptr;
  }

  InterfaceInfo GetInterfaceInfo(absl::string_view name) override {
    return {.adapter_type = rtc::GetAdapterTypeFromName(name)};
  }

 private:
  const std::function<void()> changed_;
  rtc::scoped_refptr<webrtc::PendingTaskSafetyFlag> alive_;
  std::unique_ptr<NetlinkWatch> watch_;
};

class MonitorFactory final : public rtc::NetworkMonitorFactory {
 public:
  explicit MonitorFactory(std::function<void()> changed) : changed_(std::move(changed)) {}

  rtc::NetworkMonitorInterface* CreateNetworkMonitor(
      const webrtc::FieldTrialsView& /*trials*/) override {
    return new Monitor(changed_);  // the caller's to delete
  }

 private:
  const std::function<void()> changed_;
};

}  // namespace

std::unique_ptr<rtc::NetworkMonitorFactory> makeNetworkMonitorFactory(
    std::function<void()> changed) {
  return std::make_unique<MonitorFactory>(std::move(changed));
}

}  // namespace rtcpub::peer
