#include "engine/description.h"

#include <pc/session_description.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "core/sdp/codecs.h"

namespace rtcpub::engine {
namespace {

/// What stands for a payload type that only its number says what it is (RFC 3551 table 4): those
/// libwebrtc has put there.
template <class CodecType>
CodecType codecOf(const std::vector<CodecType>& known, const sdp::Codec& read) {
  const auto* found = cricket::FindCodecById(known, read.payloadType);
  if (found != nullptr) return *found;
  CodecType codec;
  codec.id = read.payloadType;
  codec.name = read.name;
  return codec;
}

/// Of video the rate is always 90 kHz.
void setRate(cricket::VideoCodec& codec, const sdp::Codec& /*read*/) { codec.clockrate = 90000; }

void setRate(cricket::AudioCodec& codec, const sdp::Codec& read) {
  if (read.name.empty()) return;
  codec.clockrate = read.clockRate;
  codec.channels = static_cast<std::size_t>(read.channels);
}

template <class Description>
void setCodecs(Description& description, const std::vector<sdp::Codec>& read) {
  std::vector<typename Description::CodecType> codecs;
  codecs.reserve(read.size());
  for (const auto& one : read) {
    auto codec = codecOf(description.codecs(), one);
    setRate(codec, one);
    codec.params.insert(one.parameters.begin(), one.parameters.end());
    for (const auto& [id, parameter] : one.feedback) {
      codec.feedback_params.Add(cricket::FeedbackParam(id, parameter));
    }
    codecs.push_back(std::move(codec));
  }
  description.set_codecs(codecs);
}

}  // namespace

std::unique_ptr<webrtc::SessionDescriptionInterface> parseDescription(
    webrtc::SdpType type, std::string_view tidied, webrtc::SdpParseError& error) {
  const auto parts = sdp::takeCodecs(tidied);
  auto description = webrtc::CreateSessionDescription(type, parts.sdp, &error);
  if (description == nullptr) return nullptr;
  auto& contents = description->description()->contents();
  for (std::size_t i = 0; i < contents.size() && i < parts.codecs.size(); ++i) {
    auto* media = contents[i].media_description();
    if (media->as_video() != nullptr) setCodecs(*media->as_video(), parts.codecs[i]);
    if (media->as_audio() != nullptr) setCodecs(*media->as_audio(), parts.codecs[i]);
  }
  return description;
}

}  // namespace rtcpub::engine
