#include "peer/factory.h"

#include <string>
#include <utility>

#include "api/audio_codecs/builtin_audio_decoder_factory.h"
#include "api/audio_codecs/builtin_audio_encoder_factory.h"
#include "api/field_trials.h"
#include "api/video_codecs/builtin_video_decoder_factory.h"
#include "api/video_codecs/builtin_video_encoder_factory.h"
#include "engine/compat/media_engine.h"
#include "peer/calling_sockets.h"
#include "peer/congestion_control.h"
#include "peer/decoder_guard.h"
#include "peer/encoder_adapter.h"
#include "peer/fec_control.h"
#include "peer/h264_profiles.h"
#include "peer/network_monitor.h"
#include "peer/steady_openh264.h"
#include "peer/task_queues.h"

namespace rtcpub::peer {
namespace {

/// Receivers show each picture when it is decoded; a picture leaves at 2.5 times the estimated
/// bandwidth, or it would be spread over the time until the next one. The injected controller is
/// ours. FlexFEC is offered; when it is sent, our FEC control decides. An H264 picture is a key
/// frame only with the parameter sets in front: else its last slice alone counts as one, and the
/// decoder makes the slices up that are late.
constexpr char kTrials[] =
    "WebRTC-Bwe-InjectedCongestionController/Enabled/"
    "WebRTC-ForceSendPlayoutDelay/min_ms:0,max_ms:0/"
    "WebRTC-Video-Pacing/factor:2.5/"
    "WebRTC-FlexFEC-03/Enabled/"
    "WebRTC-FlexFEC-03-Advertised/Enabled/"
    "WebRTC-SpsPpsIdrIsH264Keyframe/Enabled/";
/// On a LAN's queues the packets of 10 ms may leave at once.
constexpr char kLanTrials[] = "WebRTC-BurstyPacer/burst:10ms/";

std::unique_ptr<webrtc::VideoEncoderFactory> makeEncoderFactory(
    std::shared_ptr<Encoding> encoding) {
  auto engines = withKeyFrameInterval(
      withoutSceneChanges(webrtc::CreateBuiltinVideoEncoderFactory()),
      std::shared_ptr<const KeyFrameInterval>(encoding, &encoding->keyFrameInterval));
  return withEncoders(std::move(engines), std::move(encoding));
}

/// Of the media engine: no sound card.
engine::MediaParts mediaParts(webrtc::TaskQueueFactory& taskQueues,
                              std::shared_ptr<Encoding> encoding,
                              std::shared_ptr<Decoding> decoding, rtc::Thread& worker) {
  engine::MediaParts parts;
  parts.audioDevice = worker.BlockingCall([&] {
    return webrtc::AudioDeviceModule::Create(webrtc::AudioDeviceModule::kDummyAudio, &taskQueues);
  });
  parts.audioEncoders = webrtc::CreateBuiltinAudioEncoderFactory();
  parts.audioDecoders = webrtc::CreateBuiltinAudioDecoderFactory();
  parts.videoEncoders = makeEncoderFactory(std::move(encoding));
  parts.videoDecoders =
      withGuard(withH264Profiles(webrtc::CreateBuiltinVideoDecoderFactory()), std::move(decoding));
  return parts;
}

}  // namespace

Result<std::unique_ptr<Factory>> Factory::create(const PeerOptions& options,
                                                 std::shared_ptr<Encoding> encoding,
                                                 std::shared_ptr<Decoding> decoding,
                                                 std::shared_ptr<SctpSeam> seam,
                                                 std::function<void()> networkChanged) {
  std::unique_ptr<Factory> made(new Factory);
  made->thread_ = rtc::Thread::CreateWithSocketServer();
  made->thread_->SetName("rtcpub-pc", nullptr);
  made->thread_->Start();

  webrtc::PeerConnectionFactoryDependencies dependencies;
  dependencies.network_thread = made->thread_.get();
  dependencies.worker_thread = made->thread_.get();
  dependencies.signaling_thread = made->thread_.get();
  dependencies.socket_factory = made->thread_->socketserver();
  dependencies.packet_socket_factory = makeCallingSockets(*made->thread_->socketserver(), options);
  dependencies.network_monitor_factory = makeNetworkMonitorFactory(std::move(networkChanged));
  dependencies.task_queue_factory = makeTaskQueues();
  dependencies.sctp_factory = makeSctpTransports(*made->thread_, std::move(seam));
  dependencies.network_controller_factory = makeCongestionControl(encoding);
  dependencies.fec_controller_factory = makeFecControl(encoding);
  dependencies.trials =
      webrtc::FieldTrials::CreateNoGlobal(std::string(kTrials) + (options.lan ? kLanTrials : ""));
  auto parts = mediaParts(*dependencies.task_queue_factory, std::move(encoding),
                          std::move(decoding), *made->thread_);
  engine::enableMedia(dependencies, std::move(parts));
  made->factory_ = webrtc::CreateModularPeerConnectionFactory(std::move(dependencies));
  if (!made->factory_) return fail(ErrorCode::kInternal, "the media engine could not be started");

  webrtc::PeerConnectionFactoryInterface::Options engines;
  engines.network_ignore_mask = 0;  // the server may be on this machine: loopback counts, too
  made->factory_->SetOptions(engines);
  return made;
}

rtc::scoped_refptr<webrtc::VideoTrackInterface> Factory::createVideoTrack(
    const rtc::scoped_refptr<webrtc::VideoTrackSourceInterface>& source) {
  return engine::createVideoTrack(*factory_, source, "video");
}

Factory::~Factory() {
  factory_ = nullptr;  // before its thread
}

}  // namespace rtcpub::peer
