#pragma once

#include <stop_token>
#include <thread>

#include "core/frame_buffer.h"
#include "core/source_uri.h"
#include "core/test_pattern.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Draws the reference content of docs/stamp.md, live.
///
/// Runs on: a thread of its own draws and pushes; start() and stop() on any one thread.
class TestSource final : public VideoSource {
 public:
  explicit TestSource(const source_uri::Test& options);
  TestSource(const TestSource&) = delete;
  TestSource& operator=(const TestSource&) = delete;
  ~TestSource() override;

  Result<void> start() override;
  void stop() override;

 private:
  void run(const std::stop_token& stop);
  void drawAndPush(int number);

  const source_uri::Test options_;
  const TestPattern pattern_;
  FramePool pool_;
  std::jthread thread_;
};

}  // namespace rtcpub::media
