#include "core/sdp/rules.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "core/sdp/values.h"
#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

using Keeps = bool (*)(const Section&, const Attribute&);
struct Rule {
  std::string_view name;
  Keeps keeps;
  bool once = false;  ///< the first one counts
};

bool always(const Section& /*section*/, const Attribute& /*attribute*/) { return true; }
bool hasValue(const Section& /*section*/, const Attribute& a) { return !a.value.empty(); }
bool isExtension(const Section& /*section*/, const Attribute& a) {
  return isHeaderExtension(a.value);
}

bool isRole(const Section& /*section*/, const Attribute& a) {
  return a.value == "active" || a.value == "passive" || a.value == "actpass" ||
         a.value == "holdconn";
}

bool isMapping(const Section& section, const Attribute& a) {
  if (!section.isOfListed(a.value)) return false;
  const auto type = static_cast<std::size_t>(*payloadType(firstField(a.value).text));
  return section.mappedAt.at(type) == a.line;
}

bool isOfFormat(const Section& section, const Attribute& a) { return section.isOfListed(a.value); }

bool isFeedback(const Section& section, const Attribute& a) {
  const auto [type, more] = firstField(a.value);
  return section.isOfListed(a.value) || (more && type == "*");
}

bool isNumber(const Section& /*section*/, const Attribute& a) {
  return !a.value.empty() && a.value.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Beside a port in the "m=" line it can't stand.
bool isSctpPort(const Section& section, const Attribute& /*attribute*/) {
  return section.formats[0] == kDataChannel;
}

template <bool (*kIs)(std::string_view)>
bool holds(const Section& /*section*/, const Attribute& a) {
  return kIs(a.value);
}

constexpr std::array<Rule, 4> kTransport{{
    {"ice-ufrag", hasValue, true},
    {"ice-pwd", hasValue, true},
    {"ice-options", hasValue, true},
    {"setup", isRole, true},
}};

constexpr std::array<Rule, 4> kSession{{
    {"ice-lite", always, true},
    {"msid-semantic", hasValue, true},
    {"extmap-allow-mixed", always, true},
    {"extmap", isExtension},
}};

constexpr std::array<Rule, 17> kRtp{{
    {"bundle-only", always, true},
    {"rtcp-mux", always, true},
    {"rtcp-rsize", always, true},
    {"sendrecv", always, true},
    {"sendonly", always, true},
    {"recvonly", always, true},
    {"inactive", always, true},
    {"extmap-allow-mixed", always, true},
    {"extmap", isExtension},
    {"rtpmap", isMapping},
    {"fmtp", isOfFormat},
    {"rtcp-fb", isFeedback},
    {"ssrc", holds<isSource>},
    {"ssrc-group", holds<isSourceGroup>},
    {"msid", holds<isMsid>, true},
    {"rid", holds<isRid>},
    {"simulcast", holds<isSimulcast>, true},
}};

constexpr std::array<Rule, 3> kSctp{{
    {"bundle-only", always, true},
    {"sctp-port", isSctpPort, true},
    {"max-message-size", isNumber, true},
}};

const Rule* find(std::span<const Rule> rules, std::string_view name) {
  const auto rule = std::ranges::find(rules, name, &Rule::name);
  return rule == rules.end() ? nullptr : &*rule;
}

const Rule* ruleFor(const Section* section, std::string_view name) {
  if (const auto* rule = find(kTransport, name)) return rule;
  if (section == nullptr) return find(kSession, name);
  switch (section->carries) {
    case Carries::kRtp:
      return find(kRtp, name);
    case Carries::kSctp:
      return find(kSctp, name);
    case Carries::kNothing:
      return nullptr;
  }
  return nullptr;
}

/// Milliseconds; Opus knows 120 at most.
constexpr int kLongestPacket = 1000;

/// "ptime" and "maxptime" have lines of their own (RFC 4855 section 3); nobody here heeds them. A
/// "minptime" beyond reason would be above any of them.
std::string withoutPacketTimes(std::string_view parameters) {
  std::string kept;
  for (std::optional<std::string_view> rest = parameters; rest;) {
    const auto [parameter, more] = text::splitAt(*rest, ';');
    rest = more;
    const std::string bare = joined(fieldsOf(parameter));
    const auto [name, value] = text::splitAt(bare, '=');
    if (bare.empty() || name == "ptime" || name == "maxptime") continue;
    if (name == "minptime" && !text::parseInteger(value.value_or(""), 0, kLongestPacket)) continue;
    kept += (kept.empty() ? "" : ";") + bare;
  }
  return kept;
}

std::string writtenValue(const Section& section, const Attribute& attribute) {
  if (attribute.name == "fmtp" && section.isAudio()) {
    const auto fields = fieldsOf(attribute.value);
    const auto parameters = withoutPacketTimes(joined({fields.begin() + 1, fields.end()}));
    return parameters.empty() ? "" : std::string(fields[0]) + " " + parameters;
  }
  if (attribute.name == "max-message-size") {
    constexpr int kMost = std::numeric_limits<int>::max();
    return std::to_string(text::parseInteger(attribute.value, 0, kMost).value_or(kMost));
  }
  return singleSpaced(attribute.value);
}

}  // namespace

std::optional<std::string> AttributeRules::kept(const Attribute& attribute) {
  static const Section kNone;
  const Section& section = section_ == nullptr ? kNone : *section_;
  const auto* rule = ruleFor(section_, attribute.name);
  if (rule == nullptr || !rule->keeps(section, attribute)) return std::nullopt;
  if (rule->once && !seen_.insert(rule->name).second) return std::nullopt;
  const std::string line = "a=" + std::string(attribute.name);
  if (rule->keeps == always) return line;
  const std::string value = writtenValue(section, attribute);
  if (value.empty()) return std::nullopt;
  return line + ":" + value;
}

std::optional<std::string> strongestFingerprint(const std::vector<Line>& lines) {
  int strongest = -1;
  std::optional<std::string> chosen;
  for (const auto& line : lines) {
    const auto attribute = attributeOf(line);
    if (!attribute || attribute->name != "fingerprint") continue;
    const auto strength = strengthOfFingerprint(attribute->value);
    if (!strength || *strength < strongest) continue;
    strongest = *strength;
    chosen = "a=fingerprint:" + joined(fieldsOf(attribute->value));
  }
  return chosen;
}

}  // namespace rtcpub::sdp
