#pragma once

#include <rtc_base/byte_buffer.h>

#include <cstdint>
#include <span>

namespace rtcpub::engine {

/// Reads these bytes, which outlive it.
inline rtc::ByteBufferReader readerOf(std::span<const std::uint8_t> bytes) {
#if RTCPUB_LIBWEBRTC >= 20240218
  return rtc::ByteBufferReader(rtc::ArrayView<const std::uint8_t>(bytes.data(), bytes.size()));
#else
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
#endif
}

}  // namespace rtcpub::engine
