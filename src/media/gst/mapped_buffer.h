#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <span>

#include "media/gst/gst_owned.h"

namespace rtcpub::media {

/// Keeps a buffer's memory to be read, for as long as it lives. Any thread.
class MappedBuffer {
 public:
  explicit MappedBuffer(GstBuffer* buffer) : buffer_(gst_buffer_ref(buffer)) {
    mapped_ = gst_buffer_map(buffer_.get(), &info_, GST_MAP_READ) != FALSE;
  }
  MappedBuffer(const MappedBuffer&) = delete;
  MappedBuffer& operator=(const MappedBuffer&) = delete;
  ~MappedBuffer() {
    if (mapped_) gst_buffer_unmap(buffer_.get(), &info_);
  }

  /// Empty if the memory can't be read.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return mapped_ ? std::span<const std::uint8_t>(info_.data, info_.size)
                   : std::span<const std::uint8_t>();
  }

 private:
  const Owned<GstBuffer> buffer_;
  GstMapInfo info_{};
  bool mapped_ = false;
};

}  // namespace rtcpub::media
