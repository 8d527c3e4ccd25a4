#include "media/open_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "core/video/frame_buffer.h"
#include "media/collector_test.h"
#include "media/playback/files_test.h"

namespace rtcpub::media {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kClipFrames = 6;

class OpenSourceTest : public FilesTest {
 protected:
  // Raw frames, each of one level of luma: 100, 110, …
  std::string y4m(std::size_t width, std::size_t height) const {
    std::string content = "YUV4MPEG2 W" + std::to_string(width) + " H" + std::to_string(height) +
                          " F50:1 Ip A1:1 C420jpeg\n";
    for (std::size_t n = 0; n < kClipFrames; ++n) {
      content += "FRAME\n" + std::string(width * height, static_cast<char>(100 + 10 * n)) +
                 std::string(2 * ((width + 1) / 2) * ((height + 1) / 2), '\x50');
    }
    return written("clip.y4m", content);
  }
};

source_uri::Options stamped() { return {.stamp = true}; }

std::string sourceOf(int frames, const std::string& size = "width=640,height=48") {
  return "videotestsrc num-buffers=" + std::to_string(frames) + " ! video/x-raw,format=I420," +
         size + ",framerate=50/1";
}

std::vector<VideoFrame> play(const source_uri::SourceUri& uri, std::size_t count) {
  const auto source = openSource(uri, {});
  if (!source) {
    ADD_FAILURE() << source.error().message;
    return {};
  }
  return collect(**source, count);
}

// How long after the start the last of so many frames came: never too early, on a busy machine
// later.
std::chrono::microseconds timeOf(const source_uri::SourceUri& uri, std::size_t count) {
  const auto source = openSource(uri, {});
  if (!source) return {};
  const Time before = monotonicNow();
  const auto frames = collect(**source, count);
  return frames.size() == count ? frames.back().time - before : std::chrono::microseconds();
}

Error failureOf(const source_uri::SourceUri& uri) {
  const auto source = openSource(uri, {});
  EXPECT_FALSE(source.has_value());
  return source ? Error{} : source.error();
}

void expectRisingTimes(const std::vector<VideoFrame>& frames) {
  for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_GT(frames[i].time, frames[i - 1].time);
}

void expectOwnStamps(const std::vector<VideoFrame>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto time = static_cast<std::uint32_t>(frames[i].time.time_since_epoch().count());
    EXPECT_EQ(readStamp(frames[i]), (stamp::Stamp{static_cast<std::uint16_t>(i), time})) << i;
  }
}

TEST_F(OpenSourceTest, OpensATestSource) {
  EXPECT_EQ(play(source_uri::Test{.width = 64, .height = 64, .fps = 50}, 2).size(), 2U);
}

TEST_F(OpenSourceTest, LoopsARawFileFrameByFrame) {
  const auto frames = play(source_uri::File{y4m(640, 48)}, 3 * kClipFrames);
  ASSERT_EQ(frames.size(), 3 * kClipFrames);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].planes[0].data[0], 100 + 10 * (i % kClipFrames)) << i;
    EXPECT_EQ(frames[i].planes[1].data[0], 0x50);
    EXPECT_EQ(frames[i].width, 640);
    EXPECT_EQ(frames[i].height, 48);
  }
  expectRisingTimes(frames);
}

TEST_F(OpenSourceTest, StampsAFileOnEveryRound) {
  const auto frames = play(source_uri::File{y4m(640, 48), stamped()}, 2 * kClipFrames);
  ASSERT_EQ(frames.size(), 2 * kClipFrames);
  expectOwnStamps(frames);
  // Beside the stamp the file's own picture stays.
  const Plane& luma = frames[1].planes[0];
  EXPECT_EQ(luma.data[40L * luma.stride], 110);
  EXPECT_EQ(luma.data[600], 110);
}

TEST_F(OpenSourceTest, PlaysAFileAtItsOwnPace) {
  EXPECT_GE(timeOf(source_uri::File{y4m(640, 48)}, kClipFrames),
            milliseconds(20 * (kClipFrames - 1)));
}

TEST_F(OpenSourceTest, CutsAnOddPictureToEvenSize) {
  const auto frames = play(source_uri::File{y4m(65, 33)}, 2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].width, 64);
  EXPECT_EQ(frames[0].height, 32);
  EXPECT_EQ(frames[0].planes[2].data[0], 0x50);
}

TEST_F(OpenSourceTest, LoopsAnEncodedFile) {
  const auto file = made("clip.webm", sourceOf(5) + " ! vp8enc deadline=1 ! webmmux");
  const auto frames = play(source_uri::File{file, stamped()}, 12);
  ASSERT_EQ(frames.size(), 12U);
  expectOwnStamps(frames);
  expectRisingTimes(frames);
}

TEST_F(OpenSourceTest, IgnoresTheSoundOfAFile) {
  const auto file =
      made("clip.avi", sourceOf(5) +
                           " ! jpegenc ! avimux name=mux audiotestsrc num-buffers=5 ! "
                           "audio/x-raw,rate=48000 ! mux. mux.");
  EXPECT_EQ(play(source_uri::File{file}, 8).size(), 8U);
}

TEST_F(OpenSourceTest, ShowsASinglePictureAgainAndAgain) {
  const auto file = made("one.jpg", sourceOf(1) + " ! jpegenc");
  EXPECT_GE(timeOf(source_uri::File{file}, 4), milliseconds(90));
}

TEST_F(OpenSourceTest, GivesATimeToAStreamThatKnowsNone) {
  const auto file = made("clip.mjpeg", sourceOf(10) + " ! jpegenc ! multipartmux");
  EXPECT_GE(timeOf(source_uri::File{file}, 10), milliseconds(270));
}

TEST_F(OpenSourceTest, PlaysAPipelineOfItsOwn) {
  const auto frames = play(source_uri::Pipeline{sourceOf(20), stamped()}, 10);
  ASSERT_EQ(frames.size(), 10U);
  expectOwnStamps(frames);
}

TEST_F(OpenSourceTest, PlaysALivePipeline) {
  const auto frames =
      play(source_uri::Pipeline{"videotestsrc is-live=true ! video/x-raw,width=640,height=48"}, 5);
  ASSERT_EQ(frames.size(), 5U);
  expectRisingTimes(frames);
}

TEST_F(OpenSourceTest, PassesNv12OnAsItIs) {
  const auto frames =
      play(source_uri::Pipeline{"videotestsrc ! video/x-raw,format=NV12,width=64,height=64"}, 1);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].format, PixelFormat::kNv12);
  EXPECT_EQ(frames[0].planes[2].data, nullptr);
}

TEST_F(OpenSourceTest, ConvertsOtherFormats) {
  const auto frames = play(
      source_uri::Pipeline{
          "videotestsrc pattern=white ! video/x-raw,format=RGB,width=64,height=64"},
      1);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_NEAR(frames[0].planes[0].data[0], 235, 1);
}

TEST_F(OpenSourceTest, PushesNothingBeforeItsStartAndAfterItsStop) {
  for (const char* description : {"videotestsrc", "videotestsrc is-live=true"}) {
    const auto source = openSource(source_uri::Pipeline{description}, {});
    ASSERT_TRUE(source.has_value());
    Collector collector(**source);
    EXPECT_EQ(collector.count(), 0U);
    ASSERT_TRUE((*source)->start().has_value());
    ASSERT_TRUE(collector.waitFor(3));
    (*source)->stop();
    const std::size_t count = collector.count();
    (*source)->stop();
    EXPECT_EQ(collector.count(), count);
  }
}

TEST_F(OpenSourceTest, KeepsAFramesMemoryWhenTheSourceIsGone) {
  const auto frames = play(source_uri::File{y4m(640, 48)}, 2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].planes[0].data[640L * 47], 100);
}

TEST_F(OpenSourceTest, MissesAFileThatIsNotThere) {
  const Error error = failureOf(source_uri::File{path("none.mp4")});
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.message, "There is no file " + path("none.mp4"));
  EXPECT_EQ(failureOf(source_uri::File{directory_}).code, ErrorCode::kNotFound);
}

TEST_F(OpenSourceTest, RefusesAFileWithoutVideo) {
  const auto file = made("sound.wav", "audiotestsrc num-buffers=5 ! wavenc");
  const Error error = failureOf(source_uri::File{file});
  EXPECT_EQ(error.code, ErrorCode::kMedia);
  EXPECT_EQ(error.message, file + " has no video");
}

TEST_F(OpenSourceTest, RefusesFilesOfGarbage) {
  const std::array<std::string, 6> contents{
      "",
      "just a text, not a video\n",
      std::string(100'000, '\xA7'),
      "YUV4MPEG2 ",
      "YUV4MPEG2 W0 H0 F0:0\nFRAME\n",
      "YUV4MPEG2 W640 H480 F30:1 C420jpeg\nFRAME\ncut off",
  };
  for (const auto& content : contents) {
    const auto file = written("garbage", content);
    const Error error = failureOf(source_uri::File{file});
    EXPECT_EQ(error.code, ErrorCode::kMedia);
    EXPECT_THAT(error.message, HasSubstr(file));
  }
}

TEST_F(OpenSourceTest, RefusesToStampAPictureThatIsTooSmall) {
  const Error error = failureOf(source_uri::File{y4m(510, 48), stamped()});
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr("510x48, too small for ?stamp"));
}

TEST_F(OpenSourceTest, TellsWhyAPipelineDoesNotParse) {
  const Error missing = failureOf(source_uri::Pipeline{"nosuchelement ! videoconvert"});
  EXPECT_EQ(missing.code, ErrorCode::kMedia);
  EXPECT_THAT(missing.message, AllOf(HasSubstr("nosuchelement ! videoconvert"),
                                     HasSubstr("GStreamer has no element \"nosuchelement\"")));
  for (const char* description : {"videotestsrc !", "! !", "audiotestsrc", "videotestsrc foo=bar",
                                  "videotestsrc ! fakesink", "\xFF\"'"}) {
    const Error error = failureOf(source_uri::Pipeline{description});
    EXPECT_EQ(error.code, ErrorCode::kMedia) << description;
    EXPECT_THAT(error.message, HasSubstr(description));
  }
}

TEST_F(OpenSourceTest, RefusesAPipelineThatEndsWithoutAPicture) {
  const Error error = failureOf(source_uri::Pipeline{"videotestsrc num-buffers=0"});
  EXPECT_EQ(error.code, ErrorCode::kMedia);
  EXPECT_THAT(error.message, HasSubstr("has no video"));
}

TEST_F(OpenSourceTest, TellsWhyADeviceDoesNotOpen) {
  const Error error = failureOf(source_uri::Pipeline{"filesrc location=/nosuchfile ! jpegdec"});
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, HasSubstr("No such file"));
}

TEST_F(OpenSourceTest, GivesUpOnAPipelineThatYieldsNothing) {
  const Error error = failureOf(source_uri::Pipeline{"videotestsrc ! valve drop=true"});
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, HasSubstr("yields no picture within 5 s"));
}

}  // namespace
}  // namespace rtcpub::media
