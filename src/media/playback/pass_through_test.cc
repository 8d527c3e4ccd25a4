#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/h264.h"
#include "media/collector_test.h"
#include "media/open_source.h"
#include "media/playback/files_test.h"

namespace rtcpub::media {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kFrames = 12;
constexpr std::size_t kGroup = 4;

const char* const kPlain = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=4";
const char* const kWithBFrames =
    "x264enc bframes=2 b-adapt=false rc-lookahead=4 speed-preset=ultrafast key-int-max=30";

std::string pictures(const std::string& source = "videotestsrc num-buffers=12") {
  return source + " ! video/x-raw,format=I420,width=128,height=72,framerate=50/1 ! ";
}

class PassThroughTest : public FilesTest {
 protected:
  std::string clip(const std::string& name, const std::string& encoder,
                   const std::string& mux) const {
    return made(name, pictures() + encoder + mux);
  }
};

std::shared_ptr<VideoSource> opened(const source_uri::SourceUri& uri,
                                    const VideoOpenOptions& options = {}) {
  auto source = openSource(uri, options);
  if (!source) {
    ADD_FAILURE() << source.error().message;
    return nullptr;
  }
  return *source;
}

std::vector<EncodedFrame> collectEncoded(VideoSource& source, std::size_t count) {
  Collector collector(source);
  if (!source.start()) return {};
  EXPECT_TRUE(collector.waitForEncoded(count));
  source.stop();
  auto frames = collector.encoded();
  frames.resize(std::min(frames.size(), count));
  return frames;
}

// That each picture can be decoded when it comes: nothing is missing, and key frames are whole.
void expectStream(const std::vector<EncodedFrame>& frames, std::size_t group) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const EncodedFrame& frame = frames[i];
    const auto unit = h264::inspect({frame.data, frame.size});
    EXPECT_EQ(frame.codec, VideoCodec::kH264);
    EXPECT_EQ(frame.keyFrame, i % group == 0) << i;
    EXPECT_EQ(unit.idr, frame.keyFrame) << i;
    EXPECT_EQ(unit.sps && unit.pps, frame.keyFrame) << i;
    EXPECT_EQ(frame.width, 128);
    EXPECT_EQ(frame.height, 72);
    EXPECT_TRUE(i == 0 || frame.time > frames[i - 1].time) << i;
  }
}

TEST_F(PassThroughTest, DecodesWhatIsNot8Bit420) {
  const std::string raw =
      "videotestsrc num-buffers=12 ! video/x-raw,width=128,height=72,"
      "framerate=50/1,format=";
  for (const auto* const format : {"Y444", "Y42B", "I420_10LE"}) {
    const auto file =
        made(std::string(format) + ".mp4", raw + format + " ! " + kPlain + " ! h264parse ! mp4mux");
    const auto source = opened(source_uri::File{.path = file});
    ASSERT_TRUE(source) << format;
    EXPECT_EQ(source->codec(), std::nullopt) << format;
    EXPECT_EQ(collect(*source, 3).size(), 3U) << format;
  }
}

TEST_F(PassThroughTest, PlaysH264OfEachContainerRoundAndRound) {
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"clip.mp4", " ! h264parse ! mp4mux"},
      {"clip.mkv", " ! h264parse ! matroskamux"},
      {"clip.ts", " ! h264parse ! mpegtsmux"},
      {"clip.h264", " ! video/x-h264,stream-format=byte-stream"}};
  for (const auto& [name, mux] : kinds) {
    const auto source = opened(source_uri::File{clip(name, kPlain, mux), {}});
    ASSERT_TRUE(source) << name;
    EXPECT_EQ(source->codec(), VideoCodec::kH264) << name;
    const auto frames = collectEncoded(*source, 2 * kFrames + 3);
    ASSERT_EQ(frames.size(), 2 * kFrames + 3) << name;
    expectStream(frames, kGroup);
  }
}

TEST_F(PassThroughTest, PlaysAFileAtItsOwnPace) {
  const auto source = opened(source_uri::File{clip("a.mp4", kPlain, " ! h264parse ! mp4mux"), {}});
  ASSERT_TRUE(source);
  const auto frames = collectEncoded(*source, kFrames);
  ASSERT_EQ(frames.size(), kFrames);
  EXPECT_GE(frames.back().time - frames.front().time, std::chrono::milliseconds(20 * 10));
}

TEST_F(PassThroughTest, DecodesWhereThePicturesThemselvesAreWanted) {
  const auto file = clip("a.mp4", kPlain, " ! h264parse ! mp4mux");
  const auto reencoded = opened(source_uri::File{file, {}}, {.passThrough = false});
  ASSERT_TRUE(reencoded);
  EXPECT_EQ(reencoded->codec(), std::nullopt);
  EXPECT_EQ(collect(*reencoded, 3).size(), 3U);
  const auto turned = opened(source_uri::File{file, {.flip = source_uri::Flip::k90}});
  ASSERT_TRUE(turned);
  const auto frames = collect(*turned, 1);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].width, 72);
  const auto scaled = opened(source_uri::File{file, {.size = source_uri::Size{64, 64}}});
  ASSERT_TRUE(scaled);
  EXPECT_EQ(collect(*scaled, 1).at(0).width, 64);
}

TEST_F(PassThroughTest, RefusesBFramesUnlessTheyAreDecoded) {
  const auto file = clip("b.mp4", kWithBFrames, " ! h264parse ! mp4mux");
  const auto refused = openSource(source_uri::File{file, {}}, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(file), HasSubstr("use --reencode")));
  const auto decoded = opened(source_uri::File{file, {}}, {.passThrough = false});
  ASSERT_TRUE(decoded);
  EXPECT_EQ(collect(*decoded, kFrames + 1).size(), kFrames + 1);
}

TEST_F(PassThroughTest, RefusesBFramesOfALivePipeline) {
  const auto refused = openSource(
      source_uri::Pipeline{pictures("videotestsrc is-live=true") + kWithBFrames, {}}, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("has B-frames"));
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Plain pictures, and then others, in a bare stream.
TEST_F(PassThroughTest, SendsNothingMoreWhenBFramesComeLater) {
  const std::string bare = " ! video/x-h264,stream-format=byte-stream";
  const auto file = written("late.h264", contentOf(clip("plain.h264", kPlain, bare)) +
                                             contentOf(clip("b.h264", kWithBFrames, bare)));
  const auto source = opened(source_uri::File{.path = file});
  ASSERT_TRUE(source);
  Collector collector(*source);
  ASSERT_TRUE(source->start().has_value());
  ASSERT_TRUE(collector.waitForStates(1));
  source->stop();
  EXPECT_FALSE(collector.states()[0].live);
  EXPECT_THAT(collector.states()[0].reason, HasSubstr("has B-frames"));
  for (const auto& frame : collector.encoded()) {
    EXPECT_FALSE(h264::inspect({frame.data, frame.size}).bSlices);
  }
}

// Afterwards the camera is opened again and again, in case it thinks better of it.
TEST_F(PassThroughTest, SendsNothingOfAnotherFormThatComesLater) {
  const std::string bare = " ! video/x-h264,stream-format=byte-stream";
  const std::string full =
      "videotestsrc num-buffers=12 ! "
      "video/x-raw,format=Y444,width=128,height=72,framerate=50/1 ! ";
  const auto file = written("late.h264", contentOf(clip("plain.h264", kPlain, bare)) +
                                             contentOf(made("full.h264", full + kPlain + bare)));
  const auto source = opened(source_uri::File{.path = file});
  ASSERT_TRUE(source);
  Collector collector(*source);
  ASSERT_TRUE(source->start().has_value());
  ASSERT_TRUE(collector.waitForStates(1));
  source->stop();
  EXPECT_THAT(collector.states()[0].reason, HasSubstr("not 8-bit 4:2:0"));
  for (const auto& frame : collector.encoded()) {
    EXPECT_TRUE(h264::inspect({frame.data, frame.size}).plain420);
  }
}

TEST_F(PassThroughTest, PassesAPipelinesH264OnWithItsOwnTime) {
  const auto source =
      opened(source_uri::Pipeline{pictures("videotestsrc is-live=true") + kPlain + " ! queue", {}});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->codec(), VideoCodec::kH264);
  const Time before = monotonicNow();
  const auto frames = collectEncoded(*source, 6);
  ASSERT_EQ(frames.size(), 6U);
  EXPECT_TRUE(frames[0].keyFrame);
  EXPECT_LE(frames[0].time, monotonicNow());
  EXPECT_GT(frames[0].time, before - std::chrono::seconds(2));
  for (std::size_t i = 1; i < frames.size(); ++i) {
    // A camera's pace, whatever the machine's load is when the pictures arrive.
    EXPECT_NEAR(static_cast<double>((frames[i].time - frames[i - 1].time).count()), 20'000, 1'000);
  }
}

TEST_F(PassThroughTest, DecodesAPipelinesH264IfWanted) {
  const auto source = opened(source_uri::Pipeline{pictures() + kPlain, {}}, {.passThrough = false});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->codec(), std::nullopt);
  EXPECT_EQ(collect(*source, 2).size(), 2U);
}

TEST_F(PassThroughTest, AsksAPipelinesEncoderForKeyFramesAndABitrate) {
  const auto source = opened(source_uri::Pipeline{
      pictures("videotestsrc is-live=true") +
          "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=100000 bitrate=2000",
      {}});
  ASSERT_TRUE(source);
  Collector collector(*source);
  ASSERT_TRUE(source->start().has_value());
  EXPECT_TRUE(source->setBitrate(500));
  ASSERT_TRUE(collector.waitForEncoded(1));  // the key frame that the source itself asks for
  std::size_t asked = collector.encoded().size();
  source->requestKeyFrame();
  // The encoder has a picture or two on its way.
  ASSERT_TRUE(collector.waitForEncoded(asked + 10));
  const auto frames = collector.encoded();
  source->stop();
  std::size_t keyFrames = 0;
  for (; asked < frames.size(); ++asked) keyFrames += frames[asked].keyFrame ? 1 : 0;
  EXPECT_GE(keyFrames, 1U);
}

TEST_F(PassThroughTest, FollowsNoBitrateWithoutAnEncoder) {
  const auto source = opened(source_uri::File{clip("a.mp4", kPlain, " ! h264parse ! mp4mux"), {}});
  ASSERT_TRUE(source);
  EXPECT_FALSE(source->setBitrate(500));
  const auto raw = opened(source_uri::Pipeline{"videotestsrc", {}});
  ASSERT_TRUE(raw);
  EXPECT_FALSE(raw->setBitrate(500));
}

}  // namespace
}  // namespace rtcpub::media
