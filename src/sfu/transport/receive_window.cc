#include "sfu/transport/receive_window.h"

#include <algorithm>
#include <limits>

#include "engine/sctp_packet.h"

namespace rtcpub::sfu {
namespace {

namespace sctp = engine::sctp;

constexpr std::size_t kChunkHeader = 4;
/// In an acknowledgement's body.
constexpr std::size_t kRoom = 4;
constexpr std::size_t kSmallestBody = 12;
/// Less is none: small windows make small packets (RFC 9260 section 6.2, RFC 1122 section 4.2.3.3).
constexpr std::size_t kLeast = 1500;

}  // namespace

std::uint32_t ReceiveWindow::limited(std::uint32_t own, std::size_t room) const {
  const std::size_t held = ownBytes_ - std::min(own, ownBytes_);
  const std::size_t left = room - std::min(room, held);
  return left < kLeast ? 0 : static_cast<std::uint32_t>(std::min<std::size_t>(own, left));
}

bool ReceiveWindow::apply(std::vector<std::uint8_t>& packet, std::size_t room) {
  bool changed = false;
  for (auto chunk = sctp::chunkAt(packet, sctp::kHeaderSize); chunk;
       chunk = sctp::chunkAt(packet, chunk->offset + chunk->size)) {
    if (chunk->type != sctp::kSack || chunk->body.size() < kSmallestBody) continue;
    own_ = sctp::read32(chunk->body, kRoom);
    told_ = limited(own_, room);
    if (told_ != own_) {
      sctp::write32(packet, chunk->offset + kChunkHeader + kRoom, told_);
      changed = true;
    }
    last_.assign(packet.begin(), packet.begin() + sctp::kHeaderSize);
    const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(chunk->offset);
    last_.insert(last_.end(), begin, begin + static_cast<std::ptrdiff_t>(chunk->size));
  }
  return changed;
}

bool ReceiveWindow::isWorthTelling(std::size_t room) const {
  if (last_.empty()) return false;
  const std::uint32_t now = limited(own_, room);
  return told_ < ownBytes_ / 4 && now > told_ && now - told_ >= ownBytes_ / 8;
}

std::vector<std::uint8_t> ReceiveWindow::update(std::size_t room) {
  if (last_.empty()) return {};
  told_ = limited(own_, room);
  sctp::write32(last_, sctp::kHeaderSize + kChunkHeader + kRoom, told_);
  sctp::setChecksum(last_);
  return last_;
}

}  // namespace rtcpub::sfu
