#include "rtcpub/video_source.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace rtcpub {
namespace {

class OwnSource : public VideoSource {
 public:
  Result<void> start() override { return {}; }
  void stop() override {}
  using VideoSource::push;
};

TEST(VideoSource, PushesToWhomItIsConnected) {
  OwnSource source;
  VideoFrame frame;
  frame.width = 320;
  source.push(frame);
  int seen = 0;
  source.connect([&seen](const VideoFrame& pushed) { seen += pushed.width; });
  source.push(frame);
  source.connect({});
  source.push(frame);
  EXPECT_EQ(seen, 320);
}

TEST(VideoSource, DisconnectsOnlyWhenNoPushIsUnderWay) {
  OwnSource source;
  std::promise<void> entered;
  std::promise<void> mayLeave;
  bool left = false;
  source.connect([&](const VideoFrame&) {
    entered.set_value();
    mayLeave.get_future().wait();
    left = true;
  });
  std::jthread pusher([&source] { source.push({}); });
  entered.get_future().wait();
  auto disconnected = std::async(std::launch::async, [&] {
    source.connect({});
    return left;
  });
  mayLeave.set_value();
  EXPECT_TRUE(disconnected.get());
}

}  // namespace
}  // namespace rtcpub
