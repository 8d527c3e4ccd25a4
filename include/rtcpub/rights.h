#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "rtcpub/export.h"
#include "rtcpub/result.h"

namespace rtcpub {

/// What somebody may do in a channel.
enum class Right : std::uint8_t {
  kPublish,  ///< be its publisher: send video, and messages to its viewers
  kView,     ///< receive video and messages
  kDrive,    ///< send messages to the publisher on every data channel
  kAdmin,    ///< see who is in, and have members removed
};

/// Several of them. A value.
class Rights {
 public:
  /// None.
  constexpr Rights() = default;
  /// One.
  constexpr Rights(Right right) : bits_(bit(right)) {}  // NOLINT(google-explicit-constructor)
  /// `{Right::kView, Right::kDrive}`.
  constexpr Rights(std::initializer_list<Right> rights) {
    for (const Right right : rights) bits_ |= bit(right);
  }

  /// Whether this one is among them.
  [[nodiscard]] constexpr bool has(Right right) const { return (bits_ & bit(right)) != 0; }
  /// Whether there is none.
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

  friend constexpr Rights operator|(Rights a, Rights b) { return Rights(Bits(a.bits_ | b.bits_)); }
  friend constexpr Rights operator&(Rights a, Rights b) { return Rights(Bits(a.bits_ & b.bits_)); }
  friend constexpr bool operator==(const Rights&, const Rights&) = default;

 private:
  /// Apart from numbers of other kinds, which are no rights.
  enum class Bits : std::uint8_t {};
  constexpr explicit Rights(Bits bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  static constexpr std::uint8_t bit(Right right) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(right));
  }

  std::uint8_t bits_ = 0;
};

/// "publish", "view", "drive", "admin".
RTCPUB_EXPORT std::string_view name(Right right);

/// "view,drive", in the order of Right; empty for none.
RTCPUB_EXPORT std::string format(Rights rights);

/// The inverse: one or more names joined by commas, in any order. Errors: kInvalidArgument (a name
/// that is no right's, or none at all).
RTCPUB_EXPORT Result<Rights> parseRights(std::string_view text);

}  // namespace rtcpub
