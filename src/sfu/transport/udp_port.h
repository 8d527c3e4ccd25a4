#pragma once

#include <netinet/in.h>
#include <rtc_base/physical_socket_server.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "rtcpub/result.h"
#include "sfu/transport/arrival_queue.h"
#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/path.h"
#include "sfu/transport/reach.h"

namespace rtc {
class Thread;
}

namespace rtcpub::sfu {

/// One UDP socket of all clients, IPv6 and IPv4. Reads and writes in batches of kBatch
/// datagrams; a datagram costs no allocation while there is time for all. When there isn't, the
/// socket is emptied all the same, and what has come is handled by its urgency: a command waits for
/// one packet of media, not for all that came before it.
/// Runs on: the network thread, whose event loop it is registered with.
class UdpPort final : public rtc::Dispatcher, public DatagramOutput {
 public:
  static constexpr std::size_t kBatch = 64;
  /// Larger than any packet of ours: DTLS and SCTP keep to 1,200 bytes, RTP to what fits Ethernet.
  static constexpr std::size_t kMaxDatagram = 2048;

  /// The address of `local` is one of this machine's, or any if it is unspecified. Errors: kIo.
  static Result<std::unique_ptr<UdpPort>> open(const Endpoint& local, Reach reach = Reach::kAll);
  ~UdpPort() override;
  UdpPort(const UdpPort&) = delete;
  UdpPort& operator=(const UdpPort&) = delete;

  /// Starts to read. Both outlive the port's next stop().
  void start(rtc::Thread& thread, rtc::PhysicalSocketServer& server, DatagramInput& input);
  /// Sends what is still in the batch and reads no more.
  void stop();

  void send(const Path& path, std::span<const std::uint8_t> datagram) override;

  /// How long the datagram that is being delivered lay in the socket; 0 while there is none, or if
  /// the system doesn't tell.
  [[nodiscard]] std::chrono::microseconds age() const { return age_; }
  /// Of the media since the last call; nothing if there was none.
  [[nodiscard]] std::optional<Lateness> takeLateness();
  /// Media and reports that were dropped, since they had waited for too long.
  [[nodiscard]] std::uint64_t droppedLate() const { return waiting_.dropped(); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool ipv6() const { return family_ == AF_INET6; }
  /// Datagrams that the socket did not take.
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  /// Datagrams too large to be anything of ours.
  [[nodiscard]] std::uint64_t oversized() const { return oversized_; }

 private:
  struct Slot {
    alignas(8) std::array<std::uint8_t, kMaxDatagram> data;
    sockaddr_in6 address;  // large enough for sockaddr_in, too
    alignas(cmsghdr) std::array<std::uint8_t, 128> control;
    iovec vector;
  };
  struct Batch {
    std::array<Slot, kBatch> slots;
    std::array<mmsghdr, kBatch> headers;
  };

  UdpPort(int descriptor, int family, std::uint16_t port);

  // rtc::Dispatcher
  /// A socket can be written to nearly always: so the others of the thread get their turns, and
  /// then this one goes on with what waits.
  std::uint32_t GetRequestedEvents() override {
    return waits_ ? rtc::DE_READ | rtc::DE_WRITE : rtc::DE_READ;
  }
  void OnEvent(std::uint32_t events, int error) override;
  int GetDescriptor() override { return descriptor_; }
  bool IsDescriptorClosed() override { return false; }

  void receive();
  std::size_t receiveBatch();
  void prepareReceive();
  void deliverControl(std::size_t count);
  void deliverRest(std::size_t count, Urgency urgency);
  void keepRest(std::size_t count);
  void keep(std::size_t index);
  void deliver(std::size_t index);
  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time read,
               std::chrono::microseconds lay, Urgency urgency);
  void workOff(Time end);
  [[nodiscard]] bool isTimeToRead() const;
  [[nodiscard]] Path readPath(std::size_t index) const;
  [[nodiscard]] std::chrono::microseconds readAge(std::size_t index,
                                                  std::chrono::nanoseconds wallClock) const;
  void writePath(std::size_t index, const Path& path);
  void flush();
  void flushSoon();

  int descriptor_;
  int family_;
  std::uint16_t port_;
  rtc::Thread* thread_ = nullptr;
  rtc::PhysicalSocketServer* server_ = nullptr;
  DatagramInput* input_ = nullptr;
  std::unique_ptr<Batch> received_;
  std::array<Urgency, kBatch> urgencies_{};  // of what is in received_
  ArrivalQueue waiting_;
  bool waits_ = false;  // something does, and the loop knows
  Time now_{};          // when the last datagram was done, or the socket was read
  Time readAt_{};
  std::chrono::nanoseconds readAtWallClock_{};
  std::optional<Lateness> lateness_;
  std::unique_ptr<Batch> outgoing_;
  std::size_t queued_ = 0;
  bool inEvent_ = false;
  bool flushPosted_ = false;
  std::chrono::microseconds age_{};
  std::uint64_t failures_ = 0;
  std::uint64_t oversized_ = 0;
  std::shared_ptr<bool> running_ = std::make_shared<bool>(true);  // for posted tasks
};

}  // namespace rtcpub::sfu
