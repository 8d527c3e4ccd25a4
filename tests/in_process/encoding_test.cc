// The machine's encoders and video that comes encoded, through libwebrtc to a viewer.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <random>
#include <string>

#include "media/encoders/encoder_chain.h"
#include "peer_pair.h"

namespace rtcpub::peer {
namespace {

PeerStats statsOf(Peer& peer) {
  std::promise<PeerStats> figures;
  peer.stats([&](PeerStats stats) { figures.set_value(std::move(stats)); });
  return figures.get_future().get();
}

VideoSendOptions withX264() { return {.encoders = media::makeEncoders("x264enc").value()}; }

/// Encodes what a pattern source draws, as a camera with its own encoder would.
class EncodedSource final : public VideoSource {
 public:
  EncodedSource(int width, int height) : pictures_(width, height, 30) {
    settings_ = {.width = width, .height = height, .bitrateKbps = 1000, .keyFrameInterval = 3000};
    encoder_ = media::makeEncoders("x264enc")
                   .value()
                   ->open(settings_, [this](const EncodedFrame& frame) { push(frame); })
                   .value();
  }
  ~EncodedSource() override { stop(); }

  Result<void> start() override {
    pictures_.connect({.frame = [this](const VideoFrame& frame) {
      (void)encoder_->encode(frame, keyFrameWanted_.exchange(false));
    }});
    return pictures_.start();
  }
  void stop() override {
    pictures_.stop();
    pictures_.connect({});
  }
  [[nodiscard]] std::optional<VideoCodec> codec() const override { return VideoCodec::kH264; }
  void requestKeyFrame() override { keyFrameWanted_ = true; }

 private:
  PatternSource pictures_;
  EncoderSettings settings_;
  std::atomic<bool> keyFrameWanted_ = false;
  std::unique_ptr<VideoEncoder> encoder_;
};

/// Noise, which no bitrate carries, or one grey, which any does.
class NoiseSource final : public VideoSource {
 public:
  NoiseSource(int width, int height) : width_(width), height_(height) {}
  ~NoiseSource() override { stop(); }
  Result<void> start() override {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
  }
  void stop() override { thread_ = {}; }
  std::atomic<bool> calm = false;

 private:
  void run(const std::stop_token& stop) {
    FramePool pool(width_, height_);
    std::minstd_rand random;
    auto next = monotonicNow();
    while (!stop.stop_requested()) {
      auto buffer = pool.take();
      const auto size = static_cast<std::size_t>(buffer->strideY()) * height_;
      std::generate_n(buffer->y(), size, [&] { return calm ? 100 : random() % 256; });
      std::fill_n(buffer->u(), static_cast<std::size_t>(buffer->strideU()) * height_ / 2, 128);
      std::fill_n(buffer->v(), static_cast<std::size_t>(buffer->strideV()) * height_ / 2, 128);
      push(toFrame(buffer, monotonicNow()));
      next += std::chrono::milliseconds(33);
      std::this_thread::sleep_until(next);
    }
  }
  const int width_;
  const int height_;
  std::jthread thread_;
};

/// Whether stamps were read from nearly all pictures, in order.
void expectWholePictures(const std::vector<End::Seen>& frames) {
  ASSERT_FALSE(frames.empty());
  EXPECT_TRUE(std::all_of(frames.begin(), frames.end(),
                          [](const auto& frame) { return frame.stamp.has_value(); }));
}

TEST(OwnEncoders, SendPicturesThatArriveWithTheirStamps) {
  for (const auto format : {PixelFormat::kI420, PixelFormat::kNv12}) {
    PatternSource source(640, 480, 30, format);
    PeerPair peers;
    ASSERT_TRUE(peers.publisher->sendVideo(source, withX264()));
    ASSERT_TRUE(peers.subscriber->receiveVideo({}));
    ASSERT_TRUE(source.start());
    peers.publisher->createOffer();
    ASSERT_TRUE(peers.atSubscriber.waitForFrames(30));
    source.stop();
    expectWholePictures(peers.atSubscriber.snapshot());
    EXPECT_EQ(statsOf(*peers.publisher).encoder, "x264enc");
    EXPECT_EQ(statsOf(*peers.publisher).codec, "H264");
  }
}

TEST(OwnEncoders, LeaveOtherCodecsToTheEngine) {
  PatternSource source(640, 480, 30);
  PeerPair peers;
  auto options = withX264();
  options.codec = VideoCodec::kVp8;
  ASSERT_TRUE(peers.publisher->sendVideo(source, options));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(10));
  source.stop();
  EXPECT_EQ(statsOf(*peers.publisher).encoder, "libvpx");
}

TEST(OwnEncoders, LowerTheResolutionWhenTheBitrateDoesNotCarryItAndRaiseItAgain) {
  NoiseSource source(640, 480);
  PeerPair peers;
  auto options = withX264();
  options.bitrateKbps = 400;
  ASSERT_TRUE(peers.publisher->sendVideo(source, options));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  const auto showsWidth = [](bool smaller) {
    return [smaller](const End& end) {
      return !end.frames.empty() && (end.frames.back().width < 640) == smaller;
    };
  };
  ASSERT_TRUE(peers.atSubscriber.waitFor(showsWidth(true)));
  source.calm = true;
  EXPECT_TRUE(peers.atSubscriber.waitFor(showsWidth(false)));
  source.stop();
}

TEST(OwnEncoders, GiveWayToTheEnginesWhenTheyFail) {
  /// Works for five pictures.
  class Failing final : public VideoEncoders {
   public:
    Result<std::unique_ptr<VideoEncoder>> open(const EncoderSettings& settings,
                                               VideoEncoder::Output output) override {
      if (excluded) return fail(ErrorCode::kNotFound, "none");
      class Encoder final : public VideoEncoder {
       public:
        explicit Encoder(std::unique_ptr<VideoEncoder> x264) : x264_(std::move(x264)) {}
        [[nodiscard]] const std::string& name() const override { return name_; }
        [[nodiscard]] bool hardware() const override { return true; }
        Result<bool> encode(const VideoFrame& frame, bool keyFrame) override {
          if (++count_ > 5) return fail(ErrorCode::kMedia, "worn out");
          return x264_->encode(frame, keyFrame);
        }
        void setRates(int /*bitrateKbps*/, double /*fps*/) override {}

       private:
        const std::string name_ = "fragile";
        std::unique_ptr<VideoEncoder> x264_;
        int count_ = 0;
      };
      auto x264 = chain_->open(settings, std::move(output));
      return std::make_unique<Encoder>(std::move(*x264));
    }
    void exclude(const std::string& name) override { excluded = name == "fragile"; }
    [[nodiscard]] bool retryDue(const std::string& /*current*/) const override { return false; }
    std::atomic<bool> excluded = false;

   private:
    std::shared_ptr<VideoEncoders> chain_ = media::makeEncoders("x264enc").value();
  };

  const auto encoders = std::make_shared<Failing>();
  PatternSource source(640, 480, 30);
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, {.encoders = encoders}));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(30));
  source.stop();
  EXPECT_TRUE(encoders->excluded);
  EXPECT_EQ(statsOf(*peers.publisher).encoder, "OpenH264");
  EXPECT_TRUE(peers.atPublisher.failures.empty());
  expectWholePictures(peers.atSubscriber.snapshot());
}

TEST(PassThrough, SendsWhatComesEncodedAsItIs) {
  EncodedSource source(640, 480);
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, {}));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  // The camera's only key frame was long ago when the viewer came: it was asked for one.
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(60));
  source.stop();
  expectWholePictures(peers.atSubscriber.snapshot());
  const auto stats = statsOf(*peers.publisher);
  EXPECT_EQ(stats.encoder, "pass-through");
  EXPECT_EQ(stats.width, 640);
  EXPECT_EQ(stats.droppedGroups, 0U);
}

TEST(PassThrough, OffersTheCodecThatTheVideoComesIn) {
  EncodedSource source(640, 480);
  End end;
  const auto peer = Peer::create({}, end).value();
  ASSERT_TRUE(peer->sendVideo(source, {}));
  peer->createOffer();
  ASSERT_TRUE(end.waitFor([](const End& seen) { return !seen.offer.empty(); }));
  EXPECT_NE(end.offer.find("H264/90000"), std::string::npos);
  EXPECT_EQ(end.offer.find("VP8/90000"), std::string::npos);
}

/// Raw pictures and encoded ones in turn, as two cameras make them.
class MixedSource final : public VideoSource {
 public:
  Result<void> start() override {
    raw_.connect({.frame = [this](const VideoFrame& frame) {
      if (raw) push(frame);
    }});
    encoded_.connect({.encoded = [this](const EncodedFrame& frame) {
      waitsForKeyFrame_ = (waitsForKeyFrame_ || raw) && !frame.keyFrame;
      if (!raw && !waitsForKeyFrame_) push(frame);
    }});
    return raw_.start() ? encoded_.start() : Result<void>{};
  }
  void stop() override {
    raw_.stop();
    encoded_.stop();
  }
  [[nodiscard]] std::optional<VideoCodec> codec() const override { return VideoCodec::kH264; }
  void requestKeyFrame() override { encoded_.requestKeyFrame(); }
  std::atomic<bool> raw = true;

 private:
  PatternSource raw_{640, 480, 30};
  EncodedSource encoded_{512, 288};
  bool waitsForKeyFrame_ = true;
};

TEST(PassThrough, TakesTurnsWithRawPicturesOnOneTrack) {
  MixedSource source;
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, withX264()));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  const auto shows = [](int width) {
    return
        [width](const End& end) { return !end.frames.empty() && end.frames.back().width == width; };
  };
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_TRUE(peers.atSubscriber.waitFor(shows(640)));
    source.raw = false;
    source.requestKeyFrame();
    EXPECT_TRUE(peers.atSubscriber.waitFor(shows(512)));
    source.raw = true;
  }
  source.stop();
}

}  // namespace
}  // namespace rtcpub::peer
