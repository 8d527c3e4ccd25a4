#pragma once

#include <api/fec_controller.h>
#include <modules/video_coding/fec_controller_default.h>
#include <system_wrappers/include/clock.h>
#if RTCPUB_LIBWEBRTC >= 20240218
#include <api/environment/environment.h>
#endif

#include <memory>

namespace rtcpub::engine {

/// What libwebrtc makes controllers of forward error correction with.
#if RTCPUB_LIBWEBRTC >= 20240218
using FecSurroundings = webrtc::Environment;
#else
struct FecSurroundings {};
#endif

/// libwebrtc's own controller, which asks `callback`.
inline webrtc::FecControllerDefault makeFecController(const FecSurroundings& surroundings,
                                                      webrtc::VCMProtectionCallback& callback) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return {surroundings, &callback};
#else
  static_cast<void>(surroundings);
  return {webrtc::Clock::GetRealTimeClock(), &callback};
#endif
}

/// Stands between such a controller and the sender that protects: how packets are repeated it
/// leaves as it is.
class FecProtection : public webrtc::VCMProtectionCallback {
#if RTCPUB_LIBWEBRTC >= 20240218
 public:
  void SetRetransmissionMode(int mode) final { sender().SetRetransmissionMode(mode); }
#endif

 private:
  virtual webrtc::VCMProtectionCallback& sender() = 0;
};

/// Makes controllers for libwebrtc.
class FecControllerFactory : public webrtc::FecControllerFactoryInterface {
 public:
#if RTCPUB_LIBWEBRTC >= 20240218
  std::unique_ptr<webrtc::FecController> CreateFecController(
      const webrtc::Environment& environment) final {
    return make(environment);
  }
#else
  std::unique_ptr<webrtc::FecController> CreateFecController() final { return make({}); }
#endif

 private:
  virtual std::unique_ptr<webrtc::FecController> make(const FecSurroundings& surroundings) = 0;
};

}  // namespace rtcpub::engine
