#include "sfu/transport/command_repeats.h"

namespace rtcpub::sfu {
namespace {

/// Of 100 bytes of text in SCTP, DTLS; larger ones are no commands.
constexpr std::size_t kLargest = 320;
/// 50 commands and as many acknowledgements, with some to spare; about 200 kbit/s.
constexpr int kMostPerSecond = 150;
constexpr std::chrono::seconds kRemembered{10};
/// RFC 6347 section 4.1: the first byte of a record of application data.
constexpr std::uint8_t kApplicationData = 23;

}  // namespace

void CommandRepeats::onLost(std::uint64_t packets, Time now) {
  if (packets > lost_) lossyUntil_ = now + kRemembered;
  lost_ = packets;
}

bool CommandRepeats::onSent(const Path& path, std::span<const std::uint8_t> datagram, Time now) {
  if (!lossyUntil_ || now >= *lossyUntil_) return false;
  if (path.stream != 0) return false;  // TCP repeats by itself
  if (datagram.empty() || datagram[0] != kApplicationData || datagram.size() > kLargest) {
    return false;
  }
  if (!withinRate(now)) return false;
  waiting_.push_back({now + kDistance, path, {datagram.begin(), datagram.end()}});
  return true;
}

std::vector<CommandRepeats::Repeat> CommandRepeats::take(Time now) {
  std::vector<Repeat> due;
  while (!waiting_.empty() && waiting_.front().due <= now) {
    due.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return due;
}

bool CommandRepeats::withinRate(Time now) {
  if (now - secondBegan_ >= std::chrono::seconds(1)) {
    secondBegan_ = now;
    inSecond_ = 0;
  }
  return inSecond_++ < kMostPerSecond;
}

}  // namespace rtcpub::sfu
