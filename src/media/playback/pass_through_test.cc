#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/h264/h264.h"
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

// Twenty seconds later than the sound, round by round.
TEST_F(PassThroughTest, BeginsWithAFilesVideoWhereverItsSoundBegins) {
  for (const auto& [name, mux] : std::vector<std::pair<std::string, std::string>>{
           {"late.mkv", "matroskamux"}, {"late.ts", "mpegtsmux"}}) {
    const auto file = made(
        name, pictures("videotestsrc num-buffers=12 timestamp-offset=20000000000") + kPlain +
                  " ! h264parse ! queue ! " + mux +
                  " name=mux audiotestsrc num-buffers=900 ! audio/x-raw,rate=44100,channels=1 ! "
                  "avenc_aac ! aacparse ! queue ! mux. mux.");
    for (const bool passThrough : {true, false}) {
      const auto source = opened(source_uri::File{file, {}}, {.passThrough = passThrough});
      ASSERT_TRUE(source) << name;
      Collector collector(*source);
      const Time before = monotonicNow();
      ASSERT_TRUE(source->start().has_value());
      ASSERT_TRUE(passThrough ? collector.waitForEncoded(kFrames + 1)
                              : collector.waitFor(kFrames + 1))
          << name;
      EXPECT_LT(monotonicNow() - before, std::chrono::seconds(18)) << name;
      source->stop();
    }
  }
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

TEST_F(PassThroughTest, DecodesBFrames) {
  for (const bool passThrough : {true, false}) {
    const auto file = clip("b.mp4", kWithBFrames, " ! h264parse ! mp4mux");
    const auto decoded = opened(source_uri::File{file, {}}, {.passThrough = passThrough});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->codec(), std::nullopt);
    EXPECT_EQ(collect(*decoded, kFrames + 1).size(), kFrames + 1);
  }
}

TEST_F(PassThroughTest, DecodesBFramesOfALivePipeline) {
  const auto source =
      opened(source_uri::Pipeline{pictures("videotestsrc is-live=true") + kWithBFrames, {}});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->codec(), std::nullopt);
  EXPECT_EQ(collect(*source, 3).size(), 3U);
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Plain pictures, and then others, in a bare stream.
TEST_F(PassThroughTest, DecodesFromWhenBFramesComeLater) {
  const std::string bare = " ! video/x-h264,stream-format=byte-stream";
  const auto file = written("late.h264", contentOf(clip("plain.h264", kPlain, bare)) +
                                             contentOf(clip("b.h264", kWithBFrames, bare)));
  const auto source = opened(source_uri::File{.path = file});
  ASSERT_TRUE(source);
  Collector collector(*source);
  ASSERT_TRUE(source->start().has_value());
  ASSERT_TRUE(collector.waitFor(3));
  EXPECT_EQ(source->codec(), std::nullopt);
  source->stop();
  ASSERT_FALSE(collector.encoded().empty());
  for (const auto& frame : collector.encoded()) {
    EXPECT_FALSE(h264::inspect({frame.data, frame.size}).bSlices);
  }
}

TEST_F(PassThroughTest, DecodesFromWhenAnotherFormComesLater) {
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
  ASSERT_TRUE(collector.waitFor(3));
  source->stop();
  ASSERT_FALSE(collector.encoded().empty());
  for (const auto& frame : collector.encoded()) {
    EXPECT_TRUE(h264::inspect({frame.data, frame.size}).plain420);
  }
}

// The matrix of the track's header says how the picture is to be turned (ISO/IEC 14496-12 section
// 8.3.2): this one clockwise by 90 degrees. GStreamer's muxer doesn't write it.
std::string turned(std::string mp4) {
  constexpr std::size_t kMatrix = 4 + 40;  // behind the box's type, in version 0
  const std::array<std::int32_t, 9> matrix{0, 0x10000, 0, -0x10000, 0, 0, 72 << 16, 0, 0x40000000};
  std::size_t at = mp4.find("tkhd") + kMatrix;
  for (const std::int32_t number : matrix) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      mp4[at++] =
          static_cast<char>(static_cast<std::uint32_t>(number) >> static_cast<unsigned>(shift));
    }
  }
  return mp4;
}

TEST_F(PassThroughTest, TurnsAPhonesPicturesUpright) {
  const auto plain = made("plain.mp4",
                          "videotestsrc num-buffers=12 pattern=smpte ! "
                          "video/x-raw,format=I420,width=128,height=72,framerate=50/1 ! " +
                              std::string(kPlain) + " ! h264parse ! mp4mux");
  const auto source = opened(source_uri::File{written("turned.mp4", turned(contentOf(plain))), {}});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->codec(), std::nullopt);
  const auto frames = collect(*source, 2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].width, 72);
  EXPECT_EQ(frames[0].height, 128);
  // The white bar was at the left, the blue one at its right: now they are above each other.
  const Plane& luma = frames[0].planes[0];
  EXPECT_GT(luma.data[4 * luma.stride + 60], 150);
  EXPECT_LT(luma.data[70 * luma.stride + 60], 150);
}

TEST_F(PassThroughTest, MakesPixelsSquare) {
  for (const auto& [name, mux] : std::vector<std::pair<std::string, std::string>>{
           {"wide.mp4", "mp4mux"}, {"wide.mkv", "matroskamux"}, {"wide.ts", "mpegtsmux"}}) {
    const auto file = made(name,
                           "videotestsrc num-buffers=12 ! video/x-raw,format=I420,width=120,"
                           "height=72,framerate=50/1,pixel-aspect-ratio=4/3 ! " +
                               std::string(kPlain) + " ! h264parse ! " + mux);
    const auto source = opened(source_uri::File{file, {}});
    ASSERT_TRUE(source) << name;
    EXPECT_EQ(source->codec(), std::nullopt) << name;
    const auto frames = collect(*source, 1);
    ASSERT_EQ(frames.size(), 1U) << name;
    EXPECT_NEAR(frames[0].width, 160, 2) << name;
    EXPECT_EQ(frames[0].height, 72) << name;
  }
}

TEST_F(PassThroughTest, TellsThatAFileIsCutOff) {
  const std::string whole = contentOf(clip("whole.mp4", kPlain, " ! h264parse ! mp4mux"));
  const auto refused =
      openSource(source_uri::File{written("cut.mp4", whole.substr(0, whole.size() / 2)), {}}, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kMedia);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr(path("cut.mp4") + " is cut off"), HasSubstr("untrunc")));
}

// An H264 stream in Annex B form without its IDR slices.
std::string withoutIdr(const std::string& stream) {
  const std::string code("\0\0\1", 3);
  std::string rest;
  for (std::size_t at = stream.find(code); at != std::string::npos;) {
    const std::size_t next = stream.find(code, at + code.size());
    const std::string unit = stream.substr(at, next == std::string::npos ? next : next - at);
    if ((static_cast<unsigned char>(unit[code.size()]) & 31U) != 5) rest += unit;
    at = next;
  }
  return rest;
}

TEST_F(PassThroughTest, DecodesAStreamThatIsRefreshedWithoutKeyFrames) {
  const auto refreshed =
      made("refreshed.h264", pictures("videotestsrc num-buffers=240") +
                                 "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 "
                                 "intra-refresh=true ! video/x-h264,stream-format=byte-stream");
  const auto source =
      opened(source_uri::File{written("no-idr.h264", withoutIdr(contentOf(refreshed))), {}});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->codec(), VideoCodec::kH264);
  Collector collector(*source);
  ASSERT_TRUE(source->start().has_value());
  ASSERT_TRUE(collector.waitFor(5));
  EXPECT_EQ(source->codec(), std::nullopt);
  EXPECT_TRUE(collector.encoded().empty());
  source->stop();
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
