#pragma once

#include <mutex>
#include <string_view>

namespace rtcpub::cli {

/// Standard output as whole lines, written by several threads. Any thread.
class Output {
 public:
  /// False when nobody reads any more.
  bool line(std::string_view text);

 private:
  std::mutex mutex_;
};

/// "rtcpub: …" on standard error, escaped: a peer may have its say in it.
void complain(std::string_view message);

}  // namespace rtcpub::cli
