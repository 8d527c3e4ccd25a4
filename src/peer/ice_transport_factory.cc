#include "peer/ice_transport_factory.h"

#include <functional>
#include <string>
#include <utility>

#include "api/make_ref_counted.h"
#include "p2p/base/basic_ice_controller.h"
#include "p2p/base/default_ice_transport_factory.h"
#include "p2p/base/ice_controller_factory_interface.h"
#include "p2p/base/p2p_transport_channel.h"

namespace rtcpub::peer {
namespace {

/// How long the silent path must have been doubted, and the other one carried something.
/// Milliseconds.
constexpr int kSwitchingDelay = 200;

/// Runs on: the engine's network thread.
class Controller final : public cricket::BasicIceController {
 public:
  explicit Controller(const cricket::IceControllerFactoryArgs& args)
      : BasicIceController(args), isGone_(args.is_connection_pruned_func) {}

  void SetIceConfig(const cricket::IceConfig& config) override {
    auto quicker = config;
    quicker.receiving_switching_delay = kSwitchingDelay;
    BasicIceController::SetIceConfig(quicker);
  }

  void SetSelectedConnection(const cricket::Connection* selected) override {
    selected_ = selected;
    BasicIceController::SetSelectedConnection(selected);
  }

  void OnConnectionDestroyed(const cricket::Connection* connection) override {
    if (connection == selected_) selected_ = nullptr;
    BasicIceController::OnConnectionDestroyed(connection);
  }

  SwitchResult SortAndSwitchConnection(cricket::IceSwitchReason reason) override {
    auto result = BasicIceController::SortAndSwitchConnection(reason);
    if (result.connection || selected_ == nullptr || !isGone_(selected_)) return result;
    // Its interface is gone: there is nothing to wait for. The best of the others comes first.
    for (const auto* other : connections()) {
      if (other == selected_ || !other->writable() || isGone_(other)) continue;
      result.connection = other;
      break;
    }
    return result;
  }

 private:
  const std::function<bool(const cricket::Connection*)> isGone_;
  const cricket::Connection* selected_ = nullptr;
};

class ControllerFactory final : public cricket::IceControllerFactoryInterface {
 public:
  std::unique_ptr<cricket::IceControllerInterface> Create(
      const cricket::IceControllerFactoryArgs& args) override {
    return std::make_unique<Controller>(args);
  }
};

class TransportFactory final : public webrtc::IceTransportFactory {
 public:
  rtc::scoped_refptr<webrtc::IceTransportInterface> CreateIceTransport(
      const std::string& name, int component, webrtc::IceTransportInit init) override {
    ControllerFactory controllers;
    init.set_ice_controller_factory(&controllers);
    return rtc::make_ref_counted<webrtc::DefaultIceTransport>(
        cricket::P2PTransportChannel::Create(name, component, std::move(init)));
  }
};

}  // namespace

std::unique_ptr<webrtc::IceTransportFactory> makeIceTransportFactory() {
  return std::make_unique<TransportFactory>();
}

}  // namespace rtcpub::peer
