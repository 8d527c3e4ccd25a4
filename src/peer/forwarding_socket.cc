#include "peer/forwarding_socket.h"

#include <cerrno>
#include <utility>

namespace rtcpub::peer {

ForwardingSocket::ForwardingSocket(std::unique_ptr<rtc::AsyncPacketSocket> socket)
    : socket_(std::move(socket)) {
  reader_.read(*socket_);
  socket_->SignalSentPacket.connect(this, &ForwardingSocket::onSent);
  socket_->SignalReadyToSend.connect(this, &ForwardingSocket::onReadyToSend);
  socket_->SignalAddressReady.connect(this, &ForwardingSocket::onAddressReady);
  socket_->SignalConnect.connect(this, &ForwardingSocket::onConnect);
  engine::subscribeClose(*socket_, this, [this](auto*, int error) { NotifyClosed(error); });
}

ForwardingSocket::~ForwardingSocket() { release(); }

void ForwardingSocket::release() {
  if (!socket_) return;
  lastAddress_ = socket_->GetLocalAddress();
  engine::unsubscribeClose(*socket_, this);
  socket_.reset();
}

rtc::SocketAddress ForwardingSocket::GetLocalAddress() const {
  return socket_ ? socket_->GetLocalAddress() : lastAddress_;
}

rtc::SocketAddress ForwardingSocket::GetRemoteAddress() const {
  return socket_ ? socket_->GetRemoteAddress() : rtc::SocketAddress();
}

int ForwardingSocket::Send(const void* data, std::size_t size, const rtc::PacketOptions& options) {
  return socket_ ? socket_->Send(data, size, options) : refuse();
}

int ForwardingSocket::SendTo(const void* data, std::size_t size, const rtc::SocketAddress& to,
                             const rtc::PacketOptions& options) {
  return socket_ ? socket_->SendTo(data, size, to, options) : refuse();
}

int ForwardingSocket::Close() { return socket_ ? socket_->Close() : 0; }

rtc::AsyncPacketSocket::State ForwardingSocket::GetState() const {
  return socket_ ? socket_->GetState() : STATE_CLOSED;
}

int ForwardingSocket::GetOption(rtc::Socket::Option option, int* value) {
  return socket_ ? socket_->GetOption(option, value) : refuse();
}

int ForwardingSocket::SetOption(rtc::Socket::Option option, int value) {
  return socket_ ? socket_->SetOption(option, value) : refuse();
}

int ForwardingSocket::GetError() const { return socket_ ? socket_->GetError() : error_; }

void ForwardingSocket::SetError(int error) {
  if (socket_) return socket_->SetError(error);
  error_ = error;
}

int ForwardingSocket::refuse() {
  error_ = ENOTCONN;
  return -1;
}

void ForwardingSocket::onSent(rtc::AsyncPacketSocket* /*socket*/, const rtc::SentPacket& packet) {
  SignalSentPacket(this, packet);
}

void ForwardingSocket::onReadyToSend(rtc::AsyncPacketSocket* /*socket*/) {
  SignalReadyToSend(this);
}

void ForwardingSocket::onAddressReady(rtc::AsyncPacketSocket* /*socket*/,
                                      const rtc::SocketAddress& address) {
  SignalAddressReady(this, address);
}

void ForwardingSocket::onConnect(rtc::AsyncPacketSocket* /*socket*/) { SignalConnect(this); }

}  // namespace rtcpub::peer
