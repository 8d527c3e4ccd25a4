#include "peer/relay_probe.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "api/peer_connection_interface.h"
#include "core/ice/ice_error.h"
#include "core/text/text.h"
#include "engine/engine.h"
#include "peer/descriptions.h"
#include "peer/factory.h"
#include "peer/ice_configuration.h"

namespace rtcpub::peer {
namespace {

using webrtc::PeerConnectionInterface;
using Clock = std::chrono::steady_clock;

/// What gathering has brought so far. Any thread.
class Gathering final : public webrtc::PeerConnectionObserver {
 public:
  /// Waits until there is an address, or nothing more will come.
  doctor::RelayFinding waitUntil(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return finding_.allocated || complete_; });
    return finding_;
  }

  void OnIceCandidate(const webrtc::IceCandidateInterface* candidate) override {
    const auto& found = candidate->candidate();
    const std::scoped_lock lock(mutex_);
    if (found.type() != "relay" || finding_.allocated) return;
    finding_.allocated = true;
    finding_.address = found.address().ToString();
    changed_.notify_all();
  }
  void OnIceCandidateError(const std::string& /*address*/, int /*port*/, const std::string& /*url*/,
                           int code, const std::string& text) override {
    if (code == kIceServerNotReachable) return;  // also said by interfaces that lead nowhere
    const std::scoped_lock lock(mutex_);
    finding_.problem = std::to_string(code) + " " + text::printable(text, 80);
  }
  void OnIceGatheringChange(PeerConnectionInterface::IceGatheringState state) override {
    const std::scoped_lock lock(mutex_);
    complete_ = state == PeerConnectionInterface::kIceGatheringComplete;
    changed_.notify_all();
  }
  void OnSignalingChange(PeerConnectionInterface::SignalingState /*state*/) override {}
  void OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface> /*channel*/) override {}

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  doctor::RelayFinding finding_;
  bool complete_ = false;
};

}  // namespace

Result<doctor::RelayFinding> probeRelay(PeerOptions options, std::chrono::milliseconds limit) {
  const auto began = Clock::now();
  engine::initialize();
  auto factory = Factory::create(options, std::make_shared<Encoding>(),
                                 std::make_shared<Decoding>(), std::make_shared<SctpSeam>(), [] {});
  if (!factory) return tl::unexpected(factory.error());
  Gathering gathering;
  PeerConnectionInterface::RTCConfiguration configuration;
  webrtc::PeerConnectionDependencies dependencies(&gathering);
  options.relayOnly = true;
  const auto seen = std::make_shared<SeenCertificates>();
  if (auto configured = configureIce(options, configuration, dependencies, seen); !configured) {
    return tl::unexpected(configured.error());
  }
  auto made = (*factory)->get().CreatePeerConnectionOrError(configuration, std::move(dependencies));
  if (!made.ok()) return fail(ErrorCode::kInvalidArgument, "it is no ICE server's URL");
  auto connection = made.MoveValue();
  const webrtc::DataChannelInit init;
  auto channel = connection->CreateDataChannelOrError("rtcpub.doctor", &init);
  connection->SetLocalDescription(whenLocalIsSet([](const webrtc::RTCError& /*error*/) {}));
  auto finding = gathering.waitUntil(began + limit);
  finding.ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
  connection->Close();
  if (!finding.allocated && !options.iceServers.empty()) {
    finding.certificate = certificateProblem(*seen, hostOfIceUrl(options.iceServers.front().url));
  }
  return finding;
}

}  // namespace rtcpub::peer
