#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rtcpub {

/// Reads the bits of a raw byte sequence payload of H264 (ITU-T H.264 section 7.2): it skips the
/// emulation prevention bytes. Beyond the end it reads zeros, and `ok()` becomes false.
class BitReader {
 public:
  explicit BitReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }

  /// Up to 32 bits.
  std::uint32_t bits(int count) {
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 1U | bit();
    return value;
  }
  bool flag() { return bit() != 0; }

  /// An exponential Golomb code, ue(v) (section 9.1); one of more than 32 bits isn't ok().
  std::uint32_t ue() {
    int zeros = 0;
    while (ok_ && bit() == 0) {
      if (++zeros > 31) ok_ = false;
    }
    return ok_ ? (1U << static_cast<unsigned>(zeros)) - 1 + bits(zeros) : 0;
  }
  /// se(v).
  std::int32_t se() {
    const std::uint32_t code = ue();
    const auto half = static_cast<std::int32_t>(code / 2 + code % 2);
    return code % 2 != 0 ? half : -half;
  }

 private:
  std::uint32_t bit() {
    if (left_ == 0 && !next()) return 0;
    --left_;
    return (static_cast<unsigned>(byte_) >> static_cast<unsigned>(left_)) & 1U;
  }
  bool next() {
    if (at_ < bytes_.size() && zeros_ >= 2 && bytes_[at_] == 3) {
      zeros_ = 0;
      ++at_;
    }
    if (at_ >= bytes_.size()) {
      ok_ = false;
      return false;
    }
    byte_ = bytes_[at_++];
    zeros_ = byte_ == 0 ? zeros_ + 1 : 0;
    left_ = 8;
    return true;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  int zeros_ = 0;  // zero bytes just read
  std::uint8_t byte_ = 0;
  int left_ = 0;  // bits of byte_
  bool ok_ = true;
};

}  // namespace rtcpub
