#include "peer/encoded_queue.h"

#include <iterator>
#include <utility>

namespace rtcpub::peer {
namespace {

/// A second at 60 pictures; before the connection is made nobody takes any.
constexpr std::size_t kMaxFrames = 60;

}  // namespace

void EncodedQueue::push(const EncodedFrame& frame) {
  const std::lock_guard lock(mutex_);
  if (frames_.size() == kMaxFrames) {
    frames_.clear();
    gap_ = true;
  }
  frames_.push_back(frame);
}

EncodedQueue::Waiting EncodedQueue::take() {
  const std::lock_guard lock(mutex_);
  Waiting waiting{
      {std::make_move_iterator(frames_.begin()), std::make_move_iterator(frames_.end())},
      std::exchange(gap_, false)};
  frames_.clear();
  return waiting;
}

}  // namespace rtcpub::peer
