#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The codecs of an SDP, read apart from the rest of it: libwebrtc's parser copies all codecs of a
/// section, with all that is said of them, for each further line.
namespace rtcpub::sdp {

/// What `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` say of one payload type.
struct Codec {
  int payloadType = 0;
  std::string name{};  ///< empty without an `a=rtpmap`: of a static payload type (RFC 3551 table 4)
  int clockRate = 0;
  int channels = 1;
  /// What is no "name=value" has the name "" (RFC 4733's "0-15").
  std::map<std::string, std::string> parameters{};
  std::vector<std::pair<std::string, std::string>> feedback{};  ///< "nack" and "pli", each once
};

struct WithoutCodecs {
  std::string sdp;
  /// Of each section, in the order of its formats.
  std::vector<std::vector<Codec>> codecs;
};

/// Takes them out of a text of tidy().
WithoutCodecs takeCodecs(std::string_view sdp);

}  // namespace rtcpub::sdp
