#pragma once

#include <p2p/base/ice_transport_internal.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/ice_agent.h"

namespace rtcpub::sfu {

/// The ICE transport of one client under libwebrtc's DTLS: an ICE-lite agent on the shared port.
/// Runs on: the network thread.
class IceLiteTransport final : public cricket::IceTransportInternal, public DatagramSink {
 public:
  /// Both outlive this.
  IceLiteTransport(IceCredentials local, Demultiplexer& demultiplexer, DatagramOutput& output);
  ~IceLiteTransport() override;

  /// Other credentials from now on (RFC 8445 section 9); the way stays where it is until the client
  /// nominates another.
  void restart(IceCredentials local);

  /// When the client last proved that it wants to receive (RFC 7675); nothing before its first
  /// valid check.
  [[nodiscard]] std::optional<Time> lastCheck() const { return lastCheck_; }
  /// When anything came on one of its ways.
  [[nodiscard]] std::optional<Time> lastHeard() const { return lastHeard_; }
  [[nodiscard]] const IceCredentials& local() const { return agent_.local(); }

  // DatagramSink
  void onStun(std::span<const std::uint8_t> datagram, const Path& path, Time now) override;
  void onDatagram(std::span<const std::uint8_t> datagram, const Path& path, Time now) override;

  // rtc::PacketTransportInternal
  const std::string& transport_name() const override { return agent_.local().ufrag; }
  bool writable() const override { return lastCheck_.has_value(); }
  bool receiving() const override { return writable(); }
  int SendPacket(const char* data, std::size_t size, const rtc::PacketOptions& options,
                 int flags) override;
  int SetOption(rtc::Socket::Option /*option*/, int /*value*/) override { return 0; }
  int GetError() override { return error_; }

  // cricket::IceTransportInternal
  cricket::IceTransportState GetState() const override;
  webrtc::IceTransportState GetIceTransportState() const override;
  int component() const override { return 1; }
  cricket::IceRole GetIceRole() const override { return cricket::ICEROLE_CONTROLLED; }
  void SetIceRole(cricket::IceRole /*role*/) override {}
  void SetIceTiebreaker(std::uint64_t /*tiebreaker*/) override {}
  void SetIceParameters(const cricket::IceParameters& /*parameters*/) override {}
  void SetRemoteIceParameters(const cricket::IceParameters& /*parameters*/) override {}
  void SetRemoteIceMode(cricket::IceMode /*mode*/) override {}
  void SetIceConfig(const cricket::IceConfig& /*config*/) override {}
  void MaybeStartGathering() override {}
  void AddRemoteCandidate(const cricket::Candidate& /*candidate*/) override {}
  void RemoveRemoteCandidate(const cricket::Candidate& /*candidate*/) override {}
  void RemoveAllRemoteCandidates() override {}
  cricket::IceGatheringState gathering_state() const override {
    return cricket::kIceGatheringComplete;
  }
  bool GetStats(cricket::IceTransportStats* /*stats*/) override { return false; }
  absl::optional<int> GetRttEstimate() override { return absl::nullopt; }
  const cricket::Connection* selected_connection() const override { return nullptr; }
  absl::optional<const cricket::CandidatePair> GetSelectedCandidatePair() const override {
    return absl::nullopt;
  }

 private:
  [[nodiscard]] const IceAgent& agentFor(std::span<const std::uint8_t> datagram) const;
  void bind(const Path& path);
  void becomeWritable();

  IceAgent agent_;
  std::optional<IceAgent> previous_;  ///< of before the last restart
  Demultiplexer& demultiplexer_;
  DatagramOutput& output_;
  std::vector<Path> bound_;  // the latest last
  Path selected_;
  bool nominated_ = false;
  int error_ = 0;
  std::optional<Time> lastCheck_;
  std::optional<Time> lastHeard_;
};

}  // namespace rtcpub::sfu
