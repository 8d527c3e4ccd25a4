#include "peer/peer.h"

#include <algorithm>
#include <utility>

#include "api/peer_connection_interface.h"
#include "api/task_queue/pending_task_safety_flag.h"
#include "engine/engine.h"
#include "log/log.h"
#include "peer/channels.h"
#include "peer/codec_preferences.h"
#include "peer/descriptions.h"
#include "peer/factory.h"
#include "peer/ice_configuration.h"
#include "peer/ice_transport_factory.h"
#include "peer/read_stats.h"
#include "peer/sctp_seam.h"
#include "peer/track_source.h"
#include "peer/video_sink.h"

namespace rtcpub::peer {
namespace {

using webrtc::PeerConnectionInterface;
using ConnectionState = PeerConnectionInterface::PeerConnectionState;

/// No start above this: on a narrow link it fills the queue for seconds.
constexpr int kMaxStartBitrate = 2'000'000;
/// The estimate must be free to rise far above the video's bitrate, since it sets the pacer's rate.
constexpr int kMaxBitrate = 50'000'000;
/// What video may take that comes encoded, by a camera say.
constexpr int kMaxEncodedBitrate = 20'000'000;

/// A server has some addresses, not hundreds.
constexpr std::size_t kMaxEarlyCandidates = 100;

PeerConnectionInterface::RTCConfiguration makeConfiguration() {
  PeerConnectionInterface::RTCConfiguration configuration;
  configuration.bundle_policy = PeerConnectionInterface::kBundlePolicyMaxBundle;
  configuration.rtcp_mux_policy = PeerConnectionInterface::kRtcpMuxPolicyRequire;
  // A robot changes networks: new interfaces bring new candidates. There is no end of candidates,
  // then.
  configuration.continual_gathering_policy = PeerConnectionInterface::GATHER_CONTINUALLY;
  // Milliseconds. Several pairs are tried before one answers: don't wait 48 for each.
  configuration.ice_check_interval_weak_connectivity = 10;
  configuration.ice_check_interval_strong_connectivity = 250;
  configuration.stable_writable_connection_ping_interval_ms = 300;
  // A path is doubted, and others are tried, when nothing came for that long; it is no good when
  // checks weren't answered for two seconds.
  configuration.ice_connection_receiving_timeout = 800;
  configuration.ice_unwritable_timeout = 2000;
  configuration.set_prerenderer_smoothing(false);
  return configuration;
}

Error invalid(const std::string& what, const webrtc::RTCError& error) {
  return {ErrorCode::kInvalidArgument, what + ": " + error.message()};
}

/// Runs on: the signaling thread, but for its public functions, which are called on any other.
class PeerImpl final : public Peer, private webrtc::PeerConnectionObserver {
 public:
  explicit PeerImpl(PeerListener& listener) : listener_(listener) {}

  Result<void> open(const PeerOptions& options) {
    auto made = Factory::create(options, encoding_, decoding_, seam_,
                                [this] { listener_.onNetworkChanged(); });
    if (!made) return tl::unexpected(made.error());
    factory_ = std::move(*made);
    channels_.emplace(factory_->thread(), listener_, seam_);
    auto configuration = makeConfiguration();
    webrtc::PeerConnectionDependencies dependencies(this);
    dependencies.ice_transport_factory = makeIceTransportFactory();
    iceServerErrors_ = IceServerErrors(options.iceServers);
    auto configured =
        configureIce(options, configuration, dependencies, iceServerErrors_.certificates());
    if (!configured) return configured;
    auto connection =
        factory_->get().CreatePeerConnectionOrError(configuration, std::move(dependencies));
    if (!connection.ok()) {
      return tl::unexpected(invalid("the peer connection could not be made (see the ICE servers)",
                                    connection.error()));
    }
    connection_ = connection.MoveValue();
    return {};
  }

  ~PeerImpl() override {
    if (source_) source_->connect({});
    if (!factory_) return;
    finishStats();
    factory_->thread().BlockingCall([this] { close(); });
  }

  Result<void> sendVideo(VideoSource& source, const VideoSendOptions& options) override {
    if (source_) return fail(ErrorCode::kInvalidArgument, "there is a video to send already");
    encoding_->encoders = options.encoders;
    encoding_->intraRefresh = options.intraRefresh;
    encoding_->bitrateKbps = options.bitrateKbps;
    encoding_->keyFrameInterval = options.keyFrameInterval;
    encoding_->source = &source;
    auto track = rtc::make_ref_counted<TrackSource>(encoding_);
    auto added =
        factory_->thread().BlockingCall([&] { return addSender(track, options, source.codec()); });
    if (!added) return added;
    source_ = &source;
    source.connect({.frame = [track](const VideoFrame& frame) { track->push(frame); },
                    .encoded = [track](const EncodedFrame& frame) { track->push(frame); }});
    return {};
  }

  Result<void> receiveVideo(std::optional<VideoCodec> codec) override {
    return factory_->thread().BlockingCall([&] { return addReceiver(codec); });
  }

  Result<void> addChannel(const std::string& label, const DataChannelOptions& options) override {
    return factory_->thread().BlockingCall([&] { return createChannel(label, options); });
  }

  void createOffer() override {
    post([this] { setLocal(&PeerListener::onOffer); });
  }
  void preferCodec(VideoCodec codec) override {
    post([this, codec] {
      if (!sender_) return;
      auto codecs = withFirst(sender_->codec_preferences(), codec);
      const auto set = sender_->SetCodecPreferences(codecs);
      if (!set.ok()) log().warn("the video codec can't be changed: {}", set.message());
    });
  }
  void restartIce() override {
    post([this] {
      connection_->RestartIce();
      setLocal(&PeerListener::onOffer);
    });
  }
  void refreshPath() override {
    post([this] { addServersCandidates(); });
  }
  void applyAnswer(const std::string& sdp) override {
    post([this, sdp] {
      setRemote(webrtc::SdpType::kAnswer, sdp, [this] { listener_.onAnswerApplied(); });
    });
  }
  void applyOffer(const std::string& sdp) override {
    post([this, sdp] {
      setRemote(webrtc::SdpType::kOffer, sdp, [this] { setLocal(&PeerListener::onAnswer); });
    });
  }
  void addCandidate(const Candidate& candidate) override {
    if (candidate.line.empty()) return;  // no more will come, which changes nothing here
    post([this, candidate] { add(candidate); });
  }

  bool send(const std::string& label, const Message& message, const Dispatch& dispatch) override {
    return channels_->send(label, message, dispatch);
  }

  void stats(std::function<void(PeerStats)> done) override {
    post([this, done = std::move(done)]() mutable {
      ++*pendingStats_;
      connection_->GetStats(
          readStats([alive = alive_, pending = pendingStats_, encoding = encoding_,
                     decoding = decoding_, done = std::move(done)](PeerStats figures) {
            --*pending;
            figures.droppedGroups = encoding->droppedGroups;
            figures.fecKbps = encoding->fecKbps;
            figures.incompleteFrames = decoding->incompleteFrames;
            figures.feedbackMissing = encoding->feedbackMissing;
            if (alive->alive()) done(std::move(figures));
          }).get());
    });
  }

 private:
  /// Runs `step` on the signaling thread, unless the peer is gone by then.
  template <class Step>
  void post(Step step) {
    factory_->thread().PostTask(webrtc::SafeTask(alive_, std::move(step)));
  }

  /// Lets the thread make the figures that are under way: PeerConnection::Close() waits for them,
  /// and would do so on the very thread that makes them.
  void finishStats() {
    const auto underWay = [this] {
      alive_->SetNotAlive();  // no more are asked for
      return *pendingStats_ > 0;
    };
    while (factory_->thread().BlockingCall(underWay)) {
    }
  }

  void close() {
    if (channels_) channels_->close();
    if (!connection_) return;
    showTrack(nullptr);
    connection_->Close();
    sender_ = nullptr;
    connection_ = nullptr;
  }

  Result<void> addSender(const rtc::scoped_refptr<TrackSource>& source,
                         const VideoSendOptions& options, std::optional<VideoCodec> encoded) {
    // Nobody can make video smaller that comes encoded.
    const int bitrate = std::max(options.bitrateKbps * 1000, encoded ? kMaxEncodedBitrate : 0);
    auto track = factory_->createVideoTrack(source);
    // When bits or cycles are short the resolution drops, not the rate of pictures.
    track->set_content_hint(webrtc::VideoTrackInterface::ContentHint::kFluid);
    webrtc::RtpTransceiverInit init;
    init.direction = webrtc::RtpTransceiverDirection::kSendOnly;
    init.stream_ids = {"rtcpub"};
    auto& encoding = init.send_encodings.emplace_back();
    encoding.max_bitrate_bps = bitrate;
    if (options.temporalLayers > 1) encoding.num_temporal_layers = options.temporalLayers;
    auto sender = connection_->AddTransceiver(track, init);
    if (!sender.ok()) return tl::unexpected(invalid("the video can't be sent", sender.error()));

    webrtc::BitrateSettings estimate;
    estimate.start_bitrate_bps = std::min(bitrate, kMaxStartBitrate);
    estimate.max_bitrate_bps = std::max(bitrate, kMaxBitrate);
    if (auto set = connection_->SetBitrate(estimate); !set.ok()) {
      return tl::unexpected(invalid("the bitrate can't be used", set));
    }
    sender_ = sender.MoveValue();
    if (auto set = preferCodecs(*sender_,
                                factory_->get().GetRtpSenderCapabilities(cricket::MEDIA_TYPE_VIDEO),
                                encoded ? encoded : options.codec, Fec::kYes);
        !set) {
      return set;
    }
    auto codecs = withFirst(sender_->codec_preferences(), options.first);
    (void)sender_->SetCodecPreferences(codecs);
    return {};
  }

  Result<void> addReceiver(std::optional<VideoCodec> codec) {
    if (receiving_) return fail(ErrorCode::kInvalidArgument, "video is received already");
    webrtc::RtpTransceiverInit init;
    init.direction = webrtc::RtpTransceiverDirection::kRecvOnly;
    auto receiver = connection_->AddTransceiver(cricket::MEDIA_TYPE_VIDEO, init);
    if (!receiver.ok()) {
      return tl::unexpected(invalid("no video can be received", receiver.error()));
    }
    receiving_ = true;
    return preferCodecs(*receiver.value(),
                        factory_->get().GetRtpReceiverCapabilities(cricket::MEDIA_TYPE_VIDEO),
                        codec, Fec::kNo);
  }

  /// From now on the pictures of this track are handed on, and of no other.
  void showTrack(webrtc::VideoTrackInterface* track) {
    if (received_) received_->RemoveSink(&sink_);
    received_ = rtc::scoped_refptr<webrtc::VideoTrackInterface>(track);
    if (received_) received_->AddOrUpdateSink(&sink_, {});
  }

  static Result<void> preferCodecs(webrtc::RtpTransceiverInterface& transceiver,
                                   const webrtc::RtpCapabilities& capabilities,
                                   std::optional<VideoCodec> only, Fec fec) {
    auto codecs = preferredCodecs(capabilities.codecs, only, fec);
    if (codecs.empty()) {
      return fail(ErrorCode::kUnsupported, "this build of the engine has no such video codec");
    }
    if (auto set = transceiver.SetCodecPreferences(codecs); !set.ok()) {
      return fail(ErrorCode::kUnsupported,
                  std::string("the video codec can't be used: ") + set.message());
    }
    return {};
  }

  Result<void> createChannel(const std::string& label, const DataChannelOptions& options) {
    webrtc::DataChannelInit init;
    init.ordered = options.ordered;
    if (options.maxRetransmits) init.maxRetransmits = *options.maxRetransmits;
    if (options.maxPacketLifeTimeMs) init.maxRetransmitTime = *options.maxPacketLifeTimeMs;
    init.protocol = options.protocol;
    auto channel = connection_->CreateDataChannelOrError(label, &init);
    if (!channel.ok()) {
      return tl::unexpected(
          invalid("the data channel '" + label + "' can't be made", channel.error()));
    }
    channels_->add(channel.MoveValue());
    return {};
  }

  /// Makes the offer or the answer, whichever is due, and tells it. Candidates follow.
  void setLocal(void (PeerListener::*tell)(std::string)) {
    connection_->SetLocalDescription(
        whenLocalIsSet([this, alive = alive_, tell](const webrtc::RTCError& error) {
          if (!alive->alive()) return;
          std::string sdp;
          if (!error.ok() || !connection_->local_description()->ToString(&sdp)) {
            listener_.onFailed(std::string("our side could not be described: ") + error.message());
            return;
          }
          (listener_.*tell)(std::move(sdp));
        }));
  }

  void setRemote(webrtc::SdpType type, const std::string& sdp, std::function<void()> then) {
    auto description = parseDescription(type, sdp);
    if (!description) return listener_.onFailed(description.error().message);
    connection_->SetRemoteDescription(
        std::move(*description),
        whenRemoteIsSet([this, alive = alive_, type,
                         then = std::move(then)](const webrtc::RTCError& error) {
          if (!alive->alive()) return;
          if (!error.ok()) {
            return listener_.onFailed(std::string("the server's ") + webrtc::SdpTypeToString(type) +
                                      " was not accepted: " + error.message());
          }
          addEarlyCandidates();
          then();
        }));
  }

  void add(const Candidate& candidate) {
    // A server may trickle before it answers; libwebrtc knows its sections only from then on.
    if (!connection_->remote_description()) {
      if (earlyCandidates_.size() < kMaxEarlyCandidates) earlyCandidates_.push_back(candidate);
      return;
    }
    auto parsed = parseCandidate(candidate);
    if (!parsed) return log().debug("{}", parsed.error().message);
    connection_->AddIceCandidate(std::move(*parsed), [](const webrtc::RTCError& error) {
      if (!error.ok()) log().debug("the server's candidate was not taken: {}", error.message());
    });
  }

  void addEarlyCandidates() {
    for (const auto& candidate : std::exchange(earlyCandidates_, {})) add(candidate);
  }

  /// The engine forgets a pair of addresses that was silent for 30 s: it makes it anew of these.
  void addServersCandidates() {
    const auto* description = connection_->remote_description();
    if (description == nullptr || description->number_of_mediasections() == 0) return;
    const auto* candidates = description->candidates(0);
    for (std::size_t i = 0; i < candidates->count(); ++i) {
      const auto* candidate = candidates->at(i);
      connection_->AddIceCandidate(
          webrtc::CreateIceCandidate(candidate->sdp_mid(), candidate->sdp_mline_index(),
                                     candidate->candidate()),
          [](const webrtc::RTCError& /*error*/) {});
    }
  }

  // webrtc::PeerConnectionObserver
  void OnSignalingChange(PeerConnectionInterface::SignalingState /*state*/) override {}
  void OnIceGatheringChange(PeerConnectionInterface::IceGatheringState /*state*/) override {}
  void OnDataChannel(rtc::scoped_refptr<webrtc::DataChannelInterface> channel) override {
    channels_->addPeers(std::move(channel));
  }
  void OnTrack(rtc::scoped_refptr<webrtc::RtpTransceiverInterface> transceiver) override {
    // Also where the section is the server's own, not the one that we offered.
    if (!receiving_ || transceiver->media_type() != cricket::MEDIA_TYPE_VIDEO) return;
    showTrack(static_cast<webrtc::VideoTrackInterface*>(transceiver->receiver()->track().get()));
  }
  void OnIceCandidate(const webrtc::IceCandidateInterface* candidate) override {
    listener_.onCandidate(toCandidate(*candidate));
  }
  void OnIceCandidateError(const std::string& local, int /*port*/, const std::string& url, int code,
                           const std::string& text) override {
    if (const auto line = iceServerErrors_.onError(local, url, code, text); !line.empty()) {
      log().warn("{}", line);
      listener_.onIceServerFailed(line);
    }
  }
  void OnConnectionChange(ConnectionState state) override {
    if (!alive_->alive()) return;
    switch (state) {
      case ConnectionState::kConnected:
        return listener_.onConnected();
      case ConnectionState::kDisconnected:
        return listener_.onDisconnected();
      case ConnectionState::kFailed:
        return listener_.onPathFailed(
            "no way to the server's media port was found, or it was lost: check that UDP or TCP "
            "reaches it, or name a TURN server");
      case ConnectionState::kNew:
      case ConnectionState::kConnecting:
      case ConnectionState::kClosed:
        return;
    }
  }

  PeerListener& listener_;
  const std::shared_ptr<Encoding> encoding_ = std::make_shared<Encoding>();
  const std::shared_ptr<Decoding> decoding_ = std::make_shared<Decoding>();
  const std::shared_ptr<SctpSeam> seam_ = std::make_shared<SctpSeam>();
  const rtc::scoped_refptr<webrtc::PendingTaskSafetyFlag> alive_ =
      webrtc::PendingTaskSafetyFlag::CreateDetached();
  const std::shared_ptr<int> pendingStats_ = std::make_shared<int>(0);  ///< on the engine's thread
  VideoSource* source_ = nullptr;  ///< on the threads of our callers, not the signaling thread
  VideoSink sink_{listener_};

  // The factory outlives what it made.
  std::unique_ptr<Factory> factory_;
  std::optional<Channels> channels_;
  rtc::scoped_refptr<PeerConnectionInterface> connection_;
  rtc::scoped_refptr<webrtc::RtpTransceiverInterface> sender_;  ///< null: no video is sent
  bool receiving_ = false;
  rtc::scoped_refptr<webrtc::VideoTrackInterface> received_;
  std::vector<Candidate> earlyCandidates_;
  IceServerErrors iceServerErrors_;
};

}  // namespace

Result<std::unique_ptr<Peer>> Peer::create(const PeerOptions& options, PeerListener& listener) {
  engine::initialize();
  auto peer = std::make_unique<PeerImpl>(listener);
  if (auto opened = peer->open(options); !opened) return tl::unexpected(opened.error());
  return peer;
}

}  // namespace rtcpub::peer
