#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "p2p/base/ice_transport_internal.h"
#include "rtc_base/physical_socket_server.h"
#include "rtc_base/socket_address.h"
#include "rtc_base/task_utils/repeating_task.h"
#include "rtc_base/thread.h"

namespace rtcpub::bench {

/// The least of a controlling ICE agent (RFC 8445) that a server with one reachable address needs:
/// one socket, one pair, nominated by the first check.
///
/// Runs on: the network thread, whose socket server is `sockets`.
class TinyIce : public cricket::IceTransportInternal, private rtc::Dispatcher {
 public:
  TinyIce(rtc::Thread& thread, rtc::PhysicalSocketServer& sockets);
  ~TinyIce() override;

  [[nodiscard]] const cricket::IceParameters& local() const { return local_; }
  [[nodiscard]] int port() const { return port_; }
  /// Begins the checks.
  void connect(const cricket::IceParameters& remote, const rtc::SocketAddress& address);
  /// Sees every SRTP packet first, with its arrival in microseconds of CLOCK_MONOTONIC; the packet
  /// goes on to decryption when it returns true.
  void filter(std::function<bool(std::span<const std::uint8_t>, std::int64_t)> filter);

  /// When the datagram came that is being delivered: microseconds of CLOCK_MONOTONIC.
  [[nodiscard]] std::int64_t arrivalUs() const { return arrivalUs_; }

  // rtc::PacketTransportInternal
  const std::string& transport_name() const override { return name_; }
  bool writable() const override { return writable_; }
  bool receiving() const override { return writable_; }
  int SendPacket(const char* data, size_t size, const rtc::PacketOptions& options,
                 int flags) override;
  int SetOption(rtc::Socket::Option option, int value) override;
  int GetError() override;

  // cricket::IceTransportInternal
  cricket::IceTransportState GetState() const override;
  webrtc::IceTransportState GetIceTransportState() const override;
  int component() const override { return 1; }
  cricket::IceRole GetIceRole() const override { return cricket::ICEROLE_CONTROLLING; }
  void SetIceRole(cricket::IceRole) override {}
  void SetIceTiebreaker(uint64_t) override {}
  void SetIceParameters(const cricket::IceParameters&) override {}
  void SetRemoteIceParameters(const cricket::IceParameters&) override {}
  void SetRemoteIceMode(cricket::IceMode) override {}
  void SetIceConfig(const cricket::IceConfig&) override {}
  void MaybeStartGathering() override {}
  void AddRemoteCandidate(const cricket::Candidate&) override {}
  void RemoveRemoteCandidate(const cricket::Candidate&) override {}
  void RemoveAllRemoteCandidates() override {}
  cricket::IceGatheringState gathering_state() const override {
    return cricket::kIceGatheringComplete;
  }
  bool GetStats(cricket::IceTransportStats*) override { return false; }
  absl::optional<int> GetRttEstimate() override { return absl::nullopt; }
  const cricket::Connection* selected_connection() const override { return nullptr; }
  absl::optional<const cricket::CandidatePair> GetSelectedCandidatePair() const override {
    return absl::nullopt;
  }

 private:
  // rtc::Dispatcher
  uint32_t GetRequestedEvents() override { return rtc::DE_READ; }
  void OnEvent(uint32_t events, int error) override;
  int GetDescriptor() override { return socket_; }
  bool IsDescriptorClosed() override { return false; }

  void check();
  void onDatagram(std::span<const std::uint8_t> data, std::int64_t arrivalUs);
  void onStun(std::span<const std::uint8_t> data);

  rtc::Thread& thread_;
  rtc::PhysicalSocketServer& sockets_;
  std::string name_ = "bench";
  cricket::IceParameters local_;
  cricket::IceParameters remote_;
  int socket_ = -1;
  int port_ = 0;
  bool writable_ = false;
  std::int64_t arrivalUs_ = 0;
  std::function<bool(std::span<const std::uint8_t>, std::int64_t)> filter_;
  webrtc::RepeatingTaskHandle checks_;
};

}  // namespace rtcpub::bench
