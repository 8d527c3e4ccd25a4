#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rtcpub::sfu {

/// The parameter sets of an H264 stream (SPS and PPS), for the key frames that come without: some
/// encoders send them once only, and whoever comes later, or lost something for good, can't begin
/// at a key frame alone.
class ParameterSets {
 public:
  /// More than any encoder uses.
  static constexpr std::size_t kMaxUnits = 8;
  /// All of them, as one RTP payload; larger ones are passed on as they come and not kept.
  static constexpr std::size_t kMaxBytes = 1000;

  /// Another stream.
  void clear() { *this = ParameterSets(); }
  /// A payload of the picture with that RTP timestamp (RFC 6184 section 5).
  void onPayload(std::uint32_t timestamp, std::span<const std::uint8_t> payload);
  /// Whether the picture brought its own.
  [[nodiscard]] bool cameWith(std::uint32_t timestamp) const { return timestamp_ == timestamp; }
  /// The newest of each, as a STAP-A (section 5.7.1); empty while an SPS or a PPS is missing.
  [[nodiscard]] std::vector<std::uint8_t> payload() const;

 private:
  using Unit = std::vector<std::uint8_t>;

  void take(std::span<const std::uint8_t> unit);

  std::vector<Unit> units_;                 ///< each SPS before each PPS
  std::optional<std::uint32_t> timestamp_;  ///< of the picture with the newest SPS
};

}  // namespace rtcpub::sfu
