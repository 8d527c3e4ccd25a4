#include "core/sdp/section.h"

#include <algorithm>
#include <utility>

#include "core/sdp/limits.h"
#include "core/sdp/values.h"
#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

constexpr std::size_t kQuoted = 100;

tl::unexpected<Error> refuse(const Line& line, std::string_view why) {
  return fail(ErrorCode::kProtocol, place(line) + ": " + std::string(why));
}

/// Without those that are empty.
std::vector<Line> linesOf(std::string_view sdp) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  constexpr std::string_view kBlank = " \t\r";
  if (sdp.starts_with(kByteOrderMark)) sdp.remove_prefix(kByteOrderMark.size());
  std::vector<Line> lines;
  for (std::size_t number = 1; !sdp.empty(); ++number) {
    const auto [line, rest] = text::splitAt(sdp, '\n');
    sdp = rest.value_or("");
    const auto end = line.find_last_not_of(kBlank);
    if (end != std::string_view::npos) lines.push_back({number, line.substr(0, end + 1)});
  }
  return lines;
}

Sections split(std::string_view sdp) {
  Sections sections;
  for (const auto& line : linesOf(sdp)) {
    if (line.text.starts_with("m=")) {
      sections.media.push_back({.mLine = line});
    } else if (!text::hasControl(line.text)) {
      (sections.media.empty() ? sections.session : sections.media.back().lines).push_back(line);
    }
  }
  return sections;
}

bool isRtpOverDtls(std::string_view protocol) {
  // JSEP (RFC 8829 section 5.1.2): all of these mean the same.
  constexpr std::array<std::string_view, 10> kProtocols{"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP",
                                                        "TCP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVP",
                                                        "TCP/DTLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF",
                                                        "RTP/SAVPF",         "RTP/SAVP",
                                                        "RTP/AVPF",          "RTP/AVP"};
  return std::ranges::find(kProtocols, protocol) != kProtocols.end();
}

bool isSctpOverDtls(std::string_view protocol) {
  return protocol == "UDP/DTLS/SCTP" || protocol == "TCP/DTLS/SCTP" || protocol == "DTLS/SCTP";
}

/// "m=<media> <port>[/<number>] <proto> <fmt>…" (RFC 8866 section 5.14).
Result<void> readMediaLine(Section& section) {
  const auto fields = fieldsOf(section.mLine.text.substr(2));
  if (fields.size() < 3 || text::hasControl(section.mLine.text)) {
    return refuse(section.mLine, "a section names its kind, port, protocol and formats");
  }
  const auto port = text::parseInteger(text::splitAt(fields[1], '/').before, 0, 65535);
  if (!port || !isToken(fields[0])) return refuse(section.mLine, "its port is no port number");
  section.kind = fields[0];
  section.rejected = *port == 0;
  section.protocol = fields[2];
  section.formats.assign(fields.begin() + 3, fields.end());
  const bool media = section.isAudio() || section.kind == "video";
  if (media && isRtpOverDtls(section.protocol)) section.carries = Carries::kRtp;
  if (section.kind == "application" && isSctpOverDtls(section.protocol)) {
    section.carries = Carries::kSctp;
  }
  return {};
}

/// Reads the section's mid and notes it; each has another.
Result<void> readMid(Section& section, std::set<std::string>& mids) {
  for (const auto& line : section.lines) {
    const auto attribute = attributeOf(line);
    if (!attribute || attribute->name != "mid") continue;
    if (!isToken(attribute->value)) return refuse(line, "a mid has letters, digits and -_. only");
    if (!mids.emplace(attribute->value).second) return refuse(line, "another section has this mid");
    section.mid = attribute->value;
    return {};
  }
  return {};
}

void nameTheNameless(std::vector<Section>& sections, std::set<std::string>& mids) {
  std::size_t number = 0;
  for (auto& section : sections) {
    while (section.mid.empty()) {
      const std::string mid = std::to_string(number++);
      if (mids.insert(mid).second) section.mid = mid;
    }
  }
}

/// RFC 3551 table 4: payload types of audio that need no a=rtpmap, and can't get another meaning.
bool isStatic(const Section& section, int payloadType) {
  return section.isAudio() && payloadType <= 18;
}

/// Finds out which of the listed payload types mean something.
void readFormats(Section& section) {
  for (const auto& line : section.lines) {
    const auto attribute = attributeOf(line);
    if (!attribute || attribute->name != "rtpmap") continue;
    const auto fields = fieldsOf(attribute->value);
    const auto type = fields.size() < 2 ? std::nullopt : payloadType(fields[0]);
    if (!type || isStatic(section, *type) || !isEncoding(fields[1])) continue;
    auto& mapped = section.mappedAt.at(static_cast<std::size_t>(*type));
    if (mapped == 0) mapped = line.number;
  }
  std::erase_if(section.formats, [&section](std::string_view format) {
    const auto type = payloadType(format);
    if (!type) return true;
    const auto index = static_cast<std::size_t>(*type);
    const bool known = section.mappedAt.at(index) != 0 || isStatic(section, *type);
    return !known || std::exchange(section.listed.at(index), true);
  });
}

/// A port that can't be read would leave the data channels mute.
Result<void> checkSctpPort(const Section& section) {
  for (const auto& line : section.lines) {
    const auto attribute = attributeOf(line);
    if (!attribute || attribute->name != "sctp-port") continue;
    if (!text::parseInteger(attribute->value, 0, 65535)) {
      return refuse(line, "its port is no port number");
    }
  }
  return {};
}

/// A port, or the one name that there is (RFC 8841 section 4.2).
void readSctpFormat(Section& section) {
  const auto& formats = section.formats;
  const bool isPort = !formats.empty() && text::parseInteger(formats[0], 0, 65535);
  section.formats = {isPort ? formats[0] : kDataChannel};
}

Result<void> read(Section& section, std::set<std::string>& mids) {
  if (auto readable = readMediaLine(section); !readable) return readable;
  if (auto named = readMid(section, mids); !named) return named;
  if (section.carries == Carries::kRtp) readFormats(section);
  if (section.carries != Carries::kSctp) return {};
  readSctpFormat(section);
  return checkSctpPort(section);
}

}  // namespace

std::string place(const Line& line) {
  return "line " + std::to_string(line.number) + " " + text::quote(line.text, kQuoted);
}

std::optional<std::string> placeOf(std::string_view sdp, std::string_view prefix) {
  for (const auto& line : linesOf(sdp)) {
    if (line.text.starts_with(prefix)) return place(line);
  }
  return std::nullopt;
}

std::optional<Attribute> attributeOf(const Line& line) {
  if (!line.text.starts_with("a=")) return std::nullopt;
  const auto [name, value] = text::splitAt(line.text.substr(2), ':');
  return Attribute{name, value.value_or(""), line.number};
}

std::string_view Section::whyUnusable() const {
  switch (carries) {
    case Carries::kNothing:
      return "neither audio nor video by RTP, nor data by SCTP, over DTLS";
    case Carries::kRtp:
      return formats.empty() ? "no format that an a=rtpmap explains" : "";
    case Carries::kSctp:
      return "";
  }
  return "";
}

bool Section::isOfListed(std::string_view value) const {
  const auto [field, more] = firstField(value);
  const auto type = more ? payloadType(field) : std::nullopt;
  return type && listed.at(static_cast<std::size_t>(*type));
}

Result<Sections> readSections(std::string_view sdp) {
  if (const auto sized = checkSize(sdp); !sized) return tl::unexpected(sized.error());
  auto sections = split(sdp);
  const Line first =
      sections.session.empty() ? Line{1, sdp.substr(0, kQuoted)} : sections.session.front();
  if (first.text != "v=0") return refuse(first, "an SDP begins with \"v=0\"");
  if (const auto limited = checkLimits(sections); !limited) return tl::unexpected(limited.error());
  for (auto& section : sections.media) {
    if (const auto readable = read(section, sections.mids); !readable) {
      return tl::unexpected(readable.error());
    }
  }
  nameTheNameless(sections.media, sections.mids);
  return sections;
}

}  // namespace rtcpub::sdp
