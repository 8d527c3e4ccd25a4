#pragma once

#include <media/sctp/sctp_transport_internal.h>
#include <net/dcsctp/public/dcsctp_socket.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace rtcpub::engine {

/// What libwebrtc's releases ask otherwise of that which stands between an SCTP socket and its
/// owner: the owner's clock, and many messages at once.
class SctpBetween : public dcsctp::DcSctpSocketInterface, public dcsctp::DcSctpSocketCallbacks {
 public:
  dcsctp::TimeMs TimeMillis() final { return owner().TimeMillis(); }
#if RTCPUB_LIBWEBRTC >= 20240218
  webrtc::Timestamp Now() final { return owner().Now(); }
  /// One by one: Send() decides about each.
  std::vector<dcsctp::SendStatus> SendMany(rtc::ArrayView<dcsctp::DcSctpMessage> messages,
                                           const dcsctp::SendOptions& options) final {
    std::vector<dcsctp::SendStatus> statuses;
    for (auto& message : messages) statuses.push_back(Send(std::move(message), options));
    return statuses;
  }
#endif

 protected:
  virtual dcsctp::DcSctpSocketCallbacks& owner() = 0;
};

/// Whether the transport took it; if not, its buffer is full.
inline bool sendData(cricket::SctpTransportInternal& sctp, int stream,
                     const webrtc::SendDataParams& params, const rtc::CopyOnWriteBuffer& data) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return sctp.SendData(stream, params, data).ok();
#else
  cricket::SendDataResult result{};
  return sctp.SendData(stream, params, data, &result);
#endif
}

}  // namespace rtcpub::engine
