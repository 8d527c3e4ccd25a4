#include "sfu/transport/stream_framing.h"

#include <cstring>

#include "core/stun/stun_format.h"

namespace rtcpub::sfu {
namespace {

constexpr std::size_t kLengthSize = 2;
constexpr std::size_t kChannelHeader = 4;

/// Where the payload lies in a frame, and where the frame ends.
struct Frame {
  std::size_t header = 0;
  std::size_t payload = 0;
  std::size_t size = 0;  // 0: it can't be one
};

std::size_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::size_t>(bytes[at]) << 8U | bytes[at + 1];
}

bool hasCookie(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::memcmp(bytes.data() + at, stun::kMagicCookie.data(), stun::kMagicCookie.size()) == 0;
}

/// `bytes` has at least four.
Frame readFrame(std::span<const std::uint8_t> bytes, Framing framing) {
  if (framing == Framing::kIce) {
    const std::size_t payload = read16(bytes, 0);
    return {kLengthSize, payload, payload == 0 ? 0 : kLengthSize + payload};
  }
  const std::size_t length = read16(bytes, 2);
  const bool message = bytes[0] < 0x40;
  const bool channel = bytes[0] >= 0x40 && bytes[0] < 0x50;
  if (message && length % 4 == 0) {
    return {0, stun::kHeaderSize + length, stun::kHeaderSize + length};
  }
  if (!channel) return {};
  const std::size_t size = kChannelHeader + length;
  return {0, size, (size + 3) / 4 * 4};
}

}  // namespace

Opening recognize(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kNeeded = kLengthSize + stun::kCookieAt + stun::kMagicCookie.size();
  if (bytes.size() < kNeeded) return Opening::kIncomplete;
  if (hasCookie(bytes, stun::kCookieAt) && bytes[0] < 2) return Opening::kTurn;
  const std::size_t length = read16(bytes, 0);
  const bool binding = bytes[2] == 0 && bytes[3] == 1;
  const bool fits = length >= stun::kHeaderSize && length <= FrameReader::kMaxFrame;
  return binding && fits && hasCookie(bytes, kLengthSize + stun::kCookieAt) ? Opening::kIce
                                                                            : Opening::kGarbage;
}

std::span<std::uint8_t> FrameReader::room() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return std::span(buffer_).subspan(end_);
}

std::span<const std::uint8_t> FrameReader::waiting() const {
  return std::span(buffer_).subspan(begin_, end_ - begin_);
}

std::optional<std::span<const std::uint8_t>> FrameReader::next(Framing framing) {
  const auto bytes = waiting();
  if (broken_ || bytes.size() < 4) return std::nullopt;
  const Frame frame = readFrame(bytes, framing);
  if (frame.size == 0 || frame.size > kMaxFrame + kLengthSize) {
    broken_ = true;
    return std::nullopt;
  }
  if (frame.size > bytes.size()) return std::nullopt;
  begin_ += frame.size;
  return bytes.subspan(frame.header, frame.payload);
}

}  // namespace rtcpub::sfu
