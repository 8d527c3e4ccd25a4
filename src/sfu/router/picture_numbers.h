#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/codec.h"

namespace rtcpub::sfu {

/// Lets the picture ids and the counts of the lowest temporal layer (TL0PICIDX) of VP8 and VP9 go
/// on when another simulcast layer takes a stream over. Each counts from a number of its own, and
/// receivers look for what a picture depends on by these: behind a step back they find pictures of
/// the layer before, and wait for what never comes.
class PictureNumbers {
 public:
  /// Rewrites a packet's payload; `changes`: it is the first of another layer, a key frame's.
  void apply(CodecKind codec, std::span<std::uint8_t> payload, bool changes);

 private:
  /// Counts modulo a power of two.
  struct Counter {
    std::optional<unsigned> newest{};  ///< that went out
    unsigned offset = 0;

    unsigned next(unsigned number, unsigned mask, bool changes);
  };

  Counter picture_;
  Counter lowest_;
};

}  // namespace rtcpub::sfu
