#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "api/transport/sctp_transport_factory_interface.h"
#include "rtc_base/thread.h"

namespace rtcpub::peer {

/// What passes between data channels and the SCTP socket below them, past libwebrtc's channels,
/// which know nothing of either: how long a message may live, and what became of it.
/// Runs on: libwebrtc's thread.
struct SctpSeam {
  /// Of the message whose DataChannelInterface::Send() is under way: what is left of its life.
  std::optional<std::chrono::milliseconds> lifetime;
  /// A stream's message, counted from 0, is done with: the other end has acknowledged it, or it
  /// was given up. May be called within Send(); nothing may be sent within it.
  std::function<void(int stream, std::uint64_t number, bool delivered)> done;
};

/// libwebrtc's SCTP with low delays and the seam.
std::unique_ptr<webrtc::SctpTransportFactoryInterface> makeSctpTransports(
    rtc::Thread& thread, std::shared_ptr<SctpSeam> seam);

}  // namespace rtcpub::peer
