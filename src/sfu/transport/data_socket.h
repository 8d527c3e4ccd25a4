#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/sctp_wrapper.h"
#include "engine/stale_chunks.h"
#include "rtcpub/clock.h"
#include "sfu/transport/receive_window.h"

namespace rtcpub::sfu {

/// An SCTP socket that takes from its peer no more than there is room for behind it, and sends
/// nothing again that is too old. The peer is told how much room there is; what it sends beyond
/// that (libwebrtc's sends a little, aiortc's knows no limit) is kept until there is room, and
/// acknowledged then. Runs on: the network thread.
class DataSocket final : public engine::SctpWrapper {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    /// How many bytes of the peer's messages there is room for; 0 or less: none.
    [[nodiscard]] virtual std::ptrdiff_t room() const = 0;
    /// How long ago that which is being read came to this machine.
    [[nodiscard]] virtual std::chrono::microseconds ageOfArrival() const = 0;
    /// What was handed to the socket has left for the wire, nearly.
    virtual void onSocketDrained() = 0;
  };

  /// Both outlive this.
  DataSocket(dcsctp::DcSctpSocketCallbacks& owner, Events& events);

  /// There may be room again. Nothing is taken if not, but for a packet now and then that tells the
  /// peer that we are there.
  void resume();
  /// When that came here which is being delivered.
  [[nodiscard]] Time arrival() const;

  void ReceivePacket(rtc::ArrayView<const std::uint8_t> packet) override;
  dcsctp::SendStatus Send(dcsctp::DcSctpMessage message,
                          const dcsctp::SendOptions& options) override;
  dcsctp::SendPacketStatus SendPacketWithStatus(rtc::ArrayView<const std::uint8_t> packet) override;
  void OnTotalBufferedAmountLow() override;

 private:
  struct Kept {
    std::vector<std::uint8_t> packet;
    Time arrival{};
  };

  [[nodiscard]] std::size_t window() const;
  void takeKept();
  void tellRoom();

  Events& events_;
  ReceiveWindow window_;
  engine::StaleChunks stale_;
  std::vector<std::uint8_t> scratch_;
  std::deque<Kept> kept_;
  std::optional<Time> arrival_;  // of what was kept and is being delivered
  Time taken_{};                 // when the peer was heard of last, by SCTP
  bool resuming_ = false;
};

}  // namespace rtcpub::sfu
