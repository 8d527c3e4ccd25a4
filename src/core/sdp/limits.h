#pragma once

#include <cstddef>
#include <string_view>

#include "rtcpub/result.h"

/// How much an SDP may say. Whoever reads one, libwebrtc above all, takes more than twice as long
/// for twice as much of some of this; each bound is far above what browsers and other peers write
/// (Chromium's largest of tests/fixtures/offers has 7.5 kB in 223 lines).
namespace rtcpub::sdp {

inline constexpr std::size_t kMaxSize = std::size_t{64} * 1024;  ///< bytes
inline constexpr std::size_t kMaxLine = 2048;                    ///< bytes of one line
inline constexpr std::size_t kMaxLines = 2048;                   ///< that aren't empty
inline constexpr std::size_t kMaxSections = 64;

// Of all sections together.
inline constexpr std::size_t kMaxAllCodecs = 512;
inline constexpr std::size_t kMaxAllExtensions = 512;
inline constexpr std::size_t kMaxAllSourceLines = 512;
inline constexpr std::size_t kMaxAllSourceGroups = 128;
inline constexpr std::size_t kMaxAllLayers = 128;

// Of one section, or of the session.
inline constexpr std::size_t kMaxCodecs = 64;
inline constexpr std::size_t kMaxFeedback = 16;    ///< `a=rtcp-fb` of one codec
inline constexpr std::size_t kMaxFormatLines = 8;  ///< `a=fmtp` of one codec
inline constexpr std::size_t kMaxCandidates = 64;
inline constexpr std::size_t kMaxExtensions = 64;
inline constexpr std::size_t kMaxFingerprints = 16;
inline constexpr std::size_t kMaxSourceLines = 128;  ///< `a=ssrc`, of which a source has up to 4
inline constexpr std::size_t kMaxSourceGroups = 32;
inline constexpr std::size_t kMaxLayers = 16;  ///< `a=rid`
inline constexpr std::size_t kMaxGroups = 16;

// Of one line.
inline constexpr std::size_t kMaxMidsOfGroup = 64;
inline constexpr std::size_t kMaxSourcesOfGroup = 16;
inline constexpr std::size_t kMaxLayersOfSimulcast = 16;
inline constexpr std::size_t kMaxParameters = 32;  ///< of `a=fmtp`

struct Line;
struct Sections;

/// Errors: kUnsupported, with the line that is too much; kProtocol (a zero byte).
Result<void> checkSize(std::string_view sdp);

/// Of the lines of a text whose size was checked. Errors: kUnsupported, with the line that is too
/// much.
Result<void> checkLimits(const Sections& sections);

}  // namespace rtcpub::sdp
