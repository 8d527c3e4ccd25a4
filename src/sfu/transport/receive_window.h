#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rtcpub::sfu {

/// The room that an SCTP socket tells its peer, made as small as what lies behind the socket has
/// free: the peer holds back by itself then (RFC 9260 section 6.1). A socket of libwebrtc's only
/// knows its own buffer, which it empties at once. Pure; packets are those of the socket's own
/// making.
class ReceiveWindow {
 public:
  /// `ownBytes`: the socket's own buffer.
  explicit ReceiveWindow(std::uint32_t ownBytes) : ownBytes_(ownBytes) {}

  /// Lowers the room in the acknowledgement (RFC 9260 section 3.3.4) that the packet may hold to
  /// `room`, less what the socket's own buffer holds. True if the packet was changed: then its
  /// checksum is to be computed anew.
  bool apply(std::vector<std::uint8_t>& packet, std::size_t room);

  /// Whether `room` is so much more than what the peer knows that it should be told.
  [[nodiscard]] bool isWorthTelling(std::size_t room) const;
  /// The last acknowledgement again, with `room`; its checksum is computed. Empty if there was none
  /// yet.
  [[nodiscard]] std::vector<std::uint8_t> update(std::size_t room);

 private:
  [[nodiscard]] std::uint32_t limited(std::uint32_t own, std::size_t room) const;

  const std::uint32_t ownBytes_;
  std::vector<std::uint8_t> last_;  // a packet with nothing but the last acknowledgement
  std::uint32_t own_ = 0;           // the socket's word in it
  std::uint32_t told_ = 0;
};

}  // namespace rtcpub::sfu
