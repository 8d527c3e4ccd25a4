#pragma once

#include <functional>
#include <memory>

#include "api/peer_connection_interface.h"
#include "api/scoped_refptr.h"
#include "peer/decoder_guard.h"
#include "peer/encoding.h"
#include "peer/peer.h"
#include "peer/sctp_seam.h"
#include "rtc_base/thread.h"
#include "rtcpub/result.h"

namespace rtcpub::peer {

/// libwebrtc's thread and its factory on it, for one peer: whatever goes wrong in one stays there.
///
/// One thread is its signaling, worker and network thread: a message then reaches the socket, and a
/// received one its listener, without waking two more.
///
/// Runs on: made and destroyed on any thread but its own.
class Factory {
 public:
  /// `networkChanged` is called on a thread of its own. Errors: kInternal.
  static Result<std::unique_ptr<Factory>> create(const PeerOptions& options,
                                                 std::shared_ptr<Encoding> encoding,
                                                 std::shared_ptr<Decoding> decoding,
                                                 std::shared_ptr<SctpSeam> seam,
                                                 std::function<void()> networkChanged);
  ~Factory();
  Factory(const Factory&) = delete;
  Factory& operator=(const Factory&) = delete;

  rtc::Thread& thread() { return *thread_; }
  webrtc::PeerConnectionFactoryInterface& get() { return *factory_; }
  rtc::scoped_refptr<webrtc::VideoTrackInterface> createVideoTrack(
      const rtc::scoped_refptr<webrtc::VideoTrackSourceInterface>& source);

 private:
  Factory() = default;

  std::unique_ptr<rtc::Thread> thread_;
  rtc::scoped_refptr<webrtc::PeerConnectionFactoryInterface> factory_;
};

}  // namespace rtcpub::peer
