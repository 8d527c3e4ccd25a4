#include "sfu/transport/udp_port.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <rtc_base/thread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// At most so many batches are read in a row, so that the rest gets its turn under a flood.
constexpr int kBatchesInARow = 16;
/// How often the socket is looked into while there is more to do: what a command waits.
constexpr std::chrono::milliseconds kReadInterval{1};
/// How long one event may take, so that timers and the other sockets get their turn.
constexpr std::chrono::milliseconds kEventTime{5};
/// Room for a key frame to a few hundred viewers, as far as the system allows.
constexpr int kSocketBuffer = 8 << 20;

void setBuffers(int descriptor) {
  const int size = kSocketBuffer;
  for (const auto& [force, plain] :
       {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, std::pair{SO_SNDBUFFORCE, SO_SNDBUF}}) {
    if (setsockopt(descriptor, SOL_SOCKET, force, &size, sizeof size) != 0) {
      setsockopt(descriptor, SOL_SOCKET, plain, &size, sizeof size);
    }
  }
}

bool bindTo(int descriptor, int family, const Endpoint& local) {
  const IpAddress& address = local.ip;
  sockaddr_in6 v6{};
  sockaddr_in v4{};
  std::memcpy(&v6.sin6_addr, address.data(), address.size());
  if (isIpv4(address)) std::memcpy(&v4.sin_addr, address.data() + 12, 4);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(local.port);
  v6.sin6_scope_id = local.scope;
  v4.sin_family = AF_INET;
  v4.sin_port = htons(local.port);
  return family == AF_INET6 ? bind(descriptor, reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0
                            : bind(descriptor, reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0;
}

/// When the kernel got what is received. Some systems can't tell (qemu-user): what lies in the
/// socket while the program stands still counts as fresh there.
void askForArrivalTimes(int descriptor) {
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

/// The clock of the kernel's arrival times.
std::chrono::nanoseconds wallClock() { return std::chrono::system_clock::now().time_since_epoch(); }

/// The destination address of what is received, to reply from it.
bool askForLocalAddress(int descriptor, int family) {
  const int on = 1;
  const int off = 0;
  if (family == AF_INET) {
    return setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0;
  }
  return setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0 &&
         setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) == 0;
}

std::uint16_t boundPort(int descriptor) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);  // at the same place in sockaddr_in
}

/// The kernel drops what didn't come by the loopback interface. That is how a machine's own packets
/// to any of its addresses come; a socket bound to 127.0.0.1 would shut Firefox out, which has no
/// way there, and one bound to the device (SO_BINDTODEVICE) those that go to an interface's
/// address.
bool takeFromThisMachineOnly(int descriptor) {
  constexpr std::uint32_t kLoopbackIndex = 1;  // Linux numbers it so in every namespace
  constexpr std::uint32_t kTakeAll = 0xFFFFFFFF;
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_IFINDEX)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kLoopbackIndex, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, kTakeAll),
      BPF_STMT(BPF_RET | BPF_K, 0),
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

/// The bound socket, or -1 with errno set.
int openSocket(int family, const Endpoint& local, Reach reach) {
  const int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  if ((reach == Reach::kAll || takeFromThisMachineOnly(descriptor)) &&
      askForLocalAddress(descriptor, family) && bindTo(descriptor, family, local)) {
    return descriptor;
  }
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

bool needsScope(const IpAddress& ip) { return ip[0] == 0xFE && (ip[1] & 0xC0) == 0x80; }

}  // namespace

Result<std::unique_ptr<UdpPort>> UdpPort::open(const Endpoint& local, Reach reach) {
  int family = isIpv4(local.ip) ? AF_INET : AF_INET6;
  int descriptor = openSocket(family, local, reach);
  const bool any = local.ip == IpAddress{};
  if (descriptor < 0 && any && errno != EADDRINUSE && errno != EACCES) {  // there is no IPv6
    family = AF_INET;
    descriptor = openSocket(family, local, reach);
  }
  if (descriptor < 0) {
    return fail(ErrorCode::kIo, "cannot open UDP port " + std::to_string(local.port) + ": " +
                                    std::generic_category().message(errno) +
                                    "; choose another media port, or stop what uses this one");
  }
  setBuffers(descriptor);
  askForArrivalTimes(descriptor);
  return std::unique_ptr<UdpPort>(new UdpPort(descriptor, family, boundPort(descriptor)));
}

UdpPort::UdpPort(int descriptor, int family, std::uint16_t port)
    : descriptor_(descriptor),
      family_(family),
      port_(port),
      received_(std::make_unique<Batch>()),
      outgoing_(std::make_unique<Batch>()) {
  for (const auto& batch : {received_.get(), outgoing_.get()}) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      Slot& slot = batch->slots[i];
      slot.vector = {slot.data.data(), slot.data.size()};
      msghdr& header = batch->headers[i].msg_hdr;
      header = {};
      header.msg_iov = &slot.vector;
      header.msg_iovlen = 1;
      header.msg_name = &slot.address;
      header.msg_control = slot.control.data();
    }
  }
}

UdpPort::~UdpPort() {
  stop();
  close(descriptor_);
}

void UdpPort::start(rtc::Thread& thread, rtc::PhysicalSocketServer& server, DatagramInput& input) {
  thread_ = &thread;
  server_ = &server;
  input_ = &input;
  server_->Add(this);
}

void UdpPort::stop() {
  if (server_ == nullptr) return;
  flush();
  server_->Remove(this);
  running_.reset();
  server_ = nullptr;
}

void UdpPort::OnEvent(std::uint32_t /*events*/, int /*error*/) {
  inEvent_ = true;
  receive();
  workOff(readAt_ + kEventTime);
  inEvent_ = false;
  flush();
  if (waits_ == waiting_.empty()) {
    waits_ = !waits_;
    server_->Update(this);
  }
}

/// Empties the socket: control is handled at once, the rest as long as there is time.
void UdpPort::receive() {
  for (int i = 0; i < kBatchesInARow; ++i) {
    const std::size_t count = receiveBatch();
    if (count == 0) return;
    deliverControl(count);
    if (count == kBatch || !waiting_.empty()) {
      keepRest(count);
    } else {
      deliverRest(count, Urgency::kReport);
      deliverRest(count, Urgency::kMedia);
    }
    if (count < kBatch) return;
  }
}

void UdpPort::workOff(Time end) {
  while (!waiting_.empty() && now_ < end) {
    const auto& next = waiting_.take(now_);
    deliver(next.data, next.path, next.read, next.lay, next.urgency);
    if (isTimeToRead()) receive();
  }
}

bool UdpPort::isTimeToRead() const { return now_ - readAt_ >= kReadInterval; }

/// How many came.
std::size_t UdpPort::receiveBatch() {
  prepareReceive();
  const int count = recvmmsg(descriptor_, received_->headers.data(), kBatch, 0, nullptr);
  readAt_ = monotonicNow();
  now_ = readAt_;
  readAtWallClock_ = wallClock();
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) {
    urgencies_[i] = urgencyOf({received_->slots[i].data.data(), received_->headers[i].msg_len});
  }
  return static_cast<std::size_t>(std::max(count, 0));
}

/// What it makes leave doesn't wait for what the others make leave.
void UdpPort::deliverControl(std::size_t count) {
  std::size_t handled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (urgencies_[i] != Urgency::kControl) continue;
    deliver(i);
    ++handled;
  }
  if (handled > 0 && (handled < count || !waiting_.empty())) flush();
}

void UdpPort::deliverRest(std::size_t count, Urgency urgency) {
  for (std::size_t i = 0; i < count; ++i) {
    if (urgencies_[i] != urgency) continue;
    if (isTimeToRead()) {
      keep(i);
    } else {
      deliver(i);
    }
  }
}

void UdpPort::keepRest(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (urgencies_[i] != Urgency::kControl) keep(i);
  }
}

void UdpPort::keep(std::size_t index) {
  const mmsghdr& message = received_->headers[index];
  if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
    ++oversized_;
    return;
  }
  waiting_.push(urgencies_[index], {received_->slots[index].data.data(), message.msg_len},
                readPath(index), readAt_, readAge(index, readAtWallClock_));
}

void UdpPort::deliver(std::size_t index) {
  const mmsghdr& message = received_->headers[index];
  if ((message.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
    ++oversized_;
    return;
  }
  deliver({received_->slots[index].data.data(), message.msg_len}, readPath(index), readAt_,
          readAge(index, readAtWallClock_), urgencies_[index]);
}

void UdpPort::deliver(std::span<const std::uint8_t> datagram, const Path& path, Time read,
                      std::chrono::microseconds lay, Urgency urgency) {
  age_ = now_ - read + lay;
  if (urgency == Urgency::kMedia) {
    if (!lateness_) lateness_ = {.least = age_, .most = age_};
    lateness_->least = std::min(lateness_->least, age_);
    lateness_->most = std::max(lateness_->most, age_);
  }
  input_->deliver(datagram, path, read);
  age_ = std::chrono::microseconds(0);
  now_ = monotonicNow();
}

std::optional<Lateness> UdpPort::takeLateness() { return std::exchange(lateness_, std::nullopt); }

void UdpPort::prepareReceive() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    msghdr& header = received_->headers[i].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_in6);
    header.msg_controllen = received_->slots[i].control.size();
    header.msg_flags = 0;
  }
}

Path UdpPort::readPath(std::size_t index) const {
  Path path;
  const Slot& slot = received_->slots[index];
  if (family_ == AF_INET6) {
    std::memcpy(path.remote.ip.data(), &slot.address.sin6_addr, path.remote.ip.size());
    path.remote.port = ntohs(slot.address.sin6_port);
    if (needsScope(path.remote.ip)) path.remote.scope = slot.address.sin6_scope_id;
  } else {
    sockaddr_in v4{};
    std::memcpy(&v4, &slot.address, sizeof v4);
    path.remote.ip = mappedIpv4(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
    path.remote.port = ntohs(v4.sin_port);
  }
  msghdr header = received_->headers[index].msg_hdr;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      std::memcpy(path.local.data(), &info.ipi6_addr, path.local.size());
    } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      path.local = mappedIpv4(reinterpret_cast<const std::uint8_t*>(&info.ipi_addr));
    }
  }
  return path;
}

std::chrono::microseconds UdpPort::readAge(std::size_t index,
                                           std::chrono::nanoseconds wallClock) const {
  msghdr header = received_->headers[index].msg_hdr;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec arrival{};
    std::memcpy(&arrival, CMSG_DATA(c), sizeof arrival);
    const auto age = wallClock - std::chrono::seconds(arrival.tv_sec) -
                     std::chrono::nanoseconds(arrival.tv_nsec);
    return std::max(std::chrono::duration_cast<std::chrono::microseconds>(age),
                    std::chrono::microseconds(0));
  }
  return std::chrono::microseconds(0);
}

void UdpPort::writePath(std::size_t index, const Path& path) {
  Slot& slot = outgoing_->slots[index];
  msghdr& header = outgoing_->headers[index].msg_hdr;
  const bool fromAnywhere = path.local == IpAddress{};
  auto* control = reinterpret_cast<cmsghdr*>(slot.control.data());
  slot.address = {};
  if (family_ == AF_INET6) {
    slot.address.sin6_family = AF_INET6;
    slot.address.sin6_port = htons(path.remote.port);
    slot.address.sin6_scope_id = path.remote.scope;
    std::memcpy(&slot.address.sin6_addr, path.remote.ip.data(), path.remote.ip.size());
    header.msg_namelen = sizeof(sockaddr_in6);
    in6_pktinfo info{};
    info.ipi6_ifindex = path.remote.scope;
    std::memcpy(&info.ipi6_addr, path.local.data(), path.local.size());
    *control = {CMSG_LEN(sizeof info), IPPROTO_IPV6, IPV6_PKTINFO};
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    header.msg_controllen = fromAnywhere ? 0 : CMSG_SPACE(sizeof info);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(path.remote.port);
    std::memcpy(&v4.sin_addr, path.remote.ip.data() + 12, 4);
    std::memcpy(&slot.address, &v4, sizeof v4);
    header.msg_namelen = sizeof v4;
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, path.local.data() + 12, 4);
    *control = {CMSG_LEN(sizeof info), IPPROTO_IP, IP_PKTINFO};
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    header.msg_controllen = fromAnywhere ? 0 : CMSG_SPACE(sizeof info);
  }
}

void UdpPort::send(const Path& path, std::span<const std::uint8_t> datagram) {
  if (datagram.size() > kMaxDatagram) {
    ++failures_;
    return;
  }
  Slot& slot = outgoing_->slots[queued_];
  std::memcpy(slot.data.data(), datagram.data(), datagram.size());
  slot.vector.iov_len = datagram.size();
  writePath(queued_, path);
  if (++queued_ == kBatch) {
    flush();
  } else if (!inEvent_) {
    flushSoon();
  }
}

void UdpPort::flushSoon() {
  if (flushPosted_ || thread_ == nullptr) return;
  flushPosted_ = true;
  thread_->PostTask([this, running = std::weak_ptr<bool>(running_)] {
    if (running.expired()) return;
    flushPosted_ = false;
    flush();
  });
}

void UdpPort::flush() {
  std::size_t done = 0;
  while (done < queued_) {
    const int sent = sendmmsg(descriptor_, outgoing_->headers.data() + done,
                              static_cast<unsigned>(queued_ - done), 0);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno != EINTR) {
      // The first of the rest could not be sent: a full buffer, or an error of that destination.
      // It is lost as any datagram may be, and must not stop the others.
      ++failures_;
      ++done;
    }
  }
  queued_ = 0;
}

}  // namespace rtcpub::sfu
