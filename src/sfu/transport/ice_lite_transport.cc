#include "sfu/transport/ice_lite_transport.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// More than any client has ways to reach us; the oldest is forgotten, so that valid checks from
/// ever new ports cost no memory.
constexpr std::size_t kMaxPaths = 16;

}  // namespace

IceLiteTransport::IceLiteTransport(IceCredentials local, Demultiplexer& demultiplexer,
                                   DatagramOutput& output)
    : agent_(std::move(local)), demultiplexer_(demultiplexer), output_(output) {
  demultiplexer_.add(agent_.local().ufrag, *this);
}

IceLiteTransport::~IceLiteTransport() {
  for (const auto& path : bound_) demultiplexer_.unbind(path, *this);
  demultiplexer_.forget(agent_.local().ufrag, *this);
  if (previous_) demultiplexer_.forget(previous_->local().ufrag, *this);
  SignalDestroyed(this);
}

void IceLiteTransport::restart(IceCredentials local) {
  if (previous_) demultiplexer_.forget(previous_->local().ufrag, *this);
  previous_ = std::exchange(agent_, IceAgent(std::move(local)));
  demultiplexer_.add(agent_.local().ufrag, *this);
}

/// Checks with the credentials from before a restart still count: the answer with the new ones may
/// never have arrived.
const IceAgent& IceLiteTransport::agentFor(std::span<const std::uint8_t> datagram) const {
  return previous_ && localUfrag(datagram) == std::string_view(previous_->local().ufrag)
             ? *previous_
             : agent_;
}

void IceLiteTransport::onStun(std::span<const std::uint8_t> datagram, const Path& path, Time now) {
  const IceCheck check = agentFor(datagram).handle(datagram, path.remote);
  if (!check.reply.empty()) output_.send(path, check.reply);
  if (!check.valid) return;
  bind(path);
  if (check.nominated || !writable()) selected_ = path;
  nominated_ |= check.nominated;
  const bool first = !writable();
  lastCheck_ = now;
  lastHeard_ = now;
  if (first) becomeWritable();
}

void IceLiteTransport::bind(const Path& path) {
  if (!bound_.empty() && bound_.back() == path) return;
  std::erase(bound_, path);
  if (bound_.size() == kMaxPaths) {
    demultiplexer_.unbind(bound_.front(), *this);
    bound_.erase(bound_.begin());
  }
  bound_.push_back(path);
  demultiplexer_.bind(path, *this);
}

void IceLiteTransport::becomeWritable() {
  SignalWritableState(this);
  SignalReceivingState(this);
  SignalReadyToSend(this);
  SignalIceTransportStateChanged(this);
  SignalStateChanged(this);
}

void IceLiteTransport::onDatagram(std::span<const std::uint8_t> datagram, const Path& path,
                                  Time now) {
  // libwebrtc's clients start DTLS on a pair that works before they nominate it: the answer must go
  // where they speak, or the handshake waits for a retransmission of a second.
  if (!nominated_) selected_ = path;
  lastHeard_ = now;
  const std::int64_t arrivalUs = now.time_since_epoch().count();
  SignalReadPacket(this, reinterpret_cast<const char*>(datagram.data()), datagram.size(), arrivalUs,
                   0);
}

int IceLiteTransport::SendPacket(const char* data, std::size_t size,
                                 const rtc::PacketOptions& /*options*/, int /*flags*/) {
  if (!writable()) {
    error_ = ENOTCONN;
    return -1;
  }
  // SignalSentPacket is left out: only a sending bandwidth estimator listens to it.
  output_.send(selected_, {reinterpret_cast<const std::uint8_t*>(data), size});
  return static_cast<int>(size);
}

cricket::IceTransportState IceLiteTransport::GetState() const {
  return writable() ? cricket::IceTransportState::STATE_COMPLETED
                    : cricket::IceTransportState::STATE_INIT;
}

webrtc::IceTransportState IceLiteTransport::GetIceTransportState() const {
  return writable() ? webrtc::IceTransportState::kConnected : webrtc::IceTransportState::kNew;
}

}  // namespace rtcpub::sfu
