#pragma once

#include <net/dcsctp/public/dcsctp_socket_factory.h>

#include <memory>

namespace rtcpub::sfu {

/// SCTP sockets tuned for commands that should arrive now, not for bulk: libwebrtc's defaults wait
/// 400 ms before a lost message is sent again, and 200 ms before one is acknowledged.
class LowDelaySctpFactory final : public dcsctp::DcSctpSocketFactory {
 public:
  std::unique_ptr<dcsctp::DcSctpSocketInterface> Create(
      absl::string_view logPrefix, dcsctp::DcSctpSocketCallbacks& callbacks,
      std::unique_ptr<dcsctp::PacketObserver> observer,
      const dcsctp::DcSctpOptions& options) override;

  [[nodiscard]] static dcsctp::DcSctpOptions tuned(dcsctp::DcSctpOptions options);
};

}  // namespace rtcpub::sfu
