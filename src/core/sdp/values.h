#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the values of SDP's attributes must look like to mean anything.
namespace rtcpub::sdp {

/// The parts between spaces, of which several count as one.
std::vector<std::string_view> fieldsOf(std::string_view text);

/// Fields with one space between them.
std::string joined(const std::vector<std::string_view>& fields);

/// RFC 8866 section 9: token.
bool isToken(std::string_view text);

/// joined(fieldsOf(text)).
std::string singleSpaced(std::string_view text);

/// The first field, and whether another one follows.
struct FirstField {
  std::string_view text;
  bool more = false;
};
FirstField firstField(std::string_view text);

/// A payload type (RFC 3551 section 6).
std::optional<int> payloadType(std::string_view text);

/// "<encoding name>/<clock rate>[/<channels>]", what follows the payload type of an `a=rtpmap`.
bool isEncoding(std::string_view text);

/// Of `a=extmap` (RFC 8285 section 5). Encrypted ones (RFC 6904) are none.
bool isHeaderExtension(std::string_view value);

/// Of `a=ssrc` (RFC 5576 section 4.1), as far as it says whose stream it is: cname or msid.
bool isSource(std::string_view value);

/// Of `a=ssrc-group` (RFC 5576 section 4.2), no SSRC twice.
bool isSourceGroup(std::string_view value);

/// Of `a=msid` (RFC 8830 section 2).
bool isMsid(std::string_view value);

/// Of `a=simulcast` (RFC 8853 section 5.1).
bool isSimulcast(std::string_view value);

/// Of `a=rid` (RFC 8851 section 4); its restrictions may be anything.
bool isRid(std::string_view value);

/// How strong the hash of an `a=fingerprint` is (RFC 8122 section 5), the strongest known being the
/// highest number; nothing when it is unknown, or when the digest isn't one of that hash.
std::optional<int> strengthOfFingerprint(std::string_view value);

}  // namespace rtcpub::sdp
