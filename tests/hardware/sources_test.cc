#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/h264/h264.h"
#include "core/source/source_uri.h"
#include "environment.h"
#include "media/open_source.h"

namespace rtcpub::media {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::seconds kDeadline{60};  // far more than anything should take

/// Keeps the last of what a source pushes. Any thread.
class Watcher {
 public:
  explicit Watcher(VideoSource& source) : source_(source) {
    source.connect(
        {.frame = [this](const VideoFrame& frame) { set([&] { frames_.push_back(frame); }); },
         .encoded = [this](const EncodedFrame& frame) { set([&] { encoded_.push_back(frame); }); },
         .state = [this](const SourceState& state) { set([&] { states_.push_back(state); }); }});
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() { source_.connect({}); }

  bool waitForFrames(std::size_t count) {
    return wait([&] { return frames_.size() >= count; });
  }
  bool waitForEncoded(std::size_t count) {
    return wait([&] { return encoded_.size() >= count; });
  }
  /// Until it said so, once or more often.
  bool waitForState(bool live) {
    return wait([&] { return !states_.empty() && states_.back().live == live; });
  }
  std::vector<VideoFrame> frames() { return get(frames_); }
  std::vector<EncodedFrame> encoded() { return get(encoded_); }
  std::vector<SourceState> states() { return get(states_); }

 private:
  void set(const std::function<void()>& change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& done) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, done);
  }
  template <class T>
  std::vector<T> get(const std::vector<T>& all) {
    const std::lock_guard lock(mutex_);
    return all;
  }

  VideoSource& source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<VideoFrame> frames_;
  std::vector<EncodedFrame> encoded_;
  std::vector<SourceState> states_;
};

Result<std::shared_ptr<VideoSource>> open(const std::string& uri, bool passThrough = true) {
  const auto parsed = source_uri::parse(uri);
  if (!parsed) return tl::unexpected(parsed.error());
  return openSource(*parsed, {.passThrough = passThrough});
}

std::string failureOf(const std::string& uri) {
  const auto began = std::chrono::steady_clock::now();
  const auto source = open(uri);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8)) << uri;
  return source ? "" : source.error().message;
}

struct Colour {
  int y, u, v;
};
std::ostream& operator<<(std::ostream& out, const Colour& colour) {
  return out << colour.y << "," << colour.u << "," << colour.v;
}

const std::uint8_t* rowOf(const Plane& plane, int row) {
  return plane.data + static_cast<std::ptrdiff_t>(row) * plane.stride;
}

Colour at(const VideoFrame& frame, int x, int y) {
  const int luma = rowOf(frame.planes[0], y)[x];
  const std::uint8_t* chroma = rowOf(frame.planes[1], y / 2);
  const int column = x / 2;
  if (frame.format == PixelFormat::kNv12) {
    return {luma, chroma[2 * column], chroma[2 * column + 1]};
  }
  return {luma, chroma[column], rowOf(frame.planes[2], y / 2)[column]};
}
Colour middleOf(const VideoFrame& frame) { return at(frame, frame.width / 2, frame.height / 2); }

/// Of the cameras, by the chroma of BT.601 and BT.709 in limited range.
MATCHER_P2(HasChroma, u, v, "") { return std::abs(arg.u - u) < 24 && std::abs(arg.v - v) < 24; }
const auto kRed = HasChroma(100, 240);
const auto kGreen = HasChroma(48, 30);
const auto kBlue = HasChroma(240, 114);
const auto kYellow = HasChroma(16, 144);
const auto kMagenta = HasChroma(208, 224);
const auto kCyan = HasChroma(156, 16);

enum class Corner { kNone, kUpperLeft, kUpperRight, kLowerLeft, kLowerRight };

/// Where the cameras' bright square is.
Corner brightCorner(const VideoFrame& frame) {
  constexpr int kInset = 8;
  const int threshold = middleOf(frame).y + 10;
  const int right = frame.width - kInset;
  const int bottom = frame.height - kInset;
  if (at(frame, kInset, kInset).y > threshold) return Corner::kUpperLeft;
  if (at(frame, right, kInset).y > threshold) return Corner::kUpperRight;
  if (at(frame, kInset, bottom).y > threshold) return Corner::kLowerLeft;
  return at(frame, right, bottom).y > threshold ? Corner::kLowerRight : Corner::kNone;
}

/// The third picture of a source; nothing if it can't be opened.
std::optional<VideoFrame> pictureOf(const std::string& uri) {
  const auto source = open(uri, false);
  EXPECT_TRUE(source) << source.error().message;
  if (!source) return std::nullopt;
  Watcher watcher(**source);
  EXPECT_TRUE((*source)->start());
  const bool came = watcher.waitForFrames(3);
  (*source)->stop();
  EXPECT_TRUE(came) << uri;
  if (!came) return std::nullopt;
  return watcher.frames()[2];
}

// --- what comes out

TEST(V4l2Camera, YieldsRawPictures) {
  const auto picture = pictureOf("v4l2:/dev/video0?size=640x480");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 640);
  EXPECT_EQ(picture->height, 480);
  EXPECT_EQ(picture->format, PixelFormat::kNv12) << "of what it offers, this needs no conversion";
  EXPECT_THAT(middleOf(*picture), kRed);
  EXPECT_EQ(brightCorner(*picture), Corner::kUpperLeft);
}

TEST(V4l2Camera, YieldsRawPicturesOfAFormatThatMustBeConverted) {
  const auto picture = pictureOf("v4l2:/dev/video0?size=640x480&format=YUY2");
  ASSERT_TRUE(picture);
  EXPECT_THAT(middleOf(*picture), kRed);
}

TEST(V4l2Camera, YieldsMjpegDecoded) {
  const auto picture = pictureOf("v4l2:/dev/video2");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 1280);
  EXPECT_EQ(picture->height, 720);
  EXPECT_EQ(brightCorner(*picture), Corner::kUpperLeft);
}

TEST(V4l2Camera, IsFoundByAPartOfItsName) {
  const auto picture = pictureOf("v4l2:front?size=640x480");
  ASSERT_TRUE(picture);
  EXPECT_THAT(middleOf(*picture), kRed);
}

TEST(V4l2Camera, IsTurnedAsAsked) {
  const auto turned = pictureOf("v4l2:/dev/video0?size=640x480&flip=90");
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->width, 480);
  EXPECT_EQ(turned->height, 640);
  EXPECT_EQ(brightCorner(*turned), Corner::kUpperRight);
  const auto mirrored = pictureOf("v4l2:/dev/video0?size=640x480&flip=mirror");
  ASSERT_TRUE(mirrored);
  EXPECT_EQ(brightCorner(*mirrored), Corner::kUpperRight);
}

TEST(V4l2Camera, PassesItsH264Through) {
  const auto source = open("v4l2:/dev/video4");
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->codec(), VideoCodec::kH264);
  Watcher watcher(**source);
  ASSERT_TRUE((*source)->start());
  ASSERT_TRUE(watcher.waitForEncoded(35));
  (*source)->stop();
  const auto frames = watcher.encoded();
  int keyFrames = 0;
  for (const auto& frame : frames) {
    const auto unit = h264::inspect({frame.data, frame.size});
    EXPECT_TRUE(unit.picture);
    EXPECT_EQ(unit.idr, frame.keyFrame);
    EXPECT_EQ(frame.width, 1280);
    if (!frame.keyFrame) continue;
    ++keyFrames;
    EXPECT_TRUE(unit.sps && unit.pps);
  }
  EXPECT_GE(keyFrames, 1);
  EXPECT_TRUE(watcher.frames().empty());
}

TEST(V4l2Camera, DecodesItsH264WhenPicturesAreNeeded) {
  const auto picture = pictureOf("v4l2:/dev/video4");
  ASSERT_TRUE(picture);
  EXPECT_THAT(middleOf(*picture), kBlue);
}

TEST(CsiCamera, IsScaledAndTurnedOverByItself) {
  const auto picture = pictureOf("csi:0");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 640);
  EXPECT_EQ(picture->height, 480);
  EXPECT_EQ(brightCorner(*picture), Corner::kLowerRight);
  EXPECT_THAT(middleOf(*picture), kYellow);
}

TEST(CsiCamera, IsChosenByItsNumber) {
  const auto picture = pictureOf("csi:1");
  ASSERT_TRUE(picture);
  EXPECT_THAT(middleOf(*picture), kMagenta);
}

TEST(CsiCamera, IsTurnedAsAsked) {
  const struct {
    const char* flip;
    Corner corner;
    int width;
  } cases[] = {{"none", Corner::kUpperLeft, 640},
               {"90", Corner::kUpperRight, 480},
               {"270", Corner::kLowerLeft, 480},
               {"mirror", Corner::kUpperRight, 640}};
  for (const auto& each : cases) {
    const auto picture = pictureOf(std::string("csi:0?flip=") + each.flip);
    ASSERT_TRUE(picture) << each.flip;
    EXPECT_EQ(picture->width, each.width) << each.flip;
    EXPECT_EQ(brightCorner(*picture), each.corner) << each.flip;
  }
}

TEST(CsiCamera, YieldsTheSizeAndRateThatWereAsked) {
  const auto picture = pictureOf("csi:0?size=1280x720&fps=30");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 1280);
  EXPECT_EQ(picture->height, 720);
}

TEST(Libcamera, YieldsPicturesOfTheFirstCamera) {
  const auto picture = pictureOf("libcamera:");
  ASSERT_TRUE(picture);
  EXPECT_THAT(middleOf(*picture), kCyan);
}

TEST(Libcamera, IsChosenByItsId) {
  const auto picture = pictureOf("libcamera:/base/soc/i2c0mux/i2c@0/ov5647@36?size=640x480");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 640);
  EXPECT_THAT(middleOf(*picture), Not(kCyan));
}

TEST(Cameras, AreOpenAtTheSameTime) {
  const auto front = open("csi:0");
  const auto rear = open("csi:1");
  ASSERT_TRUE(front) << front.error().message;
  ASSERT_TRUE(rear) << rear.error().message;
}

// --- what goes wrong at the start

TEST(RefusedCamera, IsNamedWithWhatIsWrong) {
  EXPECT_THAT(failureOf("v4l2:/dev/video9"), HasSubstr("/dev/video9"));
  EXPECT_THAT(failureOf("v4l2:nothing-like-it"),
              AllOf(HasSubstr("nothing-like-it"), HasSubstr("Front Camera")));
  EXPECT_THAT(failureOf("libcamera:/no/such"), HasSubstr("/no/such"));
  EXPECT_THAT(failureOf("csi:7"), HasSubstr("7"));
}

TEST(RefusedCamera, IsBusy) {
  const Variable variable("RTCPUB_FAKE_V4L2SRC", "open=busy");
  EXPECT_THAT(failureOf("v4l2:/dev/video0"), AllOf(HasSubstr("/dev/video0"), HasSubstr("use")));
}

TEST(RefusedCamera, MayNotBeOpened) {
  const Variable variable("RTCPUB_FAKE_V4L2SRC", "open=denied");
  EXPECT_THAT(failureOf("v4l2:/dev/video0"),
              AllOf(HasSubstr("/dev/video0"), HasSubstr("group \"video\"")));
}

TEST(RefusedCamera, IsBusyWhenItIsOpenAlready) {
  const auto first = open("v4l2:/dev/video0");
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(failureOf("v4l2:/dev/video0"), HasSubstr("use"));
}

TEST(RefusedCamera, LacksTheSizeAndSaysWhichItHas) {
  EXPECT_THAT(failureOf("v4l2:/dev/video0?size=800x600"),
              AllOf(HasSubstr("800x600"), HasSubstr("640x480"), HasSubstr("1280x720")));
}

TEST(RefusedCamera, OfAJetsonFailsWithoutSayingWhy) {
  for (const char* fault : {"open=busy", "open=denied"}) {
    const Variable variable("RTCPUB_FAKE_NVARGUSCAMERASRC", fault);
    EXPECT_THAT(failureOf("csi:0"), HasSubstr("csi:0"));
  }
}

TEST(RefusedCamera, OfLibcameraIsInUse) {
  const Variable variable("RTCPUB_FAKE_LIBCAMERASRC", "open=busy");
  EXPECT_THAT(failureOf("libcamera:"), HasSubstr("libcamera"));
}

// --- what goes wrong later

/// A camera that runs until its fault strikes, and again afterwards.
void expectItComesBack(const std::string& uri) {
  const auto source = open(uri);
  ASSERT_TRUE(source) << source.error().message;
  Watcher watcher(**source);
  ASSERT_TRUE((*source)->start());
  ASSERT_TRUE(watcher.waitForState(false)) << "nobody was told that it went";
  EXPECT_FALSE(watcher.states().back().reason.empty());
  ASSERT_TRUE(watcher.waitForState(true)) << "it wasn't opened again";
  const auto frames = watcher.frames().size();
  const auto encoded = watcher.encoded().size();
  EXPECT_TRUE((*source)->codec() ? watcher.waitForEncoded(encoded + 5)
                                 : watcher.waitForFrames(frames + 5));
  (*source)->stop();
}

// A camera of Video4Linux is opened twice: at first it is asked what it can do.
TEST(LostCamera, IsOpenedAgainAfterAFailure) {
  const Variable variable("RTCPUB_FAKE_V4L2SRC", "on=/dev/video0,frames=20,then=error,times=2");
  expectItComesBack("v4l2:/dev/video0?size=640x480");
}

TEST(LostCamera, IsOpenedAgainAfterAStall) {
  const Variable variable("RTCPUB_FAKE_V4L2SRC", "on=/dev/video2,frames=20,then=stall,times=2");
  expectItComesBack("v4l2:/dev/video2?size=640x480");
}

TEST(LostCamera, IsOpenedAgainAfterItsEnd) {
  const Variable variable("RTCPUB_FAKE_NVARGUSCAMERASRC", "on=0,frames=20,then=end,times=1");
  expectItComesBack("csi:0");
}

TEST(LostCamera, ThatEncodesIsOpenedAgain) {
  const Variable variable("RTCPUB_FAKE_V4L2SRC", "on=/dev/video4,frames=40,then=error,times=2");
  expectItComesBack("v4l2:/dev/video4");
}

}  // namespace
}  // namespace rtcpub::media
