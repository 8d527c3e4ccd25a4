#include "load/tiny_ice.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include "api/transport/stun.h"
#include "api/units/time_delta.h"
#include "rtc_base/byte_buffer.h"
#include "rtc_base/helpers.h"

namespace rtcpub::bench {
namespace {

constexpr int kBatch = 16;
constexpr std::size_t kMaxDatagram = 2048;
constexpr std::size_t kControlSize = 64;
constexpr int kReceiveBuffer = 2 << 20;  // a key frame to each of 200 clients at once
constexpr std::int64_t kTieBreaker = 77;
constexpr std::uint32_t kHostPriority = 0x7E0000FF;

std::int64_t microseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

std::int64_t now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return microseconds(time);
}

/// Where recvmmsg writes to. One for all sockets: they live on one thread.
struct Batch {
  Batch() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts[i] = {datagrams[i].data(), kMaxDatagram};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = control[i].data();
    }
  }
  int receive(int socket) {
    for (auto& message : messages) message.msg_hdr.msg_controllen = kControlSize;
    return recvmmsg(socket, messages.data(), kBatch, 0, nullptr);
  }
  /// When the kernel got the datagram (CLOCK_REALTIME), in microseconds.
  std::int64_t arrival(std::size_t index) {
    auto& header = messages[index].msg_hdr;
    for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec time{};
      std::memcpy(&time, CMSG_DATA(part), sizeof time);
      return microseconds(time);
    }
    return now(CLOCK_REALTIME);
  }
  std::array<std::array<std::uint8_t, kMaxDatagram>, kBatch> datagrams{};
  std::array<std::array<std::uint8_t, kControlSize>, kBatch> control{};
  std::array<iovec, kBatch> parts{};
  std::array<mmsghdr, kBatch> messages{};
};

int openSocket() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  // Without the privilege to force it, as much as is allowed.
  if (setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
  sockaddr_in any{};
  any.sin_family = AF_INET;
  (void)bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any);
  return socket;
}

int portOf(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool isStun(std::uint8_t first) { return first < 4; }  // RFC 7983
bool isRtp(std::span<const std::uint8_t> data) {
  return data.size() > 12 && data[0] >> 6 == 2 && (data[1] < 192 || data[1] > 223);  // RFC 5761
}

}  // namespace

TinyIce::TinyIce(rtc::Thread& thread, rtc::PhysicalSocketServer& sockets)
    : thread_(thread),
      sockets_(sockets),
      local_(rtc::CreateRandomString(4), rtc::CreateRandomString(24), false),
      socket_(openSocket()),
      port_(portOf(socket_)) {
  sockets_.Add(this);
}

TinyIce::~TinyIce() {
  checks_.Stop();
  sockets_.Remove(this);
  close(socket_);
}

void TinyIce::connect(const cricket::IceParameters& remote, const rtc::SocketAddress& address) {
  remote_ = remote;
  sockaddr_storage server{};
  const auto size = address.ToSockAddrStorage(&server);
  (void)::connect(socket_, reinterpret_cast<const sockaddr*>(&server),
                  static_cast<socklen_t>(size));
  checks_ = webrtc::RepeatingTaskHandle::Start(&thread_, [this] {
    check();
    return webrtc::TimeDelta::Millis(writable_ ? 2500 : 50);
  });
}

void TinyIce::filter(std::function<bool(std::span<const std::uint8_t>, std::int64_t)> filter) {
  filter_ = std::move(filter);
}

void TinyIce::check() {
  using cricket::StunByteStringAttribute;
  cricket::IceMessage request(cricket::STUN_BINDING_REQUEST);
  request.AddAttribute(std::make_unique<StunByteStringAttribute>(
      cricket::STUN_ATTR_USERNAME, remote_.ufrag + ":" + local_.ufrag));
  request.AddAttribute(std::make_unique<cricket::StunUInt64Attribute>(
      cricket::STUN_ATTR_ICE_CONTROLLING, kTieBreaker));
  request.AddAttribute(std::make_unique<StunByteStringAttribute>(cricket::STUN_ATTR_USE_CANDIDATE));
  request.AddAttribute(
      std::make_unique<cricket::StunUInt32Attribute>(cricket::STUN_ATTR_PRIORITY, kHostPriority));
  request.AddMessageIntegrity(remote_.pwd);
  request.AddFingerprint();
  rtc::ByteBufferWriter out;
  request.Write(&out);
  (void)::send(socket_, out.Data(), out.Length(), 0);
}

int TinyIce::SendPacket(const char* data, size_t size, const rtc::PacketOptions& /*options*/,
                        int /*flags*/) {
  return static_cast<int>(::send(socket_, data, size, 0));
}

int TinyIce::SetOption(rtc::Socket::Option /*option*/, int /*value*/) { return 0; }
int TinyIce::GetError() { return errno; }

cricket::IceTransportState TinyIce::GetState() const {
  return cricket::IceTransportState::STATE_COMPLETED;
}

webrtc::IceTransportState TinyIce::GetIceTransportState() const {
  return webrtc::IceTransportState::kConnected;
}

void TinyIce::OnEvent(uint32_t /*events*/, int /*error*/) {
  static Batch batch;
  const int count = batch.receive(socket_);
  const std::int64_t toMonotonic = now(CLOCK_MONOTONIC) - now(CLOCK_REALTIME);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const auto data =
        std::span<const std::uint8_t>(batch.datagrams[index])
            .first(std::min<std::size_t>(batch.messages[index].msg_len, kMaxDatagram));
    if (!data.empty()) onDatagram(data, batch.arrival(index) + toMonotonic);
  }
}

void TinyIce::onDatagram(std::span<const std::uint8_t> data, std::int64_t arrivalUs) {
  arrivalUs_ = arrivalUs;
  if (isStun(data[0])) return onStun(data);
  if (isRtp(data) && filter_ && !filter_(data, arrivalUs)) return;
  SignalReadPacket(this, reinterpret_cast<const char*>(data.data()), data.size(), arrivalUs, 0);
}

void TinyIce::onStun(std::span<const std::uint8_t> data) {
  cricket::IceMessage message;
  rtc::ByteBufferReader reader(reinterpret_cast<const char*>(data.data()), data.size());
  if (!message.Read(&reader) || message.type() != cricket::STUN_BINDING_RESPONSE || writable_) {
    return;
  }
  writable_ = true;
  SignalWritableState(this);
  SignalReadyToSend(this);
}

}  // namespace rtcpub::bench
