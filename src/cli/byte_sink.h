#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "rtcpub/result.h"

namespace rtcpub::cli {

/// A file, a pipe or standard output that bytes are written to. A reader who stands still doesn't
/// keep a writer that is asked to stop.
///
/// Runs on: one thread.
class ByteSink {
 public:
  /// "-" is standard output. A FIFO without a reader is opened when one comes. Errors: kIo.
  static Result<ByteSink> open(const std::string& path);

  ByteSink(ByteSink&& other) noexcept;
  ByteSink& operator=(ByteSink&&) = delete;
  ~ByteSink();

  /// Whether it is a file, which can be read later as well as now.
  [[nodiscard]] bool plain() const { return plain_; }

  /// Waits until somebody reads, or until stop is requested. Errors: kIo.
  Result<void> waitForReader(const std::stop_token& stop);

  /// Writes all; of a pipe as much as there is a reader for until stop is requested. Errors: kIo
  /// (the disk is full, the reader is gone).
  Result<void> write(std::string_view bytes, const std::stop_token& stop);

 private:
  ByteSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  void learn();
  [[nodiscard]] Error failure(int error) const;

  int fd_;              // -1 while a FIFO has no reader
  std::string name_;    // for people; a FIFO's path
  bool plain_ = false;  // a file, which never makes anybody wait
  bool waits_ = true;   // a write of more than it takes blocks
};

}  // namespace rtcpub::cli
