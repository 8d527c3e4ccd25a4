#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "rtcpub/clock.h"

namespace rtcpub {

/// When encoders that failed may be tried again: a minute later, and after each further failure
/// twice as long, up to sixteen minutes, since each try may cost viewers two seconds of picture.
/// Who has worked for longer than it had to wait begins anew. Pure.
class EncoderRetries {
 public:
  static constexpr std::chrono::minutes kFirst{1};
  static constexpr std::chrono::minutes kLongest{16};

  void onFailure(const std::string& encoder, Time now);
  /// This machine doesn't have it, and won't.
  void forget(const std::string& encoder);
  [[nodiscard]] bool mayTry(const std::string& encoder, Time now) const;

 private:
  struct Failure {
    std::optional<Time> retryAt;  ///< nothing: never
    std::chrono::minutes wait{};
  };
  std::map<std::string, Failure> failures_;
};

}  // namespace rtcpub
