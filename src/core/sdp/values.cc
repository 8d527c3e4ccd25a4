#include "core/sdp/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

constexpr std::string_view kEncryptUri = "urn:ietf:params:rtp-hdrext:encrypt";
/// As many as libwebrtc's audio has.
constexpr int kMaxChannels = 24;
constexpr int kMaxClockRate = 1'000'000'000;
/// Two-byte header extensions (RFC 8285 section 4.3).
constexpr int kMaxExtensionId = 255;

bool isAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isTokenChar(char c) {
  return isAlphanumeric(c) ||
         std::string_view("!#$%&'*+-.^_`{|}~").find(c) != std::string_view::npos;
}

bool isHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto halves = text::splitAt(text, separator);
    parts.push_back(halves.before);
    if (!halves.after) return parts;
    text = *halves.after;
  }
}

std::optional<std::uint32_t> ssrc(std::string_view text) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// RFC 8851 section 10: rid-id.
bool isRidId(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return isAlphanumeric(c) || c == '-' || c == '_';
  });
}

/// "1;~4,3": streams apart by ';', each with its alternatives, paused ones with a '~'.
bool isStreamList(std::string_view text) {
  return std::ranges::all_of(split(text, ';'), [](std::string_view stream) {
    return std::ranges::all_of(split(stream, ','), [](std::string_view rid) {
      return isRidId(rid.starts_with('~') ? rid.substr(1) : rid);
    });
  });
}

/// "34:F1:…": bytes in hexadecimal, apart by colons.
std::size_t digestSize(std::string_view text) {
  std::size_t size = 0;
  for (const auto byte : split(text, ':')) {
    if (byte.size() != 2 || !std::ranges::all_of(byte, isHex)) return 0;
    ++size;
  }
  return size;
}

}  // namespace

std::vector<std::string_view> fieldsOf(std::string_view text) {
  auto fields = split(text, ' ');
  std::erase(fields, std::string_view());
  return fields;
}

std::string joined(const std::vector<std::string_view>& fields) {
  std::string text;
  for (const auto field : fields) {
    if (!text.empty()) text += ' ';
    text += field;
  }
  return text;
}

std::string singleSpaced(std::string_view text) {
  const bool odd =
      text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != std::string_view::npos;
  return odd ? joined(fieldsOf(text)) : std::string(text);
}

FirstField firstField(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  const auto end = std::min(text.find(' ', begin), text.size());
  const auto more = text.find_first_not_of(' ', end) != std::string_view::npos;
  return {text.substr(begin, end - begin), more};
}

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isTokenChar);
}

std::optional<int> payloadType(std::string_view text) { return text::parseInteger(text, 0, 127); }

bool isEncoding(std::string_view text) {
  const auto parts = split(text, '/');
  if (parts.size() < 2 || parts.size() > 3 || !isToken(parts[0])) return false;
  return text::parseInteger(parts[1], 1, kMaxClockRate) &&
         (parts.size() == 2 || text::parseInteger(parts[2], 1, kMaxChannels));
}

bool isHeaderExtension(std::string_view value) {
  const auto fields = fieldsOf(value);
  if (fields.size() < 2 || fields[1] == kEncryptUri) return false;
  return text::parseInteger(text::splitAt(fields[0], '/').before, 1, kMaxExtensionId).has_value();
}

bool isSource(std::string_view value) {
  const auto [number, attribute] = text::splitAt(value, ' ');
  if (!ssrc(number) || !attribute) return false;
  const auto [name, of] = text::splitAt(*attribute, ':');
  return of && (name == "cname" || (name == "msid" && isMsid(*of)));
}

bool isSourceGroup(std::string_view value) {
  const auto fields = fieldsOf(value);
  if (fields.size() < 2 || !isToken(fields[0])) return false;
  std::vector<std::uint32_t> ssrcs;
  for (auto field = fields.begin() + 1; field != fields.end(); ++field) {
    const auto number = ssrc(*field);
    if (!number) return false;
    ssrcs.push_back(*number);
  }
  std::ranges::sort(ssrcs);
  return std::ranges::adjacent_find(ssrcs) == ssrcs.end();
}

bool isMsid(std::string_view value) {
  const auto fields = fieldsOf(value);
  return !value.starts_with(' ') && !fields.empty() && fields.size() <= 2;
}

bool isSimulcast(std::string_view value) {
  const auto fields = fieldsOf(value);
  if (fields.size() != 2 && fields.size() != 4) return false;
  for (std::size_t i = 0; i < fields.size(); i += 2) {
    if (fields[i] != "send" && fields[i] != "recv") return false;
    if (!isStreamList(fields[i + 1])) return false;
  }
  return fields.size() == 2 || fields[0] != fields[2];
}

bool isRid(std::string_view value) {
  const auto fields = fieldsOf(value);
  return fields.size() >= 2 && isRidId(fields[0]) && (fields[1] == "send" || fields[1] == "recv");
}

std::optional<int> strengthOfFingerprint(std::string_view value) {
  struct Hash {
    std::string_view name;
    std::size_t size;  // in bytes
  };
  constexpr std::array<Hash, 5> kWeakestFirst{
      {{"sha-1", 20}, {"sha-224", 28}, {"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}}};
  const auto fields = fieldsOf(value);
  if (fields.size() != 2) return std::nullopt;
  const std::string name = text::toLower(fields[0]);
  const auto hash = std::ranges::find(kWeakestFirst, std::string_view(name), &Hash::name);
  if (hash == kWeakestFirst.end() || digestSize(fields[1]) != hash->size) return std::nullopt;
  return static_cast<int>(hash - kWeakestFirst.begin());
}

}  // namespace rtcpub::sdp
