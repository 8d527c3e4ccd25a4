#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

/// From the SDP that peers send to the SDP that a strict parser takes.
namespace rtcpub::sdp {

/// A section that can't be used. A rejected one of no kind stands in its place.
struct Declined {
  std::size_t index = 0;
  std::string mLine;  ///< by which an answer rejects it (RFC 3264 section 6)
  std::string why;    ///< with the number of its line and its text
};

/// What nobody can be connected without.
enum class Lacks { kNothing, kIceCredentials, kFingerprint };

struct Tidied {
  std::string sdp;
  std::vector<Declined> declined;
  /// In the first section that is neither rejected nor declined, and in the session: its transport
  /// counts for all. Nothing is lacking where there is no such section.
  Lacks lacks = Lacks::kNothing;
};

/// Whether a candidate ("candidate:…") can be read.
using TakesCandidate = std::function<bool(std::string_view)>;

/// Leaves of an offer or answer what has a meaning here, written as RFC 8866 wants it: a parser
/// that refuses a whole text for one line that it can't read, as libwebrtc's does, sees no such
/// line. Passed over, as browsers do: lines that are empty, unknown or malformed where the rest
/// stands without them; what is said of payload types that the section doesn't list; fingerprints
/// by unknown hashes, and all but the strongest of several (RFC 8122 section 5). A section without
/// codecs, or of a kind that isn't known, is rejected, and the others stay. A section without a mid
/// gets one. Candidates are left out unless `takesCandidate` says otherwise.
/// Errors: kProtocol; kUnsupported where the text says more than is read (core/sdp/limits). Both
/// with the number of the line and its text.
Result<Tidied> tidy(std::string_view sdp, const TakesCandidate& takesCandidate = {});

/// Rejects in an answer what was declined in the offer.
std::string reject(const std::string& answer, const std::vector<Declined>& declined);

}  // namespace rtcpub::sdp
