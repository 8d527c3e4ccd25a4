#include "sfu/router/layer_filter.h"

namespace rtcpub::sfu {

void LayerFilter::onFrame(const TemporalLayer& frame, bool isKeyFrame, std::uint8_t carried) {
  const bool switches = frame.switchesUp && frame.id <= highest_;
  if (carried <= highest_ || isKeyFrame || switches) {
    highest_ = carried;
  } else if (frame.sync && frame.id == highest_ + 1) {
    // One at a time: what is between it and the lowest was not decoded.
    highest_ = frame.id;
  }
}

}  // namespace rtcpub::sfu
