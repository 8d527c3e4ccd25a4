#include "sfu/transport/arrival_queue.h"

#include <utility>

#include "sfu/transport/demultiplexer.h"

namespace rtcpub::sfu {
namespace {

/// Kept for the next ones, so that a datagram seldom costs an allocation.
constexpr std::size_t kSpareBuffers = 256;
constexpr std::size_t kChannelHeader = 4;

bool isTurnChannel(std::span<const std::uint8_t> datagram) {
  return datagram.size() > kChannelHeader && datagram[0] >= 64 && datagram[0] <= 79;
}

bool isRtcp(std::span<const std::uint8_t> datagram) {
  return datagram.size() > 1 && datagram[1] >= 192 && datagram[1] <= 223;
}

}  // namespace

Urgency urgencyOf(std::span<const std::uint8_t> datagram) {
  const auto inner = isTurnChannel(datagram) ? datagram.subspan(kChannelHeader) : datagram;
  if (classify(inner) != DatagramKind::kRtp) return Urgency::kControl;
  return isRtcp(inner) ? Urgency::kReport : Urgency::kMedia;
}

void ArrivalQueue::push(Urgency urgency, std::span<const std::uint8_t> datagram, const Path& path,
                        Time read, std::chrono::microseconds lay) {
  Line& line = lineOf(urgency);
  while (!line.empty() && line.bytes + datagram.size() > kMaxBytes) dropFirst(line);
  std::vector<std::uint8_t> buffer;
  if (!spare_.empty()) {
    buffer = std::move(spare_.back());
    spare_.pop_back();
  }
  buffer.assign(datagram.begin(), datagram.end());
  line.bytes += buffer.size();
  line.arrivals.push_back(
      {.data = std::move(buffer), .path = path, .read = read, .lay = lay, .urgency = urgency});
}

const ArrivalQueue::Arrival& ArrivalQueue::take(Time now) {
  recycle(std::move(taken_.data));
  dropOld(now);
  const bool report = media_.empty() || (!reports_.empty() && inARow_ < kReportsInARow);
  inARow_ = report ? inARow_ + 1 : 0;
  Line& line = report ? reports_ : media_;
  taken_ = std::move(line.arrivals.front());
  line.arrivals.pop_front();
  line.bytes -= taken_.data.size();
  return taken_;
}

/// But for the newest, so that there is one to take.
void ArrivalQueue::dropOld(Time now) {
  while (media_.arrivals.size() > 1 && media_.arrivals.front().age(now) > kLongest) {
    dropFirst(media_);
  }
}

void ArrivalQueue::dropFirst(Line& line) {
  line.bytes -= line.arrivals.front().data.size();
  recycle(std::move(line.arrivals.front().data));
  line.arrivals.pop_front();
  ++dropped_;
}

void ArrivalQueue::recycle(std::vector<std::uint8_t> buffer) {
  if (buffer.capacity() > 0 && spare_.size() < kSpareBuffers) spare_.push_back(std::move(buffer));
}

}  // namespace rtcpub::sfu
