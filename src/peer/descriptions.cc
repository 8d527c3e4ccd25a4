#include "peer/descriptions.h"

#include <string_view>
#include <utility>

#include "api/make_ref_counted.h"
#include "core/sdp/tidy.h"
#include "core/text/text.h"
#include "engine/description.h"
#include "media/base/media_constants.h"
#include "pc/session_description.h"

namespace rtcpub::peer {
namespace {

class LocalIsSet : public webrtc::SetLocalDescriptionObserverInterface {
 public:
  explicit LocalIsSet(Completed done) : done_(std::move(done)) {}
  void OnSetLocalDescriptionComplete(webrtc::RTCError error) override { done_(std::move(error)); }

 private:
  const Completed done_;
};

class RemoteIsSet : public webrtc::SetRemoteDescriptionObserverInterface {
 public:
  explicit RemoteIsSet(Completed done) : done_(std::move(done)) {}
  void OnSetRemoteDescriptionComplete(webrtc::RTCError error) override { done_(std::move(error)); }

 private:
  const Completed done_;
};

std::string describe(const webrtc::SdpParseError& error) {
  constexpr std::size_t kQuoted = 100;
  return error.line.empty() ? error.description
                            : error.description + " in " + text::quote(error.line, kQuoted);
}

std::unique_ptr<webrtc::IceCandidateInterface> read(const std::string& line, const std::string& mid,
                                                    int mLineIndex, webrtc::SdpParseError& error) {
  return std::unique_ptr<webrtc::IceCandidateInterface>(
      webrtc::CreateIceCandidate(mid, mLineIndex, line, &error));
}

bool isCandidate(std::string_view line) {
  webrtc::SdpParseError error;
  return read(std::string(line), "", 0, error) != nullptr;
}

}  // namespace

Result<std::unique_ptr<webrtc::SessionDescriptionInterface>> parseDescription(
    webrtc::SdpType type, const std::string& sdp) {
  const std::string unreadable =
      std::string("the server's ") + webrtc::SdpTypeToString(type) + " can't be read: ";
  const auto tidied = sdp::tidy(sdp, isCandidate);
  if (!tidied) return fail(ErrorCode::kProtocol, unreadable + tidied.error().message);
  webrtc::SdpParseError error;
  auto description = engine::parseDescription(type, tidied->sdp, error);
  if (!description) return fail(ErrorCode::kProtocol, unreadable + describe(error));
  for (auto& content : description->description()->contents()) {
    content.media_description()->set_bandwidth(cricket::kAutoBandwidth);
  }
  return description;
}

Result<std::unique_ptr<webrtc::IceCandidateInterface>> parseCandidate(const Candidate& candidate) {
  webrtc::SdpParseError error;
  // The old form of the message names no section; all are bundled onto the first.
  auto parsed =
      read(candidate.line, candidate.mid.value_or(""), candidate.mLineIndex.value_or(0), error);
  if (!parsed) {
    return fail(ErrorCode::kProtocol, "the server's candidate can't be read: " + describe(error));
  }
  return parsed;
}

Candidate toCandidate(const webrtc::IceCandidateInterface& candidate) {
  Candidate out;
  candidate.ToString(&out.line);
  out.mid = candidate.sdp_mid();
  out.mLineIndex = candidate.sdp_mline_index();
  out.ufrag = candidate.candidate().username();
  return out;
}

rtc::scoped_refptr<webrtc::SetLocalDescriptionObserverInterface> whenLocalIsSet(Completed done) {
  return rtc::make_ref_counted<LocalIsSet>(std::move(done));
}

rtc::scoped_refptr<webrtc::SetRemoteDescriptionObserverInterface> whenRemoteIsSet(Completed done) {
  return rtc::make_ref_counted<RemoteIsSet>(std::move(done));
}

}  // namespace rtcpub::peer
