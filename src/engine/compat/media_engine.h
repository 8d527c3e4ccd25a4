#pragma once

#include <api/peer_connection_interface.h>
#include <modules/audio_device/include/audio_device.h>
#if RTCPUB_LIBWEBRTC >= 20240218
#include <api/enable_media.h>
#else
#include <api/call/call_factory_interface.h>
#include <media/engine/webrtc_media_engine.h>
#endif

#include <memory>
#include <string>
#include <utility>

namespace rtcpub::engine {

/// What a media engine is made of.
struct MediaParts {
  rtc::scoped_refptr<webrtc::AudioDeviceModule> audioDevice{};
  rtc::scoped_refptr<webrtc::AudioEncoderFactory> audioEncoders{};
  rtc::scoped_refptr<webrtc::AudioDecoderFactory> audioDecoders{};
  std::unique_ptr<webrtc::VideoEncoderFactory> videoEncoders{};
  std::unique_ptr<webrtc::VideoDecoderFactory> videoDecoders{};
};

/// Connections of what `dependencies` makes carry media, without processing of sound. Trials and
/// task queues are there already.
inline void enableMedia(webrtc::PeerConnectionFactoryDependencies& dependencies, MediaParts parts) {
#if RTCPUB_LIBWEBRTC >= 20240218
  dependencies.adm = std::move(parts.audioDevice);
  dependencies.audio_encoder_factory = std::move(parts.audioEncoders);
  dependencies.audio_decoder_factory = std::move(parts.audioDecoders);
  dependencies.video_encoder_factory = std::move(parts.videoEncoders);
  dependencies.video_decoder_factory = std::move(parts.videoDecoders);
  webrtc::EnableMedia(dependencies);
#else
  cricket::MediaEngineDependencies media;
  media.task_queue_factory = dependencies.task_queue_factory.get();
  media.trials = dependencies.trials.get();
  media.adm = std::move(parts.audioDevice);
  media.audio_encoder_factory = std::move(parts.audioEncoders);
  media.audio_decoder_factory = std::move(parts.audioDecoders);
  media.video_encoder_factory = std::move(parts.videoEncoders);
  media.video_decoder_factory = std::move(parts.videoDecoders);
  dependencies.call_factory = webrtc::CreateCallFactory();
  dependencies.media_engine = cricket::CreateMediaEngine(std::move(media));
#endif
}

inline rtc::scoped_refptr<webrtc::VideoTrackInterface> createVideoTrack(
    webrtc::PeerConnectionFactoryInterface& factory,
    const rtc::scoped_refptr<webrtc::VideoTrackSourceInterface>& source, const std::string& label) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return factory.CreateVideoTrack(source, label);
#else
  return factory.CreateVideoTrack(label, source.get());
#endif
}

}  // namespace rtcpub::engine
