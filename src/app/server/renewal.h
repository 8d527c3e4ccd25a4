#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "rtcpub/result.h"

namespace rtcpub {

/// Has files read again when somebody renews them while the server runs, as certbot does with a
/// certificate. It looks each five seconds: inotify(7) knows nothing of network file systems, nor
/// of symbolic links that are changed elsewhere. Runs on: a thread of its own.
class Renewal {
 public:
  /// `read` reads the files; what it fails with is logged, once as long as it stays the same. It is
  /// called on the thread.
  Renewal(std::vector<std::string> files, std::function<Result<void>()> read);
  ~Renewal();
  Renewal(const Renewal&) = delete;
  Renewal& operator=(const Renewal&) = delete;

 private:
  void watch(const std::stop_token& stop);

  const std::vector<std::string> files_;
  const std::function<Result<void>()> read_;
  std::jthread thread_;
};

}  // namespace rtcpub
