#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "media/collector_test.h"
#include "media/open_source.h"
#include "media/playback/files_test.h"

namespace rtcpub::media {
namespace {

using testing::HasSubstr;

const char* const kSize = " ! video/x-raw,format=I420,width=64,height=64,framerate=50/1";

class ReopeningTest : public FilesTest {
 protected:
  // Waits until the source has gone and come back so many times; what it said.
  static std::vector<SourceState> statesOf(const std::string& description, std::size_t count) {
    const auto source = openSource(source_uri::Pipeline{description, {}}, {});
    if (!source) {
      ADD_FAILURE() << source.error().message;
      return {};
    }
    Collector collector(**source);
    EXPECT_TRUE((*source)->start().has_value());
    EXPECT_TRUE(collector.waitForStates(count));
    (*source)->stop();
    return collector.states();
  }
};

TEST_F(ReopeningTest, WaitsForWhatIsNotThereYet) {
  const auto clip =
      made("pictures.y4m", std::string("videotestsrc num-buffers=5") + kSize + " ! y4menc");
  const std::string later = path("later.y4m");
  const auto source = openSource(
      source_uri::Pipeline{"filesrc location=" + later + " ! y4mdec", {}}, {.wait = true});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_FALSE((*source)->state().live);
  EXPECT_THAT((*source)->state().reason, HasSubstr(later));
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  std::filesystem::rename(clip, later);
  ASSERT_TRUE(collector.waitFor(3));
  EXPECT_TRUE(collector.states()[0].live);
  (*source)->stop();
}

TEST_F(ReopeningTest, PassesThroughWhatComesLater) {
  const auto clip = made("clip.h264", std::string("videotestsrc num-buffers=60") + kSize +
                                          " ! x264enc tune=zerolatency speed-preset=ultrafast");
  const std::string later = path("later.h264");
  const auto source = openSource(
      source_uri::Pipeline{"filesrc location=" + later + " ! h264parse", {}}, {.wait = true});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ((*source)->codec(), std::nullopt) << "it could be anything";
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  std::filesystem::rename(clip, later);
  ASSERT_TRUE(collector.waitForEncoded(3));
  EXPECT_TRUE(collector.encoded()[0].keyFrame);
  EXPECT_EQ((*source)->codec(), VideoCodec::kH264);
  (*source)->stop();
}

TEST_F(ReopeningTest, DecodesWhatComesEncodedFromWhenItIsAskedTo) {
  const auto source = openSource(
      source_uri::Pipeline{std::string("videotestsrc is-live=true") + kSize +
                               " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10",
                           {}},
      {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  ASSERT_TRUE(collector.waitForEncoded(3));
  EXPECT_TRUE((*source)->preferRaw());
  ASSERT_TRUE(collector.waitFor(3));
  EXPECT_EQ((*source)->codec(), std::nullopt);
  (*source)->stop();
}

TEST_F(ReopeningTest, DoesNotWaitForWhatNeverComes) {
  for (const char* text :
       {"nosuchelement ! fakesink", "audiotestsrc", "videotestsrc num-buffers=0"}) {
    EXPECT_FALSE(openSource(source_uri::Pipeline{text, {}}, {.wait = true}).has_value()) << text;
  }
  const auto file = openSource(source_uri::File{path("none.mp4"), {}}, {.wait = true});
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  const auto device =
      openSource(source_uri::V4l2{made("file", "fakesrc num-buffers=1"), {}}, {.wait = true});
  ASSERT_FALSE(device.has_value());
  EXPECT_EQ(device.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(device.error().message, HasSubstr("is not a device"));
}

TEST_F(ReopeningTest, OpensAPipelineThatEndsAgain) {
  const auto states = statesOf(std::string("videotestsrc is-live=true num-buffers=5") + kSize, 3);
  ASSERT_GE(states.size(), 3U);
  EXPECT_FALSE(states[0].live);
  EXPECT_THAT(states[0].reason, HasSubstr("has ended"));
  EXPECT_EQ(states[1], (SourceState{true, ""}));
  EXPECT_FALSE(states[2].live);
}

TEST_F(ReopeningTest, OpensAPipelineThatFailsAgain) {
  const auto states =
      statesOf(std::string("videotestsrc is-live=true") + kSize + " ! identity error-after=6", 2);
  ASSERT_GE(states.size(), 2U);
  EXPECT_THAT(states[0].reason, HasSubstr("Failed after iterations"));
  EXPECT_TRUE(states[1].live);
}

TEST_F(ReopeningTest, OpensAPipelineThatStallsAgain) {
  // The funnel's other input, which never begins, keeps the end back: the pictures just cease.
  const auto states = statesOf("funnel name=f videotestsrc is-live=true num-buffers=5" +
                                   std::string(kSize) + " ! f. appsrc is-live=true ! f. f.",
                               2);
  ASSERT_GE(states.size(), 2U);
  EXPECT_THAT(states[0].reason, HasSubstr("yields no pictures"));
  EXPECT_TRUE(states[1].live);
}

TEST_F(ReopeningTest, ShowsTheLastPictureWhileTheSourceIsAway) {
  const std::string gone = path("pictures.y4m");
  std::string content = "YUV4MPEG2 W64 H64 F50:1 Ip A1:1 C420jpeg\n";
  for (int i = 0; i < 3; ++i) {
    content += "FRAME\n" + std::string(64UL * 64, static_cast<char>(100 + i)) +
               std::string(64UL * 32, '\x50');
  }
  written("pictures.y4m", content);
  const auto source =
      openSource(source_uri::Pipeline{"filesrc location=" + gone + " ! y4mdec", {}}, {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  std::filesystem::remove(gone);  // it can be played once
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  ASSERT_TRUE(collector.waitForStates(1));
  ASSERT_TRUE(collector.waitFor(5));
  (*source)->stop();
  const auto frames = collector.frames();
  EXPECT_EQ(frames[2].planes[0].data[0], 102);
  for (std::size_t i = 3; i < 5; ++i) {
    EXPECT_EQ(frames[i].planes[0].data[0], 102);
    EXPECT_EQ(frames[i].planes[1].data[0], 0x50);
    EXPECT_GE(frames[i].time - frames[i - 1].time, std::chrono::milliseconds(400));
  }
}

TEST_F(ReopeningTest, BeginsWithAKeyFrameWhenEncodedVideoIsBack) {
  const auto source = openSource(
      source_uri::Pipeline{std::string("videotestsrc is-live=true num-buffers=8") + kSize +
                               " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=100",
                           {}},
      {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  ASSERT_TRUE(collector.waitForStates(2));
  const std::size_t before = collector.encoded().size();
  ASSERT_TRUE(collector.waitForEncoded(before + 1));
  (*source)->stop();
  EXPECT_TRUE(collector.encoded()[before].keyFrame);
  EXPECT_EQ((*source)->codec(), VideoCodec::kH264);
}

TEST_F(ReopeningTest, StopsAtOnceWhileTheSourceIsAway) {
  const auto source = openSource(
      source_uri::Pipeline{std::string("videotestsrc is-live=true num-buffers=3") + kSize, {}}, {});
  ASSERT_TRUE(source.has_value());
  Collector collector(**source);
  ASSERT_TRUE((*source)->start().has_value());
  ASSERT_TRUE(collector.waitForStates(1));
  const Time before = monotonicNow();
  (*source)->stop();
  EXPECT_LT(monotonicNow() - before, std::chrono::seconds(2));
}

}  // namespace
}  // namespace rtcpub::media
