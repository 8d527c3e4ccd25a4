#include "sfu/transport/answer.h"

#include <api/jsep.h>
#include <api/jsep_session_description.h>
#include <pc/simulcast_description.h>
#include <rtc_base/ssl_fingerprint.h>

#include <algorithm>
#include <utility>

#include "core/sdp/section.h"
#include "core/text/text.h"
#include "engine/compat/codecs.h"
#include "engine/description.h"
#include "rtcpub/message.h"
#include "sfu/transport/codecs.h"
#include "sfu/transport/rtp_extensions.h"

namespace rtcpub::sfu {
namespace {

using webrtc::RtpTransceiverDirection;

constexpr const char* kStreamId = "rtcpub";

/// Browsers offer three at most.
constexpr std::size_t kMaxLayers = 8;

/// Builds the answer section by section.
class AnswerBuilder {
 public:
  AnswerBuilder(const Offer& offer, const AnswerOptions& options)
      : offer_(*offer.description().description()),
        declined_(offer.declined()),
        options_(options),
        transport_(
            {}, options.ice.ufrag, options.ice.pwd, cricket::ICEMODE_LITE,
            offer.waitsForDtls() ? cricket::CONNECTIONROLE_ACTIVE : cricket::CONNECTIONROLE_PASSIVE,
            nullptr),
        bundle_(cricket::GROUP_TYPE_BUNDLE) {
    transport_.identity_fingerprint = std::make_unique<rtc::SSLFingerprint>(
        options.fingerprint.algorithm,
        rtc::ArrayView<const std::uint8_t>(options.fingerprint.digest));
  }

  Result<Negotiation> build() {
    for (const auto& content : offer_.contents()) addSection(content);
    const bool noVideo = unsupportedVideo_ && !hasSection(MediaKind::kVideo);
    const bool nothing = !unsupported_.empty() && negotiation_.media.sections.empty();
    if (!noVideo && !nothing) return finish();
    return fail(ErrorCode::kUnsupported, "no common codec: offered " + unsupported_ +
                                             "; this server knows " + kKnownVideoCodecs +
                                             " and opus");
  }

 private:
  using Media = std::unique_ptr<cricket::MediaContentDescription>;

  bool publishes() const { return options_.rights.has(Right::kPublish); }

  /// Whether media can flow in the direction that the role wants.
  bool flows(const cricket::MediaContentDescription& media) const {
    const auto oneWay =
        publishes() ? RtpTransceiverDirection::kSendOnly : RtpTransceiverDirection::kRecvOnly;
    return media.direction() == oneWay || media.direction() == RtpTransceiverDirection::kSendRecv;
  }

  bool hasSection(MediaKind kind) const {
    return std::any_of(negotiation_.media.sections.begin(), negotiation_.media.sections.end(),
                       [kind](const auto& section) { return section.kind == kind; });
  }

  void addSection(const cricket::ContentInfo& content) {
    const auto& offered = *content.media_description();
    Media answered;
    if (!content.rejected) {
      if (offered.as_video() != nullptr) answered = video(content.name, *offered.as_video());
      if (offered.as_audio() != nullptr) answered = audio(content.name, *offered.as_audio());
      if (offered.as_sctp() != nullptr) answered = data(*offered.as_sctp());
    }
    const bool rejected = answered == nullptr;
    if (rejected) answered = declined(offered);
    description_->AddContent(content.name, content.type, rejected, std::move(answered));
    description_->AddTransportInfo(cricket::TransportInfo(content.name, transport_));
    if (!rejected) bundle_.AddContentName(content.name);
  }

  /// A section that carries nothing, but keeps its place in the bundle: clients fail when the first
  /// one is rejected.
  template <class Description>
  static Media inactive(const Description& offered) {
    auto answered = std::make_unique<Description>();
    for (auto codec : offered.codecs()) {
      codec.feedback_params = {};
      answered->AddCodec(codec);
    }
    setTransport(*answered, offered, RtpTransceiverDirection::kInactive);
    return answered;
  }

  static void setTransport(cricket::MediaContentDescription& answered,
                           const cricket::MediaContentDescription& offered,
                           RtpTransceiverDirection direction) {
    answered.set_protocol(offered.protocol());
    answered.set_rtcp_mux(true);
    answered.set_rtcp_reduced_size(offered.rtcp_reduced_size());
    answered.set_direction(direction);
    answered.set_extmap_allow_mixed_enum(cricket::MediaContentDescription::kNo);
  }

  /// A section that is answered with port 0.
  static Media declined(const cricket::MediaContentDescription& offered) {
    Media answered = offered.Clone();
    answered->mutable_streams().clear();
    answered->ClearRtpHeaderExtensions();
    answered->set_simulcast_description({});
    answered->set_receive_rids({});
    engine::clearKeys(*answered);
    answered->set_connection_address({});
    answered->set_direction(RtpTransceiverDirection::kInactive);
    return answered;
  }

  Media video(const std::string& mid, const cricket::VideoContentDescription& offered) {
    if (!flows(offered) || hasSection(MediaKind::kVideo)) return inactive(offered);
    const auto accepted = acceptVideo(
        offered.codecs(),
        {.publisher = publishes(), .only = publishes() ? options_.codec : std::nullopt});
    unsupportedVideo_ |= accepted.empty();
    if (accepted.empty()) return unsupported(offered);
    auto answered = media(mid, MediaKind::kVideo, offered, accepted,
                          std::make_unique<cricket::VideoContentDescription>());
    if (publishes()) acceptFec(offered, *answered->as_video());
    return answered;
  }

  Media audio(const std::string& mid, const cricket::AudioContentDescription& offered) {
    if (!flows(offered) || hasSection(MediaKind::kAudio)) return inactive(offered);
    const auto accepted = acceptAudio(offered.codecs());
    if (accepted.empty()) return unsupported(offered);
    return media(mid, MediaKind::kAudio, offered, accepted,
                 std::make_unique<cricket::AudioContentDescription>());
  }

  template <class Description>
  Media unsupported(const Description& offered) {
    constexpr std::size_t kEnough = 200;
    for (const auto& codec : offered.codecs()) {
      if (unsupported_.size() > kEnough) break;
      unsupported_ += (unsupported_.empty() ? "" : ", ") + codec.name.substr(0, 32);
    }
    if (offered.codecs().empty()) unsupported_ += "a section without codecs";
    return inactive(offered);
  }

  /// FEC of the publisher's video, which is the section that was added last.
  void acceptFec(const cricket::VideoContentDescription& offered,
                 cricket::VideoContentDescription& answered) {
    const auto fec = flexFecOf(offered.codecs());
    auto& section = negotiation_.media.sections.back();
    if (!fec || section.ssrc == 0) return;
    offered.streams().front().GetFecFrSsrc(section.ssrc, &section.fecSsrc);
    if (section.fecSsrc == 0) return;
    section.fecPayloadType = fec->id;
    Feedback none;
    answered.AddCodec(withFeedback(*fec, false, none));
  }

  template <class AcceptedCodecs, class Description>
  Media media(const std::string& mid, MediaKind kind,
              const cricket::MediaContentDescription& offered, const AcceptedCodecs& accepted,
              std::unique_ptr<Description> answered) {
    MediaSection section{.kind = kind, .mid = mid, .codecs = {}, .extensions = {}, .active = true};
    Feedback feedback;
    const bool numbered = offersTransportCc(offered.rtp_header_extensions());
    for (const auto& one : accepted) {
      answered->AddCodec(withFeedback(one.codec, numbered, feedback));
      if (one.rtx) answered->AddCodec(*one.rtx);
      section.codecs.push_back(one.negotiated);
    }
    if (publishes()) acceptLayers(offered, *answered, section);
    for (const auto& extension :
         acceptExtensions(offered.rtp_header_extensions(), {.publisher = publishes(),
                                                           .transportCc = feedback.transportCc,
                                                           .rids = !section.rids.empty()})) {
      answered->AddRtpHeaderExtension(extension);
      section.extensions.push_back({extension.uri, extension.id});
    }
    setTransport(
        *answered, offered,
        publishes() ? RtpTransceiverDirection::kRecvOnly : RtpTransceiverDirection::kSendOnly);
    if (publishes()) {
      readSsrcs(offered, section);
    } else {
      answered->AddStream(ownStream(section));
    }
    negotiation_.reducedSizeRtcp |= offered.rtcp_reduced_size();
    negotiation_.media.sections.push_back(std::move(section));
    negotiation_.feedback.push_back(feedback);
    return answered;
  }

  /// Keeps of the offered feedback what the server does, and notes it.
  template <class CodecType>
  CodecType withFeedback(CodecType codec, bool numbered, Feedback& feedback) const {
    cricket::FeedbackParams kept;
    for (const auto& param : codec.feedback_params.params()) {
      const bool nack = param.id() == "nack" && param.param().empty();
      const bool pli = param.id() == "nack" && param.param() == "pli";
      const bool fir = param.id() == "ccm" && param.param() == "fir";
      const bool transportCc = numbered && param.id() == "transport-cc";
      feedback.nack |= nack;
      feedback.pli |= pli;
      feedback.fir |= fir;
      feedback.transportCc |= transportCc;
      // The server tells a publisher what the fastest of slow viewers gets.
      const bool remb = param.id() == "goog-remb" && publishes();
      if (nack || pli || fir || transportCc || remb) kept.Add(param);
    }
    codec.feedback_params = kept;
    return codec;
  }

  /// All layers that a publisher offers (RFC 8853 section 5.3.2): which is the best only their
  /// packets tell.
  static void acceptLayers(const cricket::MediaContentDescription& offered,
                           cricket::MediaContentDescription& answered, MediaSection& section) {
    if (!offersRids(offered.rtp_header_extensions())) return;
    cricket::SimulcastDescription simulcast;
    std::vector<cricket::RidDescription> rids;
    for (const auto& alternatives : offered.simulcast_description().send_layers()) {
      if (alternatives.empty() || rids.size() == kMaxLayers) continue;
      const auto& rid = alternatives.front().rid;
      rids.emplace_back(rid, cricket::RidDirection::kReceive);
      simulcast.receive_layers().AddLayer(cricket::SimulcastLayer(rid, false));
      section.rids.push_back(rid);
    }
    if (rids.size() < 2) return section.rids.clear();
    answered.set_receive_rids(rids);
    answered.set_simulcast_description(simulcast);
  }

  static void readSsrcs(const cricket::MediaContentDescription& offered, MediaSection& section) {
    // Browsers may not announce any.
    if (offered.streams().empty() || !section.rids.empty()) return;
    const auto& stream = offered.streams().front();
    section.ssrc = stream.first_ssrc();
    if (section.ssrc != 0) stream.GetFidSsrc(section.ssrc, &section.rtxSsrc);
  }

  cricket::StreamParams ownStream(MediaSection& section) const {
    const bool isVideo = section.kind == MediaKind::kVideo;
    const bool rtx = std::any_of(section.codecs.begin(), section.codecs.end(),
                                 [](const auto& codec) { return codec.rtxPayloadType >= 0; });
    section.ssrc = isVideo ? options_.ssrcs[0] : options_.ssrcs[2];
    section.rtxSsrc = rtx ? options_.ssrcs[1] : 0;
    cricket::StreamParams stream;
    stream.id = isVideo ? "video" : "audio";
    stream.cname = kStreamId;
    // A stream of its own for each kind: a receiver holds back the pictures of a stream until its
    // sound has come.
    stream.set_stream_ids({std::string(kStreamId) + "-" + stream.id});
    stream.add_ssrc(section.ssrc);
    if (rtx) stream.AddFidSsrc(section.ssrc, section.rtxSsrc);
    return stream;
  }

  Media data(const cricket::SctpDataContentDescription& offered) {
    if (negotiation_.data) return nullptr;
    const int announced = offered.max_message_size();
    const std::size_t limit = announced > 0 ? static_cast<std::size_t>(announced) : kMaxMessageSize;
    negotiation_.data = {std::clamp(offered.port(), 1, 65535), std::min(limit, kMaxMessageSize)};
    auto answered = std::make_unique<cricket::SctpDataContentDescription>();
    setTransport(*answered, offered, RtpTransceiverDirection::kSendRecv);
    answered->set_use_sctpmap(offered.use_sctpmap());
    answered->set_max_message_size(kMaxMessageSize);
    return answered;
  }

  Result<Negotiation> finish() {
    const bool offeredBundle = offer_.HasGroup(cricket::GROUP_TYPE_BUNDLE);
    // A peer that knows no BUNDLE, but has several sections, can only be served on one transport.
    if (offeredBundle || bundle_.content_names().size() > 1) description_->AddGroup(bundle_);
    description_->set_extmap_allow_mixed(false);  // one-byte header extensions only
    description_->set_msid_signaling(cricket::kMsidSignalingMediaSection |
                                     cricket::kMsidSignalingSsrcAttribute);
    const webrtc::JsepSessionDescription sdp(webrtc::SdpType::kAnswer, std::move(description_),
                                             std::to_string(options_.sessionId), "1");
    std::string text;
    if (!sdp.ToString(&text)) return fail(ErrorCode::kInternal, "cannot write the answer");
    negotiation_.sdp =
        addToSections(sdp::reject(text, declined_), candidateLines(options_.udp, options_.tcp));
    return std::move(negotiation_);
  }

  const cricket::SessionDescription& offer_;
  const std::vector<sdp::Declined>& declined_;
  const AnswerOptions& options_;
  cricket::TransportDescription transport_;
  cricket::ContentGroup bundle_;
  std::unique_ptr<cricket::SessionDescription> description_ =
      std::make_unique<cricket::SessionDescription>();
  Negotiation negotiation_;
  std::string unsupported_;  // codecs of sections that could have carried media
  bool unsupportedVideo_ = false;
};

const cricket::TransportDescription* transportOf(const cricket::SessionDescription& sdp,
                                                 std::size_t section) {
  const auto* info = sdp.GetTransportInfoByName(sdp.contents()[section].name);
  return info == nullptr ? nullptr : &info->description;
}

/// The index of the section whose transport counts; nothing when all are rejected.
std::optional<std::size_t> firstLive(const cricket::SessionDescription& sdp) {
  const auto& contents = sdp.contents();
  const auto first = std::find_if(contents.begin(), contents.end(), [](const auto& content) {
    return !content.rejected && content.media_description()->as_unsupported() == nullptr;
  });
  if (first == contents.end()) return std::nullopt;
  return static_cast<std::size_t>(first - contents.begin());
}

/// Why a peer can't be connected; `sdp` is what it sent.
Result<void> checkTransport(sdp::Lacks lacks, std::string_view sdp) {
  if (lacks == sdp::Lacks::kNothing) return {};
  if (lacks == sdp::Lacks::kIceCredentials) {
    return fail(ErrorCode::kProtocol, "the offer has no ICE credentials (a=ice-ufrag, a=ice-pwd)");
  }
  const auto unknown = sdp::placeOf(sdp, "a=fingerprint");
  return fail(
      ErrorCode::kProtocol,
      unknown ? "the offer has no DTLS fingerprint that can be checked, by sha-256 say: " + *unknown
              : "the offer has no DTLS fingerprint (a=fingerprint)");
}

std::string describe(const webrtc::SdpParseError& error) {
  if (error.line.empty()) return error.description;
  constexpr std::size_t kQuoted = 100;
  return error.description + " in " + text::quote(error.line, kQuoted);
}

std::string nothingToServe(const std::vector<sdp::Declined>& declined) {
  std::string message = "every section of the offer is rejected (port 0)";
  if (!declined.empty()) message += " or can't be served: " + declined.front().why;
  return message;
}

}  // namespace

Offer::Offer(std::unique_ptr<webrtc::SessionDescriptionInterface> sdp,
             std::optional<std::size_t> first, std::vector<sdp::Declined> declined)
    : sdp_(std::move(sdp)), first_(first), declined_(std::move(declined)) {}
Offer::Offer(Offer&&) noexcept = default;
Offer& Offer::operator=(Offer&&) noexcept = default;
Offer::~Offer() = default;

Result<Offer> Offer::parse(std::string_view sdp) {
  auto tidied = sdp::tidy(sdp);
  if (!tidied) {
    const bool tooMuch = tidied.error().code == ErrorCode::kUnsupported;
    return fail(ErrorCode::kProtocol,
                (tooMuch ? "the offer says more than is read: " : "the offer is no valid SDP: ") +
                    tidied.error().message);
  }
  // Before libwebrtc takes its time.
  const auto transport = checkTransport(tidied->lacks, sdp);
  if (!transport) return tl::unexpected(transport.error());
  webrtc::SdpParseError error;
  auto description = engine::parseDescription(webrtc::SdpType::kOffer, tidied->sdp, error);
  if (description == nullptr) {
    return fail(ErrorCode::kProtocol, "the offer is no valid SDP: " + describe(error));
  }
  const auto& parsed = *description->description();
  if (parsed.contents().empty()) {
    return fail(ErrorCode::kProtocol, "the offer has no media section (m=)");
  }
  return Offer(std::move(description), firstLive(parsed), std::move(tidied->declined));
}

Result<void> Offer::checkLive() const {
  if (first_) return {};
  return fail(ErrorCode::kProtocol, nothingToServe(declined_));
}

const cricket::TransportDescription* Offer::transport() const {
  return first_ ? transportOf(*sdp_->description(), *first_) : nullptr;
}

IceCredentials Offer::ice() const {
  const auto* of = transport();
  return of == nullptr ? IceCredentials{} : IceCredentials{of->ice_ufrag, of->ice_pwd};
}

Fingerprint Offer::fingerprint() const {
  const auto* of = transport();
  if (of == nullptr || of->identity_fingerprint == nullptr) return {};
  const auto& fingerprint = *of->identity_fingerprint;
  return {fingerprint.algorithm,
          {fingerprint.digest.cdata(), fingerprint.digest.cdata() + fingerprint.digest.size()}};
}

bool Offer::waitsForDtls() const {
  const auto* of = transport();
  return of != nullptr && of->connection_role == cricket::CONNECTIONROLE_PASSIVE;
}

Result<Negotiation> answer(const Offer& offer, const AnswerOptions& options) {
  return AnswerBuilder(offer, options).build();
}

}  // namespace rtcpub::sfu
