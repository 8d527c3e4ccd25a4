#pragma once

#include <net/dcsctp/public/dcsctp_socket_factory.h>

#include <cstddef>
#include <functional>
#include <memory>

#include "engine/sctp_wrapper.h"

namespace rtcpub::engine {

/// What a socket of ours holds of messages that are not whole yet: two of the largest size.
inline constexpr std::size_t kSctpReceiveBuffer = std::size_t{1} << 20;

/// Options for commands that should arrive now, not for bulk: libwebrtc's defaults wait 400 ms
/// before a lost message is sent again, and 200 ms before one is acknowledged.
[[nodiscard]] dcsctp::DcSctpOptions lowDelay(dcsctp::DcSctpOptions options);

/// SCTP sockets with options of ours, and with a wrapper around each. For
/// `webrtc::DcSctpTransport`'s constructor. Runs on: the thread of that transport.
class SctpFactory final : public dcsctp::DcSctpSocketFactory {
 public:
  using Tune = std::function<dcsctp::DcSctpOptions(dcsctp::DcSctpOptions)>;
  /// Makes the wrapper of one socket, which calls `owner`.
  using Wrap = std::function<std::unique_ptr<SctpWrapper>(dcsctp::DcSctpSocketCallbacks& owner)>;

  /// Either may be empty: then libwebrtc's options stay, or the socket is bare.
  explicit SctpFactory(Tune tune, Wrap wrap = nullptr);

  std::unique_ptr<dcsctp::DcSctpSocketInterface> Create(
      absl::string_view logPrefix, dcsctp::DcSctpSocketCallbacks& callbacks,
      std::unique_ptr<dcsctp::PacketObserver> observer,
      const dcsctp::DcSctpOptions& options) override;

 private:
  Tune tune_;
  Wrap wrap_;
};

}  // namespace rtcpub::engine
