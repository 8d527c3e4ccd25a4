#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "rtcpub/result.h"
#include "rtcpub/video_frame.h"

namespace rtcpub::cli {

/// Writes pictures as YUV4MPEG2. The format has one size: pictures of another are left out.
/// Runs on: one thread.
class Y4mWriter {
 public:
  /// "-" is standard output. Errors: kIo.
  static Result<Y4mWriter> open(const std::string& path);

  /// Errors: kIo (disk full, the reader is gone).
  Result<void> write(const VideoFrame& frame);

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      if (file != stdout) std::fclose(file);
    }
  };
  explicit Y4mWriter(std::FILE* file) : file_(file) {}

  std::unique_ptr<std::FILE, Close> file_;
  int width_ = 0;
  int height_ = 0;
  bool complained_ = false;
};

}  // namespace rtcpub::cli
