#include "sfu/transport/network.h"

#include <p2p/base/p2p_constants.h>
#include <rtc_base/helpers.h>
#include <rtc_base/rtc_certificate_generator.h>
#include <rtc_base/ssl_fingerprint.h>

#include <algorithm>
#include <utility>

#include "engine/engine.h"
#include "sfu/transport/interfaces.h"
#include "sfu/transport/network_parts.h"

namespace rtcpub::sfu {
namespace {

constexpr std::chrono::seconds kSweep{1};
constexpr int kSecretSize = 32;

bool contains(const std::vector<std::string>& addresses, const IpAddress& ip) {
  return std::find(addresses.begin(), addresses.end(), toString(ip)) != addresses.end();
}

/// Interfaces come and go: they are read each time, which only clients with credentials cause.
bool isOwn(const IpAddress& ip, const std::vector<IpAddress>& publicIps, bool ipv6) {
  if (std::find(publicIps.begin(), publicIps.end(), ip) != publicIps.end()) return true;
  const HostAddresses host = hostAddresses(ipv6);
  return contains(host.usable, ip) || contains(host.linkLocal, ip) || contains(host.loopback, ip);
}

/// The address that the client called, or the public one that stands for it.
IpAddress relayedFor(const IpAddress& called, const std::vector<IpAddress>& publicIps) {
  const auto found = std::find_if(publicIps.begin(), publicIps.end(), [&](const IpAddress& ip) {
    return isIpv4(ip) == isIpv4(called);
  });
  return found == publicIps.end() ? called : *found;
}

}  // namespace

Result<std::unique_ptr<Network>> Network::open(std::uint16_t port, Reach reach) {
  engine::initialize();
  auto udp = UdpPort::open({.port = port}, reach);
  if (!udp) return tl::unexpected(udp.error());
  auto parts = std::make_unique<Parts>(rtc::CreateRandomString(kSecretSize));
  parts->port = std::move(*udp);
  parts->certificate =
      rtc::RTCCertificateGenerator::GenerateCertificate(rtc::KeyParams::ECDSA(), absl::nullopt);
  if (parts->certificate == nullptr) {
    return fail(ErrorCode::kInternal, "cannot make the DTLS certificate");
  }
  auto server = std::make_unique<rtc::PhysicalSocketServer>();
  parts->server = server.get();
  parts->thread = std::make_unique<rtc::Thread>(std::move(server));
  parts->thread->SetName("rtcpub-net", nullptr);
  parts->thread->Start();
  return std::unique_ptr<Network>(new Network(std::move(parts)));
}

Network::Network(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
  call([this] { start(); });
}

void Network::start() {
  Parts& parts = *parts_;
  parts.outlet.setUdp(*parts.port);
  parts.streams = std::make_unique<StreamPort>(*parts.thread, *parts.server, parts.outlet,
                                               parts.stun, parts.demultiplexer, parts.turn);
  parts.port->start(*parts.thread, *parts.server, parts.stun);
  sweep();
}

Network::~Network() {
  call([this] {
    parts_->streams.reset();
    if (parts_->turnPort) parts_->turnPort->stop();
    parts_->port->stop();
  });
  parts_->thread->Stop();
}

void Network::sweep() {
  const Time now = monotonicNow();
  parts_->turn.sweep(now);
  parts_->streams->sweep(now);
  postAfter(kSweep, [this] {
    if (parts_->streams) sweep();
  });
}

Result<void> Network::serveTurn(const Endpoint& local, std::vector<IpAddress> publicIps) {
  auto opened = UdpPort::open(local);
  call([&] {
    Parts& parts = *parts_;
    TurnPolicy policy;
    policy.mediaPort = this->port();
    policy.isOwn = [publicIps, ipv6 = ipv6()](const IpAddress& ip) {
      return isOwn(ip, publicIps, ipv6);
    };
    policy.relayedFor = [publicIps](const IpAddress& called) {
      return relayedFor(called, publicIps);
    };
    parts.turn.setPolicy(std::move(policy));
    if (!opened) return;
    parts.turnPort = std::move(*opened);
    parts.turnInput = std::make_unique<TurnUdpInput>(parts.turn, *parts.turnPort);
    parts.turnPort->start(*parts.thread, *parts.server, *parts.turnInput);
  });
  if (!opened) return tl::unexpected(opened.error());
  return {};
}

void Network::takeStream(int descriptor, std::vector<std::uint8_t> received) {
  auto owned = std::make_shared<OwnedDescriptor>(descriptor);  // closed, if it is dropped
  post([this, owned, received = std::move(received)] {
    if (parts_->streams) parts_->streams->take(std::move(*owned), received, monotonicNow());
  });
}

TurnCredentials Network::turnCredentials(TurnTerm term) const {
  constexpr int kSessionSize = 12;
  return parts_->secret.credentials(rtc::CreateRandomString(kSessionSize), term);
}

void Network::post(std::function<void()> task) { parts_->thread->PostTask(std::move(task)); }

void Network::call(const std::function<void()>& task) {
  parts_->thread->BlockingCall([&task] { task(); });
}

void Network::postAfter(std::chrono::microseconds delay, std::function<void()> task) {
  parts_->thread->PostDelayedHighPrecisionTask(std::move(task),
                                               webrtc::TimeDelta::Micros(delay.count()));
}

std::uint16_t Network::port() const { return parts_->port->port(); }

bool Network::ipv6() const { return parts_->port->ipv6(); }

Fingerprint Network::fingerprint() const {
  const auto fingerprint = rtc::SSLFingerprint::CreateFromCertificate(*parts_->certificate);
  return {fingerprint->algorithm,
          {fingerprint->digest.cdata(), fingerprint->digest.cdata() + fingerprint->digest.size()}};
}

std::uint64_t Network::sendFailures() const { return parts_->port->failures(); }

std::uint64_t Network::garbage() const {
  return parts_->demultiplexer.garbage() + parts_->port->oversized();
}

std::chrono::microseconds Network::takeLateness() {
  const auto direct = parts_->port->takeLateness();
  const auto relayed = parts_->turnPort ? parts_->turnPort->takeLateness() : std::nullopt;
  return later(direct, relayed).value_or(Lateness{}).least;
}

std::uint64_t Network::droppedLate() const {
  return parts_->port->droppedLate() + (parts_->turnPort ? parts_->turnPort->droppedLate() : 0);
}

TurnStats Network::turn() const { return parts_->turn.stats(); }

StreamStats Network::streams() const {
  if (!parts_->streams) return {};
  return {.open = parts_->streams->size(), .dropped = parts_->streams->dropped()};
}

IceCredentials Network::newCredentials() {
  // The user name finds its client among all of this port: longer than libwebrtc's usual 4.
  constexpr int kUfragLength = 12;
  return {rtc::CreateRandomString(kUfragLength), rtc::CreateRandomString(cricket::ICE_PWD_LENGTH)};
}

std::uint32_t Network::newSsrc() { return rtc::CreateRandomNonZeroId(); }

}  // namespace rtcpub::sfu
