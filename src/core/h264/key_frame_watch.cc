#include "core/h264/key_frame_watch.h"

namespace rtcpub {

bool KeyFrameWatch::take(bool keyFrame, bool recoveryPoint, Time now) {
  if (keyFrame) {
    wanted_ = false;
    since_.reset();
  } else if (wanted_ && recoveryPoint && !since_) {
    since_ = now;
  }
  over_ = over_ || (since_ && now - *since_ >= kPatience);
  return over_;
}

}  // namespace rtcpub
