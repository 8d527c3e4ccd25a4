#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "rtcpub/control.h"
#include "rtcpub/result.h"
#include "rtcpub/subscription.h"

namespace rtcpub::cli {

/// A gate's record in a file: a line of JSON for each thing that happens, written at once. What
/// can't be written is complained of once, and lost.
/// Runs on: a thread of its own, until the publisher has ended.
class ControlLog {
 public:
  /// To append to; who owns it and its group may read it. Errors: kIo.
  static Result<int> open(const std::string& path);

  /// Closes `file` in the end.
  ControlLog(int file, std::string path, Subscription<ControlEvent> journal);

 private:
  std::jthread thread_;
};

}  // namespace rtcpub::cli
