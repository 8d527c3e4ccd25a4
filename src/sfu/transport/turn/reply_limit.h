#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_map>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// How many answers an address gets that hasn't proved to be who asks: whoever puts another's
/// address in his requests shall not flood him with our answers.
class ReplyLimit {
 public:
  static constexpr int kPerSecond = 50;
  static constexpr std::size_t kMaxAddresses = 4096;

  /// Whether one more may be sent now.
  bool take(const IpAddress& address, Time now) {
    if (now >= until_) {
      sent_.clear();
      until_ = now + std::chrono::seconds(1);
    }
    const auto found = sent_.find(address);
    if (found != sent_.end()) return ++found->second <= kPerSecond;
    return sent_.size() < kMaxAddresses && sent_.emplace(address, 1).second;
  }

 private:
  struct Hash {
    std::size_t operator()(const IpAddress& ip) const noexcept {
      return PathHash{}(Path{{ip, 0, 0}, {}, 0});
    }
  };
  std::unordered_map<IpAddress, int, Hash> sent_;
  Time until_{};
};

}  // namespace rtcpub::sfu
