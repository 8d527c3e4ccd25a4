#pragma once

#include <pc/dtls_srtp_transport.h>

#include <cstdint>

namespace rtcpub::engine {

/// Calls `receiver`'s method with each RTCP packet that comes, decrypted, and when that was in µs.
template <class Receiver>
void subscribeRtcp(webrtc::DtlsSrtpTransport& srtp, Receiver* receiver,
                   void (Receiver::*method)(rtc::CopyOnWriteBuffer*, std::int64_t)) {
#if RTCPUB_LIBWEBRTC >= 20240218
  srtp.SubscribeRtcpPacketReceived(
      receiver, [receiver, method](rtc::CopyOnWriteBuffer* packet, std::int64_t arrivalUs) {
        (receiver->*method)(packet, arrivalUs);
      });
#else
  srtp.SignalRtcpPacketReceived.connect(receiver, method);
#endif
}

/// No more of them. Newer libwebrtc ends that with the transport only: call it right before.
template <class Receiver>
void unsubscribeRtcp(webrtc::DtlsSrtpTransport& srtp, Receiver* receiver) {
#if RTCPUB_LIBWEBRTC < 20240218
  srtp.SignalRtcpPacketReceived.disconnect(receiver);
#else
  static_cast<void>(srtp);
  static_cast<void>(receiver);
#endif
}

}  // namespace rtcpub::engine
