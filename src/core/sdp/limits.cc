#include "core/sdp/limits.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/sdp/section.h"
#include "core/sdp/values.h"
#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

struct Bound {
  std::string_view attribute;
  std::size_t most = 0;
  std::string_view what;
};

/// How many lines of a kind a section, or the session, has.
constexpr std::array<Bound, 8> kOfSection{{
    {"rtpmap", kMaxCodecs, "codecs in one section"},
    {"candidate", kMaxCandidates, "candidates in one section"},
    {"extmap", kMaxExtensions, "header extensions in one section"},
    {"fingerprint", kMaxFingerprints, "fingerprints in one section"},
    {"ssrc", kMaxSourceLines, "lines of SSRCs in one section"},
    {"ssrc-group", kMaxSourceGroups, "groups of SSRCs in one section"},
    {"rid", kMaxLayers, "layers in one section"},
    {"group", kMaxGroups, "groups of sections"},
}};

/// … and all sections together.
constexpr std::array<Bound, 5> kOfAll{{
    {"rtpmap", kMaxAllCodecs, "codecs in all sections"},
    {"extmap", kMaxAllExtensions, "header extensions in all sections"},
    {"ssrc", kMaxAllSourceLines, "lines of SSRCs in all sections"},
    {"ssrc-group", kMaxAllSourceGroups, "groups of SSRCs in all sections"},
    {"rid", kMaxAllLayers, "layers in all sections"},
}};

/// … and each codec, by the payload type that the line begins with.
constexpr std::array<Bound, 2> kOfCodec{{
    {"rtcp-fb", kMaxFeedback, "lines of feedback for one codec"},
    {"fmtp", kMaxFormatLines, "lines of parameters for one codec"},
}};

struct ListBound {
  Bound bound;
  std::string_view separators;
};

/// How many things stand in one line, the first word aside where it is no such thing.
constexpr std::array<ListBound, 4> kOfLine{{
    {{"group", kMaxMidsOfGroup + 1, "sections in one group"}, " "},
    {{"ssrc-group", kMaxSourcesOfGroup + 1, "SSRCs in one group"}, " "},
    {{"simulcast", kMaxLayersOfSimulcast, "layers in one section"}, ",;"},
    {{"fmtp", kMaxParameters, "parameters in one line"}, ";"},
}};

tl::unexpected<Error> tooMuch(const Line& line, std::size_t most, std::string_view what) {
  return fail(ErrorCode::kUnsupported,
              place(line) + ": more than " + std::to_string(most) + " " + std::string(what));
}

std::size_t countOf(std::string_view value, std::string_view separators) {
  const auto isSeparator = [separators](char c) {
    return separators.find(c) != std::string_view::npos;
  };
  return 1 + static_cast<std::size_t>(std::ranges::count_if(value, isSeparator));
}

template <std::size_t kSize>
using Counts = std::array<std::size_t, kSize>;

/// Counts a line of one kind. The bound that is passed by it, if one is.
template <std::size_t kSize>
const Bound* count(const std::array<Bound, kSize>& bounds, Counts<kSize>& counts,
                   std::string_view attribute) {
  for (std::size_t i = 0; i < kSize; ++i) {
    if (bounds[i].attribute == attribute && ++counts[i] > bounds[i].most) return &bounds[i];
  }
  return nullptr;
}

class Counter {
 public:
  void beginSection() {
    ofSection_ = {};
    ofCodec_ = {};
  }

  Result<void> add(const Line& line) {
    if (!line.text.starts_with("a=")) return {};
    const auto [name, after] = text::splitAt(line.text.substr(2), ':');
    const auto value = after.value_or("");
    const auto* passed = count(kOfSection, ofSection_, name);
    if (passed == nullptr) passed = count(kOfAll, ofAll_, name);
    if (passed == nullptr) passed = countOfCodec(name, value);
    if (passed != nullptr) return tooMuch(line, passed->most, passed->what);
    return checkList(line, name, value);
  }

 private:
  const Bound* countOfCodec(std::string_view name, std::string_view value) {
    if (name != kOfCodec[0].attribute && name != kOfCodec[1].attribute) return nullptr;
    const auto type = payloadType(firstField(value).text);
    // "*" means all codecs; what is no payload type has no meaning, but counts together.
    return count(kOfCodec, ofCodec_.at(type ? static_cast<std::size_t>(*type) : 128), name);
  }

  static Result<void> checkList(const Line& line, std::string_view name, std::string_view value) {
    for (const auto& [bound, separators] : kOfLine) {
      if (name != bound.attribute || countOf(value, separators) <= bound.most) continue;
      // The word before a list between spaces is none of its things.
      return tooMuch(line, bound.most - (separators == " " ? 1 : 0), bound.what);
    }
    return {};
  }

  Counts<kOfSection.size()> ofSection_{};
  Counts<kOfAll.size()> ofAll_{};
  std::array<Counts<kOfCodec.size()>, 129> ofCodec_{};
};

Result<void> checkMediaLine(const Line& line) {
  constexpr std::size_t kBefore = 3;  // kind, port, protocol (RFC 8866 section 5.14)
  if (countOf(line.text, " ") <= kMaxCodecs + kBefore) return {};
  return tooMuch(line, kMaxCodecs, "formats in one section");
}

}  // namespace

Result<void> checkSize(std::string_view sdp) {
  Line line;
  std::size_t filled = 0;
  std::size_t sections = 0;
  const char* const begin = sdp.data();
  for (std::string_view rest = sdp; !rest.empty();) {
    ++line.number;
    line.text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.text.size() + 1, rest.size()));
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (line.text.size() > kMaxLine) return tooMuch(line, kMaxLine, "bytes in one line");
    if (!line.text.empty() && ++filled > kMaxLines) {
      return tooMuch(line, kMaxLines, "lines in all");
    }
    if (line.text.starts_with("m=") && ++sections > kMaxSections) {
      return tooMuch(line, kMaxSections, "sections");
    }
    const auto end = static_cast<std::size_t>(line.text.data() - begin) + line.text.size();
    if (end > kMaxSize) return tooMuch(line, kMaxSize, "bytes in all");
    if (line.text.find('\0') != std::string_view::npos) {
      return fail(ErrorCode::kProtocol, place(line) + ": a zero byte");
    }
  }
  return {};
}

Result<void> checkLimits(const Sections& sections) {
  Counter counter;
  for (const auto& line : sections.session) {
    if (auto counted = counter.add(line); !counted) return counted;
  }
  for (const auto& section : sections.media) {
    if (auto readable = checkMediaLine(section.mLine); !readable) return readable;
    counter.beginSection();
    for (const auto& line : section.lines) {
      if (auto counted = counter.add(line); !counted) return counted;
    }
  }
  return {};
}

}  // namespace rtcpub::sdp
