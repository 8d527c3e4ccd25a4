#include "core/sdp/codecs.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "core/sdp/values.h"
#include "core/text/text.h"

namespace rtcpub::sdp {
namespace {

/// Of one section that carries RTP.
class SectionCodecs {
 public:
  /// `mLine` is without its end.
  explicit SectionCodecs(std::string_view mLine) {
    constexpr std::size_t kBeforeFormats = 3;  // kind, port, protocol (RFC 8866 section 5.14)
    const auto fields = fieldsOf(mLine);
    for (std::size_t i = kBeforeFormats; i < fields.size(); ++i) {
      const auto type = payloadType(fields[i]);
      if (!type || find(*type) != nullptr) continue;
      codecs_.push_back({.payloadType = *type});
      indexOf_.at(static_cast<std::size_t>(*type)) = codecs_.size();
    }
  }

  /// Whether a line, without its end, is one of these.
  bool take(std::string_view line) {
    const auto [name, after] = text::splitAt(line, ':');
    const auto [type, rest] = text::splitAt(after.value_or(""), ' ');
    if (!rest) return false;
    if (name == "a=rtcp-fb" && type == "*") return takeFeedback(forAll_, *rest);
    const auto number = payloadType(type);
    Codec* codec = number ? find(*number) : nullptr;
    if (codec == nullptr) return false;
    if (name == "a=rtpmap") return takeMapping(*codec, *rest);
    if (name == "a=fmtp") return takeParameters(*codec, *rest);
    return name == "a=rtcp-fb" && takeFeedback(codec->feedback, *rest);
  }

  std::vector<Codec> finish() {
    for (auto& codec : codecs_) {
      for (const auto& one : forAll_) addFeedback(codec.feedback, one);
    }
    return std::move(codecs_);
  }

 private:
  using Feedback = std::pair<std::string, std::string>;

  Codec* find(int payloadType) {
    const auto at = indexOf_.at(static_cast<std::size_t>(payloadType));
    return at == 0 ? nullptr : &codecs_[at - 1];
  }

  static bool takeMapping(Codec& codec, std::string_view encoding) {
    const auto [name, rest] = text::splitAt(encoding, '/');
    const auto [rate, channels] = text::splitAt(rest.value_or(""), '/');
    constexpr int kMost = std::numeric_limits<int>::max();
    codec.name = name;
    codec.clockRate = text::parseInteger(rate, 0, kMost).value_or(0);
    codec.channels = text::parseInteger(channels.value_or(""), 1, kMost).value_or(1);
    return true;
  }

  static bool takeParameters(Codec& codec, std::string_view parameters) {
    for (std::optional<std::string_view> rest = parameters; rest;) {
      const auto [part, more] = text::splitAt(*rest, ';');
      rest = more;
      const std::string parameter = joined(fieldsOf(part));
      if (parameter.empty()) continue;
      const auto [name, value] = text::splitAt(parameter, '=');
      codec.parameters[value ? std::string(name) : ""] = value ? *value : name;
    }
    return true;
  }

  static bool takeFeedback(std::vector<Feedback>& feedback, std::string_view value) {
    const auto [id, rest] = text::splitAt(value, ' ');
    std::string parameter;
    for (const auto field : fieldsOf(rest.value_or(""))) parameter += field;
    addFeedback(feedback, {std::string(id), parameter});
    return true;
  }

  static void addFeedback(std::vector<Feedback>& feedback, const Feedback& one) {
    if (std::ranges::find(feedback, one) == feedback.end()) feedback.push_back(one);
  }

  std::vector<Codec> codecs_;
  std::array<std::size_t, 128> indexOf_{};  ///< by payload type, from 1
  std::vector<Feedback> forAll_;
};

bool carriesRtp(std::string_view mLine) {
  return mLine.starts_with("m=audio ") || mLine.starts_with("m=video ");
}

}  // namespace

WithoutCodecs takeCodecs(std::string_view sdp) {
  WithoutCodecs taken;
  taken.sdp.reserve(sdp.size());
  std::optional<SectionCodecs> section;
  const auto endSection = [&] {
    if (section) taken.codecs.back() = section->finish();
    section.reset();
  };
  while (!sdp.empty()) {
    const auto whole = sdp.substr(0, std::min(sdp.find('\n'), sdp.size() - 1) + 1);
    sdp.remove_prefix(whole.size());
    const auto line = whole.substr(0, whole.find_first_of("\r\n"));
    if (line.starts_with("m=")) {
      endSection();
      taken.codecs.emplace_back();
      if (carriesRtp(line)) section.emplace(line);
    }
    if (!section || !section->take(line)) taken.sdp += whole;
  }
  endSection();
  return taken;
}

}  // namespace rtcpub::sdp
