#include "webrtc_peer.h"

#include <api/audio_codecs/builtin_audio_decoder_factory.h>
#include <api/audio_codecs/builtin_audio_encoder_factory.h>
#include <api/create_peerconnection_factory.h>
#include <api/video/i420_buffer.h>
#include <api/video_codecs/builtin_video_decoder_factory.h>
#include <api/video_codecs/builtin_video_encoder_factory.h>
#include <rtc_base/logging.h>
#include <rtc_base/ref_counted_object.h>
#include <rtc_base/time_utils.h>

#include <chrono>
#include <future>

namespace rtcpub::testing {
namespace {

std::unique_ptr<rtc::Thread> started(std::unique_ptr<rtc::Thread> thread) {
  thread->Start();
  return thread;
}

class Created : public webrtc::CreateSessionDescriptionObserver {
 public:
  void OnSuccess(webrtc::SessionDescriptionInterface* sdp) override { result_.set_value(sdp); }
  void OnFailure(webrtc::RTCError) override { result_.set_value(nullptr); }
  webrtc::SessionDescriptionInterface* wait() { return result_.get_future().get(); }

 private:
  std::promise<webrtc::SessionDescriptionInterface*> result_;
};

class Set : public webrtc::SetLocalDescriptionObserverInterface,
            public webrtc::SetRemoteDescriptionObserverInterface {
 public:
  void OnSetLocalDescriptionComplete(webrtc::RTCError error) override { done(error); }
  void OnSetRemoteDescriptionComplete(webrtc::RTCError error) override { done(error); }
  std::string wait() { return result_.get_future().get(); }
  void AddRef() const override { ++references_; }
  rtc::RefCountReleaseStatus Release() const override {
    if (--references_ > 0) return rtc::RefCountReleaseStatus::kOtherRefsRemained;
    delete this;
    return rtc::RefCountReleaseStatus::kDroppedLastRef;
  }

 private:
  void done(const webrtc::RTCError& error) {
    result_.set_value(error.ok() ? "" : std::string("error: ") + error.message());
  }
  std::promise<std::string> result_;
  mutable std::atomic<int> references_{0};
};

}  // namespace

PeerFactory::PeerFactory()
    : network_(started(rtc::Thread::CreateWithSocketServer())),
      worker_(started(rtc::Thread::Create())),
      signaling_(started(rtc::Thread::Create())) {
  factory_ = webrtc::CreatePeerConnectionFactory(
      network_.get(), worker_.get(), signaling_.get(), nullptr,
      webrtc::CreateBuiltinAudioEncoderFactory(), webrtc::CreateBuiltinAudioDecoderFactory(),
      webrtc::CreateBuiltinVideoEncoderFactory(), webrtc::CreateBuiltinVideoDecoderFactory(),
      nullptr, nullptr);
  webrtc::PeerConnectionFactoryInterface::Options options;
  options.network_ignore_mask = 0;  // loopback, too
  factory_->SetOptions(options);
}

PeerFactory::~PeerFactory() { factory_ = nullptr; }

void PeerFactory::standStill(std::shared_future<void> until) {
  network_->PostTask([until = std::move(until)] { until.wait(); });
}

SyntheticVideo::SyntheticVideo()
    : thread_([this](const std::stop_token& stop) {
        for (std::uint8_t shade = 0; !stop.stop_requested(); ++shade) {
          auto buffer = webrtc::I420Buffer::Create(320, 240);
          std::fill_n(buffer->MutableDataY(), 320 * 240, shade);
          std::fill_n(buffer->MutableDataU(), 160 * 120, std::uint8_t{128});
          std::fill_n(buffer->MutableDataV(), 160 * 120, std::uint8_t{128});
          OnFrame(webrtc::VideoFrame::Builder()
                      .set_video_frame_buffer(buffer)
                      .set_timestamp_us(rtc::TimeMicros())
                      .build());
          std::this_thread::sleep_for(std::chrono::milliseconds(33));
        }
      }) {}

SyntheticVideo::~SyntheticVideo() = default;

class Peer::LabelledObserver : public webrtc::DataChannelObserver {
 public:
  LabelledObserver(Peer& peer, rtc::scoped_refptr<webrtc::DataChannelInterface> channel)
      : peer_(peer), channel_(std::move(channel)) {
    channel_->RegisterObserver(this);
  }
  ~LabelledObserver() override { channel_->UnregisterObserver(); }
  void OnStateChange() override {}
  void OnMessage(const webrtc::DataBuffer& buffer) override {
    peer_.onMessage(channel_->label(), {buffer.data.cdata<char>(), buffer.size()});
  }

 private:
  Peer& peer_;
  rtc::scoped_refptr<webrtc::DataChannelInterface> channel_;
};

Peer::Peer(PeerFactory& factory) : factory_(factory) {
  webrtc::PeerConnectionInterface::RTCConfiguration configuration;
  configuration.sdp_semantics = webrtc::SdpSemantics::kUnifiedPlan;
  configuration.bundle_policy = webrtc::PeerConnectionInterface::kBundlePolicyMaxBundle;
  connection_ =
      (*factory_)
          .CreatePeerConnectionOrError(configuration, webrtc::PeerConnectionDependencies(this))
          .MoveValue();
}

Peer::~Peer() {
  observers_.clear();
  connection_->Close();
  channels_.clear();
  connection_ = nullptr;
}

void Peer::sendVideo() {
  auto source = rtc::make_ref_counted<SyntheticVideo>();
  auto track = (*factory_).CreateVideoTrack("video", source.get());
  webrtc::RtpTransceiverInit init;
  init.direction = webrtc::RtpTransceiverDirection::kSendOnly;
  connection_->AddTransceiver(track, init);
}

void Peer::receiveVideo() {
  webrtc::RtpTransceiverInit init;
  init.direction = webrtc::RtpTransceiverDirection::kRecvOnly;
  connection_->AddTransceiver(cricket::MEDIA_TYPE_VIDEO, init);
}

void Peer::openChannel(const std::string& label, const webrtc::DataChannelInit& init) {
  adopt(connection_->CreateDataChannelOrError(label, &init).MoveValue());
}

std::string Peer::offer() {
  auto created = rtc::make_ref_counted<Created>();
  connection_->CreateOffer(created.get(), {});
  std::unique_ptr<webrtc::SessionDescriptionInterface> sdp(created->wait());
  std::string text;
  sdp->ToString(&text);
  const rtc::scoped_refptr<Set> set(new Set);
  connection_->SetLocalDescription(std::move(sdp), set);
  set->wait();
  return text;
}

std::string Peer::accept(const std::string& answer) {
  webrtc::SdpParseError error;
  auto sdp = webrtc::CreateSessionDescription(webrtc::SdpType::kAnswer, answer, &error);
  if (sdp == nullptr) return error.description;
  const rtc::scoped_refptr<Set> set(new Set);
  connection_->SetRemoteDescription(std::move(sdp), set);
  return set->wait();
}

std::string Peer::remote() const {
  std::string sdp;
  connection_->remote_description()->ToString(&sdp);
  return sdp;
}

bool Peer::send(const std::string& label, const std::string& text) {
  const auto channel = find(label);
  return channel != nullptr && channel->state() == webrtc::DataChannelInterface::kOpen &&
         channel->Send(webrtc::DataBuffer(text));
}

bool Peer::opened(const std::string& label) const {
  const auto channel = find(label);
  return channel != nullptr && channel->state() == webrtc::DataChannelInterface::kOpen;
}

bool Peer::closed(const std::string& label) const {
  const auto channel = find(label);
  return channel != nullptr && channel->state() == webrtc::DataChannelInterface::kClosed;
}

/// Whoever asks a channel waits for the signalling thread, which may be waiting for the lock.
rtc::scoped_refptr<webrtc::DataChannelInterface> Peer::find(const std::string& label) const {
  const std::lock_guard lock(mutex_);
  const auto found = channels_.find(label);
  return found == channels_.end() ? nullptr : found->second;
}

std::size_t Peer::received() const {
  const std::lock_guard lock(mutex_);
  return messages_.size();
}

std::vector<std::string> Peer::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void Peer::OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) {
  ++openedByOther_;
  adopt(std::move(channel));
}

void Peer::OnConnectionChange(webrtc::PeerConnectionInterface::PeerConnectionState state) {
  connected_ = state == webrtc::PeerConnectionInterface::PeerConnectionState::kConnected;
}

void Peer::OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) {
  auto track = transceiver->receiver()->track();
  if (track->kind() != webrtc::MediaStreamTrackInterface::kVideoKind) return;
  static_cast<webrtc::VideoTrackInterface*>(track.get())->AddOrUpdateSink(this, {});
}

void Peer::adopt(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) {
  auto observer = std::make_unique<LabelledObserver>(*this, channel);
  const std::lock_guard lock(mutex_);
  channels_[channel->label()] = channel;
  observers_.push_back(std::move(observer));
}

void Peer::onMessage(const std::string& label, const std::string& text) {
  const std::lock_guard lock(mutex_);
  messages_.push_back(label + ": " + text);
}

std::string withoutPorts(std::string sdp) {
  for (auto line = sdp.find("\nm="); line != std::string::npos; line = sdp.find("\nm=", line + 1)) {
    const auto port = sdp.find(' ', line) + 1;
    sdp.replace(port, sdp.find(' ', port) - port, "0");
  }
  return sdp;
}

}  // namespace rtcpub::testing
