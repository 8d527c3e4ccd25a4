#include "core/sdp/sdp.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

constexpr std::string_view kUfrag = "a=ice-ufrag:";
constexpr std::string_view kPwd = "a=ice-pwd:";
constexpr std::string_view kFingerprint = "a=fingerprint:";
constexpr std::string_view kIceOptions = "a=ice-options:";

// Bounds, without which a small text could be blown up: each such line is copied to each section.
constexpr std::size_t kMaxLineLength = 512;  // RFC 8839 section 5.4: 256 characters a value
constexpr std::size_t kMaxFingerprints = 4;

struct Line {
  std::string_view text;
  std::string_view end;  ///< "\r\n", "\n" or, behind the last line, nothing
};

using Section = std::vector<Line>;

Line takeLine(std::string_view& rest) {
  const auto newline = rest.find('\n');
  auto text = rest.substr(0, newline);
  const auto taken = newline == std::string_view::npos ? rest.size() : newline + 1;
  if (newline != std::string_view::npos && text.ends_with('\r')) text.remove_suffix(1);
  const Line line{text, rest.substr(text.size(), taken - text.size())};
  rest.remove_prefix(taken);
  return line;
}

/// The first is the session's part, each other one begins with its "m=" line.
std::vector<Section> split(std::string_view sdp) {
  std::vector<Section> sections(1);
  while (!sdp.empty()) {
    const auto line = takeLine(sdp);
    if (line.text.starts_with("m=")) sections.emplace_back();
    sections.back().push_back(line);
  }
  return sections;
}

/// The lines that say how a section is reached, as far as it has them.
struct Transport {
  std::optional<std::string_view> ufrag;
  std::optional<std::string_view> pwd;
  std::vector<std::string_view> fingerprints;

  [[nodiscard]] bool any() const { return ufrag || pwd || !fingerprints.empty(); }
};

Transport transportOf(const Section& section) {
  Transport transport;
  for (const auto& line : section) {
    if (line.text.starts_with(kUfrag) && !transport.ufrag) transport.ufrag = line.text;
    if (line.text.starts_with(kPwd) && !transport.pwd) transport.pwd = line.text;
    if (line.text.starts_with(kFingerprint)) transport.fingerprints.push_back(line.text);
  }
  return transport;
}

/// The first section's that has any; what it lacks is the session's (RFC 8839 section 5.4, RFC 8122
/// section 5).
Transport chooseTransport(const std::vector<Section>& sections) {
  const auto session = transportOf(sections.front());
  auto chosen = session;
  for (std::size_t i = 1; i < sections.size(); ++i) {
    chosen = transportOf(sections[i]);
    if (chosen.any()) break;
  }
  if (!chosen.ufrag) chosen.ufrag = session.ufrag;
  if (!chosen.pwd) chosen.pwd = session.pwd;
  if (chosen.fingerprints.empty()) chosen.fingerprints = session.fingerprints;
  return chosen;
}

bool isUsable(std::optional<std::string_view> line, std::string_view prefix) {
  return line && line->size() > prefix.size() && line->size() <= kMaxLineLength &&
         !text::hasControl(*line);
}

Result<void> check(const Transport& transport) {
  if (!isUsable(transport.ufrag, kUfrag)) {
    return fail(ErrorCode::kProtocol, "the SDP has no usable ICE user (a=ice-ufrag)");
  }
  if (!isUsable(transport.pwd, kPwd)) {
    return fail(ErrorCode::kProtocol, "the SDP has no usable ICE password (a=ice-pwd)");
  }
  if (transport.fingerprints.empty()) {
    return fail(ErrorCode::kProtocol, "the SDP has no certificate's fingerprint (a=fingerprint)");
  }
  if (transport.fingerprints.size() > kMaxFingerprints) {
    return fail(ErrorCode::kProtocol, "the SDP has more than 4 fingerprints for one section");
  }
  for (const auto line : transport.fingerprints) {
    if (!isUsable(line, kFingerprint)) {
      return fail(ErrorCode::kProtocol, "the SDP has no usable fingerprint (a=fingerprint)");
    }
  }
  return {};
}

class Writer {
 public:
  Writer(Transport transport, std::string_view lineEnd)
      : transport_(std::move(transport)), lineEnd_(lineEnd) {}

  void write(const Section& section) {
    // A section that has the right ones keeps them, with the very ends of their lines.
    const bool keeps = transportOf(section).fingerprints == transport_.fingerprints;
    bool fingerprinted = false;
    for (const auto& line : section) {
      if (line.text.starts_with(kUfrag)) {
        append({*transport_.ufrag, line.end});
      } else if (line.text.starts_with(kPwd)) {
        append({*transport_.pwd, line.end});
      } else if (keeps || !line.text.starts_with(kFingerprint)) {
        append(line);
      } else if (!fingerprinted) {
        fingerprinted = true;
        appendFingerprints(line.end);
      }
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void append(const Line& line) {
    out_ += line.text;
    out_ += line.end;
  }

  void appendFingerprints(std::string_view lastEnd) {
    const auto& all = transport_.fingerprints;
    for (const auto& text : all) append({text, &text == &all.back() ? lastEnd : lineEnd_});
  }

  Transport transport_;
  std::string_view lineEnd_;
  std::string out_;
};

constexpr std::string_view kRtpmap = "a=rtpmap:";
constexpr std::string_view kFecGroup = "a=ssrc-group:FEC-FR ";

/// What belongs to FlexFEC in one section.
struct FecLines {
  std::set<std::string_view> payloadTypes;
  std::set<std::string_view> ssrcs;
};

/// The words of a line, whose separators are single spaces.
std::vector<std::string_view> wordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::optional<std::string_view> rest = line; rest;) {
    const auto [word, after] = text::splitAt(*rest, ' ');
    words.push_back(word);
    rest = after;
  }
  return words;
}

FecLines fecOf(const Section& section) {
  FecLines fec;
  for (const auto& [line, end] : section) {
    if (line.starts_with(kRtpmap)) {
      const auto [type, codec] = text::splitAt(line.substr(kRtpmap.size()), ' ');
      if (codec && codec->starts_with("flexfec-03/")) fec.payloadTypes.insert(type);
    } else if (line.starts_with(kFecGroup)) {
      // RFC 5956 section 4.3: the source's SSRC, then the repair's.
      const auto ssrcs = wordsOf(line.substr(kFecGroup.size()));
      fec.ssrcs.insert(ssrcs.begin() + 1, ssrcs.end());
    }
  }
  return fec;
}

bool isOfFec(std::string_view line, const FecLines& fec) {
  if (line.starts_with(kFecGroup)) return true;
  const auto [name, value] = text::splitAt(line, ':');
  if (!value) return false;
  const auto number = text::splitAt(*value, ' ').before;
  if (name == "a=ssrc") return fec.ssrcs.contains(number);
  return (name == "a=rtpmap" || name == "a=fmtp" || name == "a=rtcp-fb") &&
         fec.payloadTypes.contains(number);
}

/// "m=video 9 UDP/TLS/RTP/SAVPF 96 97 …" without some payload types.
std::string withoutFormats(std::string_view line, const std::set<std::string_view>& formats) {
  constexpr std::size_t kBeforeFormats = 3;  // media, port, protocol (RFC 8866 section 5.14)
  std::string out;
  const auto words = wordsOf(line);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i >= kBeforeFormats && formats.contains(words[i])) continue;
    out += (i == 0 ? "" : " ") + std::string(words[i]);
  }
  return out;
}

}  // namespace

Result<std::string> useOneTransport(std::string_view sdp) {
  if (!sdp.starts_with("v=0\r\n") && !sdp.starts_with("v=0\n")) {
    return fail(ErrorCode::kProtocol, "this is no SDP: it does not begin with v=0");
  }
  const auto sections = split(sdp);
  if (sections.size() < 2) {
    return fail(ErrorCode::kProtocol, "the SDP has no media section (m=)");
  }
  auto transport = chooseTransport(sections);
  if (const auto usable = check(transport); !usable) return tl::unexpected(usable.error());
  Writer writer(std::move(transport), sections.front().front().end);
  for (const auto& section : sections) writer.write(section);
  return writer.take();
}

IceFacts iceFacts(std::string_view sdp) {
  IceFacts facts;
  for (const auto& section : split(sdp)) {
    for (const auto& [line, end] : section) {
      if (line == "a=ice-lite") facts.lite = true;
      if (line.starts_with(kIceOptions) && line.find("trickle") != line.npos) facts.trickles = true;
      if (line.starts_with(kUfrag) && facts.ufrag.empty()) facts.ufrag = line.substr(kUfrag.size());
    }
  }
  return facts;
}

std::string withCandidates(std::string_view sdp, const std::vector<std::string>& candidates) {
  const auto sections = split(sdp);
  std::string out;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    for (const auto& [line, end] : sections[i]) {
      out += line;
      out += end;
    }
    if (i != 1) continue;
    if (!out.ends_with('\n')) out += "\r\n";
    for (const auto& candidate : candidates) out += "a=" + candidate + "\r\n";
  }
  return out;
}

std::string withoutFec(std::string_view sdp) {
  std::string out;
  for (const auto& section : split(sdp)) {
    const auto fec = fecOf(section);
    for (const auto& [line, end] : section) {
      if (isOfFec(line, fec)) continue;
      out += line.starts_with("m=") ? withoutFormats(line, fec.payloadTypes) : std::string(line);
      out += end;
    }
  }
  return out;
}

}  // namespace rtcpub::sdp
