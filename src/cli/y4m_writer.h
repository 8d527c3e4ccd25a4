#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "cli/byte_sink.h"
#include "cli/picture_scaler.h"
#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::cli {

/// Writes pictures as YUV4MPEG2, which has one size: pictures of another are scaled to it.
/// Runs on: one thread.
class Y4mWriter {
 public:
  /// Without a size the first picture's is taken.
  Y4mWriter(ByteSink sink, std::optional<PictureSize> size) : sink_(std::move(sink)), size_(size) {}

  /// Whether nobody waits for what is written.
  [[nodiscard]] bool plain() const { return sink_.plain(); }
  Result<void> waitForReader(const std::stop_token& stop) { return sink_.waitForReader(stop); }
  /// Writes what stands in front of the pictures.
  Result<void> begin(const VideoFrame& first, int fps, const std::stop_token& stop);
  /// Errors of both: as ByteSink::write.
  Result<void> write(const VideoFrame& frame, const std::stop_token& stop);
  /// Writes the picture before once more.
  Result<void> repeat(const std::stop_token& stop) { return sink_.write(last_, stop); }

 private:
  ByteSink sink_;
  std::optional<PictureSize> size_;
  std::string last_;  // as it was written
};

}  // namespace rtcpub::cli
