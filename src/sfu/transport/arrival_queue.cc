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

std::size_t memoryOf(const ArrivalQueue::Arrival& arrival) {
  static_assert(sizeof arrival <= ArrivalQueue::kEntryBytes / 2);
  return arrival.data.capacity() + ArrivalQueue::kEntryBytes;
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

std::optional<Lateness> later(const std::optional<Lateness>& one,
                              const std::optional<Lateness>& other) {
  if (!one || !other) return one ? one : other;
  return one->least < other->least ? other : one;
}

void ArrivalQueue::push(Urgency urgency, std::span<const std::uint8_t> datagram, const Path& path,
                        Time read, std::chrono::microseconds lay) {
  std::vector<std::uint8_t> buffer;
  if (!spare_.empty()) {
    buffer = std::move(spare_.back());
    spare_.pop_back();
  }
  buffer.assign(datagram.begin(), datagram.end());
  Arrival arrival{
      .data = std::move(buffer), .path = path, .read = read, .lay = lay, .urgency = urgency};
  const std::size_t memory = memoryOf(arrival);
  Line& line = lineOf(urgency);
  while (!line.empty() && line.bytes + memory > kMaxBytes) dropFirst(line);
  line.bytes += memory;
  line.arrivals.push_back(std::move(arrival));
}

const ArrivalQueue::Arrival& ArrivalQueue::take(Time now) {
  recycle(std::move(taken_.data));
  dropOld(reports_, now);
  dropOld(media_, now);
  const bool report = media_.empty() || (!reports_.empty() && inARow_ < kReportsInARow);
  inARow_ = report ? inARow_ + 1 : 0;
  Line& line = report ? reports_ : media_;
  taken_ = std::move(line.arrivals.front());
  line.arrivals.pop_front();
  line.bytes -= memoryOf(taken_);
  return taken_;
}

void ArrivalQueue::dropOld(Line& line, Time now) {
  while (line.arrivals.size() > 1 && line.arrivals.front().age(now) > kLongest) dropFirst(line);
}

void ArrivalQueue::dropFirst(Line& line) {
  line.bytes -= memoryOf(line.arrivals.front());
  recycle(std::move(line.arrivals.front().data));
  line.arrivals.pop_front();
  ++dropped_;
}

void ArrivalQueue::recycle(std::vector<std::uint8_t> buffer) {
  if (buffer.capacity() > 0 && spare_.size() < kSpareBuffers) spare_.push_back(std::move(buffer));
}

}  // namespace rtcpub::sfu
