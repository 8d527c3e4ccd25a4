#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "rtcpub/encoded_frame.h"

namespace rtcpub::peer {

/// Pictures that came encoded, on their way past libwebrtc's queues, which may drop one: with raw
/// pictures that is well, here the next ones could not be decoded.
///
/// Any thread.
class EncodedQueue {
 public:
  void push(const EncodedFrame& frame);

  struct Waiting {
    std::vector<EncodedFrame> frames;
    bool gap = false;  ///< some were lost in front of these, since nobody took them for long
  };
  /// All that wait, oldest first.
  Waiting take();

 private:
  std::mutex mutex_;
  std::deque<EncodedFrame> frames_;
  bool gap_ = false;
};

}  // namespace rtcpub::peer
