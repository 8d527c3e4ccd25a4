#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "load/peer.h"
#include "rtcpub/clock.h"

namespace rtcpub::bench {

/// A client that counts what it gets. A sampled one also decrypts it, to learn when it was sent.
///
/// Runs on: the network thread.
class Subscriber {
 public:
  Subscriber(Engine& engine, std::uint32_t number, bool sampled, bool data);

  Peer& peer() { return peer_; }
  /// Forgets the counts: the measured time begins.
  void beginMeasuring();
  void sendReceiverReport();
  /// Which packets came since the last time, and when: as browsers do, about every 50 ms.
  void sendTransportFeedback();

  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  ///< of SRTP
  /// Sequence numbers that never came.
  [[nodiscard]] std::uint64_t lost() const;
  [[nodiscard]] std::optional<Time> firstPacket() const { return firstPacket_; }
  /// From being sent by the publisher to arriving here, in microseconds.
  [[nodiscard]] const std::vector<std::int64_t>& latencies() const { return latencies_; }

 private:
  /// Returns whether to decrypt it.
  bool onSrtp(std::span<const std::uint8_t> packet, std::int64_t arrivalUs);
  void onRtp(const webrtc::RtpPacketReceived& packet);
  void noteArrival(std::span<const std::uint8_t> packet, std::int64_t arrivalUs);

  Peer peer_;
  std::uint32_t number_;
  bool sampled_;
  std::optional<Time> firstPacket_;
  std::uint32_t ssrc_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t unique_ = 0;  ///< packets of ssrc_
  std::optional<std::int64_t> lowest_;
  std::int64_t highest_ = 0;  ///< sequence number without wrap-around
  std::vector<std::int64_t> latencies_;
  /// Transport-wide number and arrival in microseconds of those not reported yet.
  std::vector<std::pair<std::uint16_t, std::int64_t>> arrived_;
  std::uint16_t nextArrival_ = 0;  ///< the number after the last reported one
  std::uint8_t feedbacks_ = 0;
};

}  // namespace rtcpub::bench
