#include "core/sdp/tidy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/sdp/rules.h"
#include "core/sdp/section.h"
#include "core/sdp/values.h"
#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

constexpr std::string_view kBundleOnly = "bundle-only";

bool isExtension(const Attribute& attribute) {
  return attribute.name == "extmap" && isHeaderExtension(attribute.value);
}

bool hasExtensions(const Section& section) {
  return std::ranges::any_of(section.lines, [](const Line& line) {
    const auto attribute = attributeOf(line);
    return attribute && isExtension(*attribute);
  });
}

std::string mLine(const Section& section, std::string_view port) {
  return "m=" + std::string(section.kind) + " " + std::string(port) + " " +
         std::string(section.protocol) + " " +
         (section.formats.empty() ? "0" : joined(section.formats));
}

class Writer {
 public:
  explicit Writer(const TakesCandidate& takesCandidate) : takesCandidate_(takesCandidate) {}

  void session(const Sections& sections) {
    header(sections.session);
    // They stand at one level only (RFC 8285 section 5); a section's are the better known.
    const bool withExtensions = std::ranges::none_of(sections.media, hasExtensions);
    AttributeRules rules;
    for (const auto& line : sections.session) {
      const auto attribute = attributeOf(line);
      if (!attribute || (attribute->name == "extmap" && !withExtensions)) continue;
      if (attribute->name == "group") bundle(attribute->value, sections.mids);
      write(rules.kept(*attribute));
    }
    write(strongestFingerprint(sections.session));
  }

  void section(const Section& section) {
    const bool usable = section.whyUnusable().empty();
    write(usable ? mLine(section, section.rejected ? "0" : "9") : "m=unknown 0 RTP/AVP 0");
    write("a=mid:" + section.mid);
    if (!usable) return;
    AttributeRules rules(section);
    for (const auto& line : section.lines) {
      const auto attribute = attributeOf(line);
      if (!attribute) continue;
      write(rules.kept(*attribute));
      if (attribute->name == "candidate") candidate(attribute->value);
    }
    write(strongestFingerprint(section.lines));
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void write(const std::optional<std::string>& line) {
    if (line) out_ += *line + "\r\n";
  }

  /// What nobody heeds, in its simplest form; but for the session's name and version.
  void header(const std::vector<Line>& session) {
    std::string origin = "o=- 0 0 IN IP4 0.0.0.0";
    for (const auto& line : session) {
      if (!line.text.starts_with("o=")) continue;
      const auto fields = fieldsOf(line.text);
      if (fields.size() == 6) origin = joined(fields);
    }
    write("v=0");
    write(origin);
    write("s=-");
    write("t=0 0");
  }

  void bundle(std::string_view value, const std::set<std::string>& mids) {
    auto fields = fieldsOf(value);
    if (fields.empty() || fields[0] != "BUNDLE") return;
    fields.erase(fields.begin());
    std::erase_if(fields, [&](const auto& mid) { return !mids.contains(std::string(mid)); });
    write("a=group:BUNDLE" + (fields.empty() ? "" : " " + joined(fields)));
  }

  void candidate(std::string_view value) {
    const std::string line = "candidate:" + singleSpaced(value);
    if (takesCandidate_ && takesCandidate_(line)) write("a=" + line);
  }

  const TakesCandidate& takesCandidate_;
  std::string out_;
};

bool has(const std::vector<Line>& lines, std::string_view name) {
  return std::ranges::any_of(lines, [name](const Line& line) {
    const auto attribute = attributeOf(line);
    return attribute && attribute->name == name &&
           (!attribute->value.empty() || name == kBundleOnly);
  });
}

/// One of a bundle may have port 0 (RFC 8843 section 6).
bool isLive(const Section& section) {
  return section.whyUnusable().empty() && (!section.rejected || has(section.lines, kBundleOnly));
}

Lacks lacksOf(const Sections& sections) {
  const auto first = std::ranges::find_if(sections.media, isLive);
  if (first == sections.media.end()) return Lacks::kNothing;
  for (const std::string_view name : {"ice-ufrag", "ice-pwd"}) {
    if (!has(first->lines, name) && !has(sections.session, name)) return Lacks::kIceCredentials;
  }
  const bool known = strongestFingerprint(first->lines) || strongestFingerprint(sections.session);
  return known ? Lacks::kNothing : Lacks::kFingerprint;
}

}  // namespace

Result<Tidied> tidy(std::string_view sdp, const TakesCandidate& takesCandidate) {
  const auto sections = readSections(sdp);
  if (!sections) return tl::unexpected(sections.error());
  Tidied tidied;
  tidied.lacks = lacksOf(*sections);
  Writer writer(takesCandidate);
  writer.session(*sections);
  for (std::size_t i = 0; i < sections->media.size(); ++i) {
    const auto& section = sections->media[i];
    writer.section(section);
    const std::string why(section.whyUnusable());
    if (why.empty()) continue;
    tidied.declined.push_back({i, mLine(section, "0"), place(section.mLine) + ": " + why});
  }
  tidied.sdp = writer.take();
  return tidied;
}

std::string reject(const std::string& answer, const std::vector<Declined>& declined) {
  std::string edited;
  std::size_t index = 0;
  auto next = declined.begin();
  for (std::optional<std::string_view> rest = answer; rest && !rest->empty();) {
    const auto [line, more] = text::splitAt(*rest, '\n');
    const bool isDeclined =
        line.starts_with("m=") && next != declined.end() && next->index == index;
    index += line.starts_with("m=") ? 1 : 0;
    edited += isDeclined ? next->mLine + "\r" : std::string(line);
    if (more) edited += '\n';
    if (isDeclined) ++next;
    rest = more;
  }
  return edited;
}

}  // namespace rtcpub::sdp
