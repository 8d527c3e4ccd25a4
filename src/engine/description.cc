#include "engine/description.h"

#include <pc/session_description.h>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/sdp/codecs.h"
#include "engine/compat/codecs.h"

namespace rtcpub::engine {
namespace {

cricket::VideoCodec made(const cricket::VideoContentDescription& /*section*/,
                         const sdp::Codec& read) {
  return makeVideoCodec(read.payloadType, read.name);
}

cricket::AudioCodec made(const cricket::AudioContentDescription& /*section*/,
                         const sdp::Codec& read) {
  return makeAudioCodec(read.payloadType, read.name);
}

/// Of video the rate is always 90 kHz.
void setRate(const cricket::VideoContentDescription& /*section*/, const sdp::Codec& /*read*/,
             cricket::VideoCodec& codec) {
  codec.clockrate = 90000;
}

void setRate(const cricket::AudioContentDescription& /*section*/, const sdp::Codec& read,
             cricket::AudioCodec& codec) {
  if (read.name.empty()) return;
  codec.clockrate = read.clockRate;
  codec.channels = static_cast<std::size_t>(read.channels);
}

template <class Section>
void setCodecs(Section& section, const std::vector<sdp::Codec>& read) {
  // What stands for a payload type that only its number says what it is (RFC 3551 table 4): those
  // libwebrtc has put there.
  const auto known = section.codecs();
  std::remove_cv_t<decltype(known)> codecs;
  codecs.reserve(read.size());
  for (const auto& one : read) {
    const auto* found = cricket::FindCodecById(known, one.payloadType);
    auto codec = found != nullptr ? *found : made(section, one);
    setRate(section, one, codec);
    codec.params.insert(one.parameters.begin(), one.parameters.end());
    for (const auto& [id, parameter] : one.feedback) {
      codec.feedback_params.Add(cricket::FeedbackParam(id, parameter));
    }
    codecs.push_back(std::move(codec));
  }
  section.set_codecs(codecs);
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
