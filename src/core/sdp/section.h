#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/result.h"

/// An SDP taken apart into its sections, as far as tidy() needs it. Borrows the text.
namespace rtcpub::sdp {

struct Line {
  std::size_t number = 0;  ///< from 1
  std::string_view text;   ///< without its end
};

/// "line 12 "a=…"", for messages.
std::string place(const Line& line);

/// The place of the first line that begins so; nothing without one.
std::optional<std::string> placeOf(std::string_view sdp, std::string_view prefix);

/// "a=<name>[:<value>]".
struct Attribute {
  std::string_view name;
  std::string_view value;
  std::size_t line = 0;
};

/// Nothing when the line is none.
std::optional<Attribute> attributeOf(const Line& line);

enum class Carries { kRtp, kSctp, kNothing };

struct Section {
  Line mLine;
  std::vector<Line> lines{};  ///< below it

  // What its "m=" line says (RFC 8866 section 5.14).
  std::string_view kind{};
  bool rejected = false;  ///< port 0
  std::string_view protocol{};
  /// RTP: those that mean something. SCTP: what names the data channels.
  std::vector<std::string_view> formats{};

  Carries carries = Carries::kNothing;
  std::string mid{};
  std::array<bool, 128> listed{};  ///< whether a payload type is one of the formats
  /// The number of the line that says what a payload type is; 0 without.
  std::array<std::size_t, 128> mappedAt{};

  [[nodiscard]] bool isAudio() const { return kind == "audio"; }
  /// Whether a value begins with a payload type of the section, and goes on.
  [[nodiscard]] bool isOfListed(std::string_view value) const;
  /// Why the section can't be used; empty when it can.
  [[nodiscard]] std::string_view whyUnusable() const;
};

/// Without lines that have control characters, "m=" lines aside: they mean nothing.
struct Sections {
  std::vector<Line> session;  ///< the lines before the first section
  std::vector<Section> media;
  std::set<std::string> mids;
};

/// Errors: kProtocol; kUnsupported where the text says more than is read (core/sdp/limits). Both
/// with the number of the line and its text.
Result<Sections> readSections(std::string_view sdp);

/// What an SCTP section of today lists instead of a port (RFC 8841 section 4.2).
inline constexpr std::string_view kDataChannel = "webrtc-datachannel";

}  // namespace rtcpub::sdp
