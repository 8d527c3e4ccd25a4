#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "rtcpub/result.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/reach.h"
#include "sfu/transport/stream_stats.h"
#include "sfu/transport/turn/turn_secret.h"
#include "sfu/transport/turn/turn_stats.h"

namespace rtcpub::sfu {

/// The network thread, its event loop and the UDP port: what every client's transport stands on.
/// Any thread may call post() and call(); everything else of sfu runs on the network thread.
class Network {
 public:
  struct Parts;  // for the transports only: libwebrtc's side of it

  /// Opens the port and starts the thread. Errors: kIo.
  static Result<std::unique_ptr<Network>> open(std::uint16_t port, Reach reach = Reach::kAll);
  /// After the last transport is gone.
  ~Network();

  void post(std::function<void()> task);
  /// Runs `task` on the network thread and waits for it.
  void call(const std::function<void()>& task);
  /// Network thread. The task must guard its own lifetime.
  void postAfter(std::chrono::microseconds delay, std::function<void()> task);

  /// Serves TURN: on a UDP port of one of this machine's addresses, and on the streams that are
  /// taken. `publicIps` are ours, too. Any thread, once. Errors: kIo (the UDP port; streams are
  /// served anyway).
  Result<void> serveTurn(const Endpoint& local, std::vector<IpAddress> publicIps);
  /// Takes over a TCP connection of which `received` was read already; it may turn out to be none
  /// of ours. Any thread.
  void takeStream(int descriptor, std::vector<std::uint8_t> received);
  /// Of a user of their own, for TURN. Any thread.
  [[nodiscard]] TurnCredentials turnCredentials(TurnTerm term) const;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] bool ipv6() const;
  /// Of the server's certificate, which lives as long as the server.
  [[nodiscard]] Fingerprint fingerprint() const;
  [[nodiscard]] std::uint64_t sendFailures() const;
  [[nodiscard]] std::uint64_t garbage() const;
  /// How long each packet of the media waited on this machine at least before its turn came, since
  /// the last call: a queue that doesn't empty, at the port of the media or at that of TURN. By
  /// UDP; what comes by TCP isn't told. Network thread.
  [[nodiscard]] std::chrono::microseconds takeLateness();
  /// Media and reports that were dropped unread, since they had waited for too long. Network
  /// thread.
  [[nodiscard]] std::uint64_t droppedLate() const;
  /// Network thread.
  [[nodiscard]] TurnStats turn() const;
  /// Of the TCP connections that were taken. Network thread.
  [[nodiscard]] StreamStats streams() const;
  [[nodiscard]] Parts& parts() { return *parts_; }

  /// New credentials with 144 random bits (RFC 8445 section 5.3 asks for 24 and 128).
  [[nodiscard]] static IceCredentials newCredentials();
  /// Never 0.
  [[nodiscard]] static std::uint32_t newSsrc();

 private:
  void start();
  void sweep();

  explicit Network(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace rtcpub::sfu
