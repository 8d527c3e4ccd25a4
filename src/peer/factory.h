#pragma once

#include <memory>

#include "api/peer_connection_interface.h"
#include "api/scoped_refptr.h"
#include "peer/key_frame_interval_encoder.h"
#include "rtc_base/thread.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// libwebrtc's threads and its factory on them, for one peer: whatever goes wrong in one stays
/// there.
///
/// Runs on: made and destroyed on any thread but its own.
class Factory {
 public:
  /// Errors: kInternal.
  static Result<std::unique_ptr<Factory>> create(
      bool lan, std::shared_ptr<const KeyFrameInterval> keyFrameInterval);
  ~Factory();
  Factory(const Factory&) = delete;
  Factory& operator=(const Factory&) = delete;

  rtc::Thread& signaling() { return *signaling_; }
  webrtc::PeerConnectionFactoryInterface& get() { return *factory_; }

 private:
  Factory() = default;

  std::unique_ptr<rtc::Thread> network_;
  std::unique_ptr<rtc::Thread> worker_;
  std::unique_ptr<rtc::Thread> signaling_;
  rtc::scoped_refptr<webrtc::PeerConnectionFactoryInterface> factory_;
};

}  // namespace rtcpub::peer
