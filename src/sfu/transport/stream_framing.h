#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace rtcpub::sfu {

/// How datagrams are told apart on a TCP connection.
enum class Framing {
  kIce,   ///< each behind its length in two bytes (RFC 4571, RFC 6544 section 3)
  kTurn,  ///< by their own length; channel data padded to four bytes (RFC 8656 section 12.5)
};

enum class Opening { kIncomplete, kIce, kTurn, kGarbage };

/// What a connection is by its first bytes: it must begin with a STUN request.
[[nodiscard]] Opening recognize(std::span<const std::uint8_t> bytes);

/// Takes a stream apart into datagrams, in a buffer of its own. Bytes in, bytes out.
class FrameReader {
 public:
  static constexpr std::size_t kMaxFrame = 2048;

  /// Room for the next bytes; never empty while next() is asked until it has none.
  [[nodiscard]] std::span<std::uint8_t> room();
  /// So many bytes were put there.
  void filled(std::size_t count) { end_ += count; }
  [[nodiscard]] std::span<const std::uint8_t> waiting() const;

  /// The next whole datagram, valid until the next call of a function that is not const.
  std::optional<std::span<const std::uint8_t>> next(Framing framing);
  /// What comes next can't be a datagram: the stream has no way on.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::array<std::uint8_t, 8 * kMaxFrame> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool broken_ = false;
};

}  // namespace rtcpub::sfu
