#include "sfu/transport/network.h"

#include <p2p/base/p2p_constants.h>
#include <rtc_base/helpers.h>
#include <rtc_base/rtc_certificate_generator.h>
#include <rtc_base/ssl_fingerprint.h>

#include <utility>

#include "engine/engine.h"
#include "sfu/transport/network_parts.h"

namespace rtcpub::sfu {

Result<std::unique_ptr<Network>> Network::open(std::uint16_t port) {
  engine::initialize();
  auto udp = UdpPort::open(port);
  if (!udp) return tl::unexpected(udp.error());
  auto parts = std::make_unique<Parts>();
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
  call([this] { parts_->port->start(*parts_->thread, *parts_->server, parts_->demultiplexer); });
}

Network::~Network() {
  call([this] { parts_->port->stop(); });
  parts_->thread->Stop();
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

IceCredentials Network::newCredentials() {
  // The user name finds its client among all of this port: longer than libwebrtc's usual 4.
  constexpr int kUfragLength = 12;
  return {rtc::CreateRandomString(kUfragLength), rtc::CreateRandomString(cricket::ICE_PWD_LENGTH)};
}

std::uint32_t Network::newSsrc() { return rtc::CreateRandomNonZeroId(); }

}  // namespace rtcpub::sfu
