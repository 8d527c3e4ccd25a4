#include "media/encoders/gst_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "media/encoders/encoded_test.h"
#include "media/encoders/encoder_chain.h"

namespace rtcpub::media {
namespace {

using testing::HasSubstr;

const EncoderCandidate& x264() {
  const auto candidates = encoderCandidates();
  return *std::find_if(candidates.begin(), candidates.end(),
                       [](const auto& candidate) { return candidate.element == "x264enc"; });
}

/// Encodes so many pictures, one after the other.
void encode(VideoEncoder& encoder, Encoded& encoded, Pictures& pictures, int count) {
  for (int i = 0; i < count; ++i) {
    const auto before = encoded.frames().size();
    ASSERT_TRUE(encoder.encode(pictures.next(), false).value());
    ASSERT_TRUE(encoded.waitFor(before + 1));
  }
}

double meanSize(const std::vector<EncodedFrame>& frames, std::size_t from, std::size_t to) {
  const auto sum =
      std::accumulate(frames.begin() + static_cast<std::ptrdiff_t>(from),
                      frames.begin() + static_cast<std::ptrdiff_t>(to), 0.0,
                      [](double total, const auto& frame) { return total + double(frame.size); });
  return sum / double(to - from);
}

TEST(GstEncoder, GivesEachPictureOutAtOnceWithItsTime) {
  Encoded encoded;
  Pictures pictures;
  auto encoder = GstEncoder::open(x264(), kSettings, encoded.output()).value();
  EXPECT_EQ(encoder->name(), "x264enc");
  EXPECT_FALSE(encoder->hardware());
  encode(*encoder, encoded, pictures, 10);
  const auto frames = encoded.frames();
  ASSERT_EQ(frames.size(), 10U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(frames[i].time, Time(std::chrono::milliseconds(33 * (i + 1))));
    EXPECT_EQ(frames[i].keyFrame, i == 0);
    EXPECT_EQ(frames[i].width, kWidth);
    EXPECT_EQ(frames[i].height, kHeight);
    ASSERT_GT(frames[i].size, 4U);
    EXPECT_EQ(frames[i].data[3], 1);  // a start code
  }
}

TEST(GstEncoder, MakesAKeyFrameOfThePictureThatIsToBeOne) {
  for (const bool intraRefresh : {false, true}) {
    Encoded encoded;
    Pictures pictures;
    auto settings = kSettings;
    settings.intraRefresh = intraRefresh;
    auto encoder = GstEncoder::open(x264(), settings, encoded.output()).value();
    encode(*encoder, encoded, pictures, 5);
    ASSERT_TRUE(encoder->encode(pictures.next(), true).value());
    ASSERT_TRUE(encoded.waitFor(6));
    encode(*encoder, encoded, pictures, 2);
    const auto frames = encoded.frames();
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i].keyFrame, i == 0 || i == 5) << i << " " << intraRefresh;
    }
  }
}

TEST(GstEncoder, MakesKeyFramesAtTheDistanceAskedForUnlessItRefreshes) {
  for (const bool intraRefresh : {false, true}) {
    Encoded encoded;
    Pictures pictures;
    auto settings = kSettings;
    settings.keyFrameInterval = 10;
    settings.intraRefresh = intraRefresh;
    auto encoder = GstEncoder::open(x264(), settings, encoded.output()).value();
    encode(*encoder, encoded, pictures, 25);
    const auto frames = encoded.frames();
    EXPECT_EQ(std::count_if(frames.begin(), frames.end(),
                            [](const auto& frame) { return frame.keyFrame; }),
              intraRefresh ? 1 : 3);
  }
}

TEST(GstEncoder, FollowsTheBitrateAndTheRateOfPictures) {
  Encoded encoded;
  Pictures pictures;
  auto encoder = GstEncoder::open(x264(), kSettings, encoded.output()).value();
  encode(*encoder, encoded, pictures, 60);
  encoder->setRates(300, 30);
  encode(*encoder, encoded, pictures, 60);
  encoder->setRates(300, 10);  // the same bits for a third of the pictures
  encode(*encoder, encoded, pictures, 60);
  const auto frames = encoded.frames();
  const double first = meanSize(frames, 30, 60);
  const double low = meanSize(frames, 90, 120);
  const double slow = meanSize(frames, 150, 180);
  EXPECT_NEAR(low, 300'000.0 / 8 / 30, 300);
  EXPECT_LT(low * 1.5, first);
  EXPECT_GT(slow, low * 1.5);
}

TEST(GstEncoder, TakesBothFormatsWithAnyDistanceOfRows) {
  Encoded encoded;
  auto encoder = GstEncoder::open(x264(), kSettings, encoded.output()).value();
  const auto memory = std::make_shared<std::vector<std::uint8_t>>(2'000'000, 100);
  VideoFrame frame{.width = kWidth, .height = kHeight, .owner = memory};
  std::size_t count = 0;
  for (const auto format : {PixelFormat::kI420, PixelFormat::kNv12}) {
    for (const int stride : {640, 702}) {
      frame.format = format;
      const int chroma = format == PixelFormat::kNv12 ? stride : stride / 2;
      const auto* y = memory->data();
      frame.planes = {Plane{y, stride}, Plane{y + 700 * 490, chroma}, Plane{y + 1'000'000, chroma}};
      frame.time += std::chrono::milliseconds(33);
      ASSERT_TRUE(encoder->encode(frame, false).value());
      ASSERT_TRUE(encoded.waitFor(++count));
    }
  }
}

TEST(GstEncoder, FailsWhenItsElementDoes) {
  EncoderCandidate failing = x264();
  failing.output = "identity error-after=3";
  Encoded encoded;
  Pictures pictures;
  auto encoder = GstEncoder::open(failing, kSettings, encoded.output()).value();
  Result<bool> taken = true;
  while (taken) taken = encoder->encode(pictures.next(), false);
  EXPECT_EQ(taken.error().code, ErrorCode::kMedia);
  EXPECT_THAT(taken.error().message, HasSubstr("x264enc"));
}

TEST(GstEncoder, FailsWhenNothingComesOutAnyMore) {
  EncoderCandidate silent = x264();
  silent.hardware = true;  // which may hang
  silent.output = "identity drop-probability=1";
  Encoded encoded;
  Pictures pictures;
  auto encoder = GstEncoder::open(silent, kSettings, encoded.output()).value();
  Result<bool> taken = true;
  bool wasBusy = false;
  while (taken) {
    taken = encoder->encode(pictures.next(), false);
    wasBusy |= taken && !*taken;
    std::this_thread::yield();
  }
  EXPECT_TRUE(wasBusy);
  EXPECT_THAT(taken.error().message, HasSubstr("gives no picture out"));
}

TEST(GstEncoder, DoesWithoutPropertiesThatItsElementLacks) {
  EncoderCandidate other = x264();
  other.properties = [](const EncoderSettings&) {
    return ElementProperties{{"no-such-property", "1"}, {"tune", "zerolatency"}};
  };
  Encoded encoded;
  Pictures pictures;
  auto encoder = GstEncoder::open(other, kSettings, encoded.output()).value();
  encode(*encoder, encoded, pictures, 3);
}

TEST(EncoderChain, OpensTheFirstThatTheMachineHas) {
  auto encoders = makeEncoders("").value();
  auto first = encoders->open(kSettings, [](const EncodedFrame&) {});
  ASSERT_TRUE(first);
  const auto reports = probeEncoders();
  const auto available = std::find_if(reports.begin(), reports.end(),
                                      [](const auto& report) { return report.available; });
  EXPECT_EQ((*first)->name(), available->name);
}

TEST(EncoderChain, GoesOnWithoutThoseThatFailed) {
  auto encoders = makeEncoders("x264enc").value();
  encoders->exclude("x264enc");
  const auto none = encoders->open(kSettings, [](const EncodedFrame&) {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST(EncoderChain, TriesNobodyAgainAtOnce) {
  auto encoders = makeEncoders("x264enc").value();
  EXPECT_FALSE(encoders->retryDue("x264enc")) << "it encodes";
  EXPECT_TRUE(encoders->retryDue("")) << "it has not failed, but the engine encodes";
  encoders->exclude("x264enc");
  EXPECT_FALSE(encoders->retryDue(""));
}

TEST(EncoderChain, LeavesOtherCodecsToTheEngine) {
  auto settings = kSettings;
  settings.codec = VideoCodec::kVp8;
  EXPECT_FALSE(makeEncoders("").value()->open(settings, [](const EncodedFrame&) {}));
}

TEST(EncoderChain, SaysWhichEncodersThereAre) {
  const auto unknown = makeEncoders("magic264enc");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.error().message, HasSubstr("x264enc, openh264"));
  EXPECT_TRUE(makeEncoders("libvpx"));
  EXPECT_EQ(codecOf("nvv4l2h264enc"), VideoCodec::kH264);
  EXPECT_EQ(codecOf("libvpx"), VideoCodec::kVp8);
  EXPECT_EQ(codecOf(""), std::nullopt);
}

TEST(EncoderChain, ReportsWhatIsMissing) {
  for (const auto& report : probeEncoders()) {
    EXPECT_EQ(report.available, report.why.empty()) << report.name;
  }
}

}  // namespace
}  // namespace rtcpub::media
