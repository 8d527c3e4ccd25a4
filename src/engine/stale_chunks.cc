#include "engine/stale_chunks.h"

#include <algorithm>

#include "engine/sctp_packet.h"

namespace rtcpub::engine {
namespace {

using namespace std::chrono_literals;

/// A DATA chunk's flags (RFC 9260 section 3.3.1).
constexpr std::uint8_t kEnd = 1;
constexpr std::uint8_t kBeginning = 2;
/// TSN, stream, number in the stream, protocol.
constexpr std::size_t kDataHeader = 12;
/// The socket drops what was not sent yet when it is over its life, a millisecond later than told.
constexpr auto kSlack = 1ms;
/// Longer than any client is kept whose path is silent.
constexpr auto kForgotten = 5min;
/// More than a socket is ever handed before it sends.
constexpr std::size_t kMaxHanded = 10'000;

}  // namespace

void StaleChunks::onSend(std::uint16_t stream, std::span<const std::uint8_t> payload,
                         std::optional<Time> deadline) {
  auto& queue = handed_[stream];
  if (queue.size() >= kMaxHanded) queue.clear();
  Handed& message = queue.emplace_back(Handed{.size = payload.size(), .deadline = deadline});
  std::copy_n(payload.begin(), std::min(payload.size(), kPrefix), message.prefix.begin());
}

void StaleChunks::onReceived(std::span<const std::uint8_t> packet) {
  if (sent_.empty()) return;
  for (auto chunk = sctp::chunkAt(packet, sctp::kHeaderSize); chunk;
       chunk = sctp::chunkAt(packet, chunk->offset + chunk->size)) {
    if (chunk->type != sctp::kSack || chunk->body.size() < 4) continue;
    const std::uint32_t acknowledged = sctp::read32(chunk->body, 0);
    if (highest_ && sctp::isAfter(acknowledged, *highest_)) continue;
    while (!sent_.empty() && !sctp::isAfter(sent_.front().tsn, acknowledged)) sent_.pop_front();
  }
}

bool StaleChunks::remove(std::vector<std::uint8_t>& packet, Time now) {
  bool removed = false;
  std::size_t offset = sctp::kHeaderSize;
  while (const auto chunk = sctp::chunkAt(packet, offset)) {
    if (chunk->type == sctp::kData && chunk->body.size() >= kDataHeader &&
        isStale(chunk->body, chunk->flags, now)) {
      const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(offset);
      packet.erase(begin, begin + static_cast<std::ptrdiff_t>(chunk->size));
      removed = true;
    } else {
      offset += chunk->size;
    }
  }
  return removed;
}

bool StaleChunks::isStale(std::span<const std::uint8_t> body, std::uint8_t flags, Time now) {
  const std::uint32_t tsn = sctp::read32(body, 0);
  if (!highest_ || sctp::isAfter(tsn, *highest_)) {
    highest_ = tsn;
    onFirstSent(body, flags, now);
    return false;
  }
  const auto found = std::lower_bound(
      sent_.begin(), sent_.end(), tsn,
      [](const Sent& sent, std::uint32_t value) { return sctp::isAfter(value, sent.tsn); });
  if (found == sent_.end() || found->tsn != tsn) return false;
  return found->deadline < now && now - found->deadline < kForgotten;
}

void StaleChunks::onFirstSent(std::span<const std::uint8_t> body, std::uint8_t flags, Time now) {
  const std::uint16_t stream = sctp::read16(body, 4);
  if ((flags & kBeginning) != 0) {
    unfinished_.erase(stream);
    const auto deadline = begun(stream, body.subspan(kDataHeader), (flags & kEnd) != 0, now);
    if (deadline) unfinished_[stream] = *deadline;
  }
  const auto message = unfinished_.find(stream);
  if (message == unfinished_.end()) return;
  sent_.push_back({sctp::read32(body, 0), message->second});
  if ((flags & kEnd) != 0) unfinished_.erase(message);
}

std::optional<Time> StaleChunks::begun(std::uint16_t stream, std::span<const std::uint8_t> payload,
                                       bool whole, Time now) {
  auto& queue = handed_[stream];
  const auto found = std::find_if(queue.begin(), queue.end(), [&](const Handed& message) {
    if (message.deadline && *message.deadline + kSlack < now) return false;  // dropped unsent
    const auto known = static_cast<std::ptrdiff_t>(std::min(payload.size(), kPrefix));
    return (whole ? message.size == payload.size() : message.size > payload.size()) &&
           std::equal(payload.begin(), payload.begin() + known, message.prefix.begin());
  });
  if (found == queue.end()) return std::nullopt;
  const auto deadline = found->deadline;
  queue.erase(queue.begin(), found + 1);
  return deadline;
}

}  // namespace rtcpub::engine
