#pragma once

#include <cstdint>
#include <memory>

#include "engine/compat/packet_socket.h"

namespace rtcpub::peer {

/// A socket that hands everything on to another one, and back: what others change is theirs to
/// override. Runs on: the engine's network thread.
class ForwardingSocket : public engine::PacketSocket {
 public:
  explicit ForwardingSocket(std::unique_ptr<rtc::AsyncPacketSocket> socket);
  ~ForwardingSocket() override;
  ForwardingSocket(const ForwardingSocket&) = delete;
  ForwardingSocket& operator=(const ForwardingSocket&) = delete;

  // rtc::AsyncPacketSocket
  rtc::SocketAddress GetLocalAddress() const override;
  rtc::SocketAddress GetRemoteAddress() const override;
  int Send(const void* data, std::size_t size, const rtc::PacketOptions& options) override;
  int SendTo(const void* data, std::size_t size, const rtc::SocketAddress& to,
             const rtc::PacketOptions& options) override;
  int Close() override;
  State GetState() const override;
  int GetOption(rtc::Socket::Option option, int* value) override;
  int SetOption(rtc::Socket::Option option, int value) override;
  int GetError() const override;
  void SetError(int error) override;

  /// Closes and forgets the other socket: from now on this one is closed, at the address that it
  /// had. Not from inside of it.
  void release();

 protected:
  virtual void onPacket(const engine::SocketPacket& packet) { handOn(packet); }

 private:
  void onSent(rtc::AsyncPacketSocket* socket, const rtc::SentPacket& packet);
  void onReadyToSend(rtc::AsyncPacketSocket* socket);
  void onAddressReady(rtc::AsyncPacketSocket* socket, const rtc::SocketAddress& address);
  void onConnect(rtc::AsyncPacketSocket* socket);
  int refuse();

  engine::PacketReader<ForwardingSocket> reader_{*this, &ForwardingSocket::onPacket};
  std::unique_ptr<rtc::AsyncPacketSocket> socket_;  ///< null once it was released
  rtc::SocketAddress lastAddress_;
  int error_ = 0;
};

}  // namespace rtcpub::peer
