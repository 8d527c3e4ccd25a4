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
  using VideoSource::report;
};

TEST(VideoSource, PushesToWhomItIsConnected) {
  OwnSource source;
  VideoFrame frame;
  frame.width = 320;
  source.push(frame);
  int seen = 0;
  source.connect({.frame = [&seen](const VideoFrame& pushed) { seen += pushed.width; }});
  source.push(frame);
  source.connect({});
  source.push(frame);
  EXPECT_EQ(seen, 320);
}

TEST(VideoSource, KnowsWhatItReportedLastWhoeverListens) {
  OwnSource source;
  EXPECT_TRUE(source.state().live);
  const SourceState lost{.live = false, .reason = "unplugged"};
  source.report(lost);
  EXPECT_EQ(source.state(), lost);
  SourceState heard;
  source.connect({.state = [&](const SourceState& state) { heard = state; }});
  source.report({.live = false, .reason = "still unplugged"});
  EXPECT_EQ(heard.reason, "still unplugged");
  source.report({});
  EXPECT_TRUE(source.state().live);
}

TEST(VideoSource, DisconnectsOnlyWhenNoPushIsUnderWay) {
  OwnSource source;
  std::promise<void> entered;
  std::promise<void> mayLeave;
  bool left = false;
  source.connect({.frame = [&](const VideoFrame&) {
    entered.set_value();
    mayLeave.get_future().wait();
    left = true;
  }});
  std::jthread pusher([&source] { source.push(VideoFrame{}); });
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
