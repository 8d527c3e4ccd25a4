#pragma once

#include <stop_token>
#include <thread>

#include "core/source/source_uri.h"
#include "core/video/frame_buffer.h"
#include "core/video/pattern.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Draws the reference content of docs/stamp.md, live.
///
/// Runs on: a thread of its own draws and pushes; start() and stop() on any one thread.
class PatternSource final : public VideoSource {
 public:
  explicit PatternSource(const source_uri::Test& options);
  PatternSource(const PatternSource&) = delete;
  PatternSource& operator=(const PatternSource&) = delete;
  ~PatternSource() override;

  Result<void> start() override;
  void stop() override;

 private:
  void run(const std::stop_token& stop);
  void drawAndPush(int number);

  const source_uri::Test options_;
  const Pattern pattern_;
  FramePool pool_;
  std::jthread thread_;
};

}  // namespace rtcpub::media
