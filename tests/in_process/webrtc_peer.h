#pragma once

#include <api/peer_connection_interface.h>
#include <api/video/video_sink_interface.h>
#include <media/base/adapted_video_track_source.h>
#include <rtc_base/thread.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A client of the media server that shares no code with ours: libwebrtc's own PeerConnection.
namespace rtcpub::testing {

/// The threads and the factory, one for all peers of a test.
class PeerFactory {
 public:
  PeerFactory();
  ~PeerFactory();
  webrtc::PeerConnectionFactoryInterface& operator*() { return *factory_; }
  /// Its peers neither send nor receive until `until` is ready, as if the program stood still.
  void standStill(std::shared_future<void> until);

 private:
  std::unique_ptr<rtc::Thread> network_;
  std::unique_ptr<rtc::Thread> worker_;
  std::unique_ptr<rtc::Thread> signaling_;
  rtc::scoped_refptr<webrtc::PeerConnectionFactoryInterface> factory_;
};

/// Grey frames of 320x240 at 30 a second, from a thread of its own.
class SyntheticVideo : public rtc::AdaptedVideoTrackSource {
 public:
  SyntheticVideo();
  ~SyntheticVideo() override;
  SourceState state() const override { return kLive; }
  bool remote() const override { return false; }
  bool is_screencast() const override { return false; }
  absl::optional<bool> needs_denoising() const override { return false; }

 private:
  std::jthread thread_;
};

class Peer : public webrtc::PeerConnectionObserver,
             public rtc::VideoSinkInterface<webrtc::VideoFrame> {
 public:
  explicit Peer(PeerFactory& factory);
  ~Peer() override;

  void sendVideo();
  void receiveVideo();
  void openChannel(const std::string& label, const webrtc::DataChannelInit& init = {});
  /// Sets it as the local description, too.
  std::string offer();
  /// Empty, or what is wrong with it.
  std::string accept(const std::string& answer);
  /// The next offer has other ICE credentials.
  void restartIce() { connection_->RestartIce(); }
  /// The answer that was accepted last.
  [[nodiscard]] std::string remote() const;
  bool send(const std::string& label, const std::string& text);

  [[nodiscard]] int frames() const { return frames_; }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool opened(const std::string& label) const;
  /// Whether it was opened and closed again.
  [[nodiscard]] bool closed(const std::string& label) const;
  /// How many channels the other side opened.
  [[nodiscard]] int openedByOther() const { return openedByOther_; }
  /// How many messages came so far.
  [[nodiscard]] std::size_t received() const;
  /// "label: text" of every message so far.
  [[nodiscard]] std::vector<std::string> messages() const;

 private:
  class LabelledObserver;

  // webrtc::PeerConnectionObserver
  void OnSignalingChange(webrtc::PeerConnectionInterface::SignalingState) override {}
  void OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) override;
  void OnIceGatheringChange(webrtc::PeerConnectionInterface::IceGatheringState) override {}
  void OnIceCandidate(const webrtc::IceCandidateInterface*) override {}
  void OnConnectionChange(webrtc::PeerConnectionInterface::PeerConnectionState state) override;
  void OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) override;
  // rtc::VideoSinkInterface
  void OnFrame(const webrtc::VideoFrame&) override { ++frames_; }

  void adopt(rtc::scoped_refptr<webrtc::DataChannelInterface> channel);
  [[nodiscard]] rtc::scoped_refptr<webrtc::DataChannelInterface> find(
      const std::string& label) const;
  void onMessage(const std::string& label, const std::string& text);

  PeerFactory& factory_;
  rtc::scoped_refptr<webrtc::PeerConnectionInterface> connection_;
  std::atomic<int> frames_{0};
  std::atomic<bool> connected_{false};
  std::atomic<int> openedByOther_{0};
  mutable std::mutex mutex_;
  std::map<std::string, rtc::scoped_refptr<webrtc::DataChannelInterface>> channels_;
  std::vector<std::unique_ptr<LabelledObserver>> observers_;
  std::vector<std::string> messages_;
};

/// An SDP with every section rejected.
std::string withoutPorts(std::string sdp);

}  // namespace rtcpub::testing
