#pragma once

#include <cstdint>

#include "sfu/router/layer_rates.h"
#include "sfu/router/payload_descriptor.h"

namespace rtcpub::sfu {

/// Which temporal layers one viewer gets: those its path carries. It may lose a layer at any
/// frame, and gets one back where it can be decoded.
class LayerFilter {
 public:
  /// A frame begins; `carried` is the highest layer of the path.
  void onFrame(const TemporalLayer& frame, bool isKeyFrame, std::uint8_t carried);
  [[nodiscard]] bool passes(const TemporalLayer& frame) const { return frame.id <= highest_; }
  /// The highest layer it gets.
  [[nodiscard]] std::uint8_t highest() const { return highest_; }
  /// Another stream begins.
  void reset() { highest_ = kHighestLayer; }

 private:
  std::uint8_t highest_ = kHighestLayer;
};

}  // namespace rtcpub::sfu
