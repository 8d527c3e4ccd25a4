#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sdp/tidy.h"
#include "rtcpub/codec.h"
#include "rtcpub/result.h"
#include "rtcpub/rights.h"
#include "sfu/router/media.h"
#include "sfu/transport/candidates.h"
#include "sfu/transport/ice_agent.h"

namespace webrtc {
class SessionDescriptionInterface;
}
namespace cricket {
struct TransportDescription;
}

/// From a client's offer to the server's answer (RFC 8829, RFC 8843). Pure: text in, text out.
namespace rtcpub::sfu {

/// A certificate's digest (RFC 8122).
struct Fingerprint {
  std::string algorithm;
  std::vector<std::uint8_t> digest;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// An offer that can be answered. What browsers would take is taken (core/sdp/tidy).
class Offer {
 public:
  /// Errors: kProtocol, with the line where there is one.
  static Result<Offer> parse(std::string_view sdp);
  Offer(Offer&&) noexcept;
  Offer& operator=(Offer&&) noexcept;
  ~Offer();

  /// Fails when every section is rejected, or of a kind that can't be served: there is nothing to
  /// connect, though an answer can be made. Errors: kProtocol.
  [[nodiscard]] Result<void> checkLive() const;

  /// Of the first section that is not rejected: its transport counts for all. Empty when all are.
  [[nodiscard]] IceCredentials ice() const;
  [[nodiscard]] Fingerprint fingerprint() const;
  /// Whether the client waits for the server to start DTLS (`setup:passive`).
  [[nodiscard]] bool waitsForDtls() const;
  [[nodiscard]] const webrtc::SessionDescriptionInterface& description() const { return *sdp_; }
  /// The sections that no answer can accept.
  [[nodiscard]] const std::vector<sdp::Declined>& declined() const { return declined_; }

 private:
  Offer(std::unique_ptr<webrtc::SessionDescriptionInterface> sdp, std::optional<std::size_t> first,
        std::vector<sdp::Declined> declined);
  [[nodiscard]] const cricket::TransportDescription* transport() const;

  std::unique_ptr<webrtc::SessionDescriptionInterface> sdp_;
  std::optional<std::size_t> first_;
  std::vector<sdp::Declined> declined_;
};

struct AnswerOptions {
  /// Whoever may publish sends media, everybody else receives them.
  Rights rights = Right::kView;
  /// A publisher's video only in this codec.
  std::optional<VideoCodec> codec;
  IceCredentials ice;
  Fingerprint fingerprint;
  Reachable udp;  ///< told as candidates
  Reachable tcp;  ///< likewise
  /// A viewer's: video, its RTX, audio.
  std::array<std::uint32_t, 3> ssrcs{};
  std::uint64_t sessionId = 1;
};

/// How the server talks back about the packets of one section.
struct Feedback {
  bool nack = false;
  bool pli = false;
  bool fir = false;
  bool transportCc = false;  ///< draft-holmer-rmcat-transport-wide-cc-extensions-01
};

/// The peer's end of SCTP (RFC 8841).
struct DataParameters {
  int port = 5000;
  std::size_t maxMessageSize = 65536;
};

struct Negotiation {
  std::string sdp;
  NegotiatedMedia media;
  std::vector<Feedback> feedback;  ///< one for each of media.sections
  bool reducedSizeRtcp = false;    ///< RFC 5506
  std::optional<DataParameters> data;
};

/// Errors: kUnsupported (no common codec).
Result<Negotiation> answer(const Offer& offer, const AnswerOptions& options);

}  // namespace rtcpub::sfu
