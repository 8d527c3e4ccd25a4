#pragma once

#include <rtc_base/async_packet_socket.h>

#include <cstddef>
#include <cstdint>

namespace rtcpub::engine {

/// A packet that a socket read, while it is handed on.
struct SocketPacket {
  const char* data = nullptr;
  std::size_t size = 0;
  const rtc::SocketAddress& from;
  std::int64_t timeUs = 0;  ///< when it came; -1: nobody knows
};

/// Calls `receiver`'s method with each packet that `socket` reads. A socket has one such receiver.
template <class Receiver>
class PacketReader : public sigslot::has_slots<> {
 public:
  PacketReader(Receiver& receiver, void (Receiver::*method)(const SocketPacket&))
      : receiver_(receiver), method_(method) {}

  void read(rtc::AsyncPacketSocket& socket) {
#if RTCPUB_LIBWEBRTC >= 20240218
    socket.RegisterReceivedPacketCallback(
        [this](rtc::AsyncPacketSocket*, const rtc::ReceivedPacket& packet) {
          const std::int64_t timeUs = packet.arrival_time() ? packet.arrival_time()->us() : -1;
          (receiver_.*method_)({reinterpret_cast<const char*>(packet.payload().data()),
                                packet.payload().size(), packet.source_address(), timeUs});
        });
#else
    socket.SignalReadPacket.connect(this, &PacketReader::onRead);
#endif
  }

 private:
  void onRead(rtc::AsyncPacketSocket* /*socket*/, const char* data, std::size_t size,
              const rtc::SocketAddress& from, const std::int64_t& timeUs) {
    (receiver_.*method_)({data, size, from, timeUs});
  }

  Receiver& receiver_;
  void (Receiver::*const method_)(const SocketPacket&);
};

/// A socket of ours: hands what it read to whoever reads it.
class PacketSocket : public rtc::AsyncPacketSocket {
 protected:
  void handOn(const SocketPacket& packet) {
#if RTCPUB_LIBWEBRTC >= 20240218
    NotifyPacketReceived(rtc::ReceivedPacket::CreateFromLegacy(packet.data, packet.size,
                                                               packet.timeUs, packet.from));
#else
    SignalReadPacket(this, packet.data, packet.size, packet.from, packet.timeUs);
#endif
  }
};

/// Calls `closed(socket, error)` when `socket` is closed from elsewhere, until unsubscribeClose().
template <class Closed>
void subscribeClose(rtc::AsyncPacketSocket& socket, const void* subscriber, Closed closed) {
#if RTCPUB_LIBWEBRTC >= 20240218
  socket.SubscribeCloseEvent(subscriber, closed);
#else
  socket.SubscribeClose(subscriber, closed);
#endif
}

inline void unsubscribeClose(rtc::AsyncPacketSocket& socket, const void* subscriber) {
#if RTCPUB_LIBWEBRTC >= 20240218
  socket.UnsubscribeCloseEvent(subscriber);
#else
  socket.UnsubscribeClose(subscriber);
#endif
}

}  // namespace rtcpub::engine
