#include "rtcpub/publisher.h"

#include <gtest/gtest.h>

#include "media/own_source_test.h"

namespace rtcpub {
namespace {

using media::OwnSource;

PublisherOptions options() {
  PublisherOptions options;
  options.server = "wss://robots.example:8267";
  options.channel = "car-1";
  return options;
}

TEST(Publisher, RefusesVideoThatComesInAnotherCodecThanTheOneToSend) {
  auto wanted = options();
  wanted.codec = VideoCodec::kVp8;
  auto publisher = Publisher::create(wanted);
  ASSERT_TRUE(publisher);
  const auto source = std::make_shared<OwnSource>(VideoCodec::kH264);
  ASSERT_TRUE(publisher->addVideo(source));
  const auto outcome = publisher->run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(outcome.error().message,
            "the video comes encoded in h264, but vp8 is to be sent: leave the codec open, or open "
            "the video without pass-through (passThrough = false)");
  EXPECT_EQ(source->starts, 0);
}

TEST(Publisher, HasVideoDecodedThatComesInAnotherCodecWhereThatIsPossible) {
  auto wanted = options();
  wanted.server = "ws://127.0.0.1:9";
  wanted.codec = VideoCodec::kVp8;
  auto publisher = Publisher::create(wanted);
  ASSERT_TRUE(publisher);
  const auto source = std::make_shared<OwnSource>(VideoCodec::kH264);
  source->canDecode = true;
  ASSERT_TRUE(publisher->addVideo(source));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(publisher->run(stop.get_token()));
  EXPECT_EQ(source->starts, 1);
}

TEST(Publisher, RefusesAnEncoderThatDoesNotMakeTheCodec) {
  auto wanted = options();
  wanted.encoder = "openh264";
  wanted.codec = VideoCodec::kVp8;
  const auto publisher = Publisher::create(wanted);
  ASSERT_FALSE(publisher);
  EXPECT_EQ(publisher.error().message,
            "the encoder \"openh264\" does not make vp8: leave out one of the two");
}

TEST(Publisher, TakesBothCodecsOfTheEncoderThatMakesTwo) {
  auto wanted = options();
  wanted.encoder = "libvpx";
  for (const auto codec : {VideoCodec::kVp8, VideoCodec::kVp9}) {
    wanted.codec = codec;
    EXPECT_TRUE(Publisher::create(wanted));
  }
  wanted.codec = VideoCodec::kH264;
  EXPECT_FALSE(Publisher::create(wanted));
}

TEST(Publisher, MakesTemporalLayersOfVp8AndVp9Only) {
  auto wanted = options();
  wanted.temporalLayers = 3;
  for (const auto codec : {VideoCodec::kVp8, VideoCodec::kVp9}) {
    wanted.codec = codec;
    EXPECT_TRUE(Publisher::create(wanted));
  }
  wanted.codec = VideoCodec::kH264;
  const auto publisher = Publisher::create(wanted);
  ASSERT_FALSE(publisher);
  EXPECT_EQ(publisher.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(publisher.error().message,
            "temporal layers are made of vp8 and vp9 only, and h264 is chosen: choose one of the "
            "two, or leave the layers out");
  wanted.codec.reset();
  EXPECT_FALSE(Publisher::create(wanted));
  wanted.encoder = "libvpx";
  EXPECT_TRUE(Publisher::create(wanted));
}

TEST(Publisher, MakesOneToThreeTemporalLayers) {
  auto wanted = options();
  wanted.codec = VideoCodec::kVp8;
  for (const int layers : {-1, 0, 4}) {
    wanted.temporalLayers = layers;
    const auto publisher = Publisher::create(wanted);
    ASSERT_FALSE(publisher);
    EXPECT_EQ(publisher.error().message,
              std::to_string(layers) + " temporal layers are not possible: 1 to 3 are");
  }
}

TEST(Publisher, RefusesTemporalLayersOfVideoThatComesEncoded) {
  auto wanted = options();
  wanted.codec = VideoCodec::kVp8;
  wanted.temporalLayers = 2;
  auto publisher = Publisher::create(wanted);
  ASSERT_TRUE(publisher);
  ASSERT_TRUE(publisher->addVideo(std::make_shared<OwnSource>(VideoCodec::kVp8)));
  const auto outcome = publisher->run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message,
            "the video comes encoded in vp8, of which no temporal layers can be made: leave them "
            "out, or open the video without pass-through (passThrough = false)");
}

TEST(Publisher, RefusesAnUnknownEncoder) {
  auto wanted = options();
  wanted.encoder = "abacus";
  const auto publisher = Publisher::create(wanted);
  ASSERT_FALSE(publisher);
  EXPECT_EQ(publisher.error().code, ErrorCode::kNotFound);
}

TEST(Publisher, NamesTheCameraThatDoesNotStart) {
  auto publisher = Publisher::create(options());
  ASSERT_TRUE(publisher);
  const auto front = std::make_shared<OwnSource>();
  const auto rear = std::make_shared<OwnSource>();
  rear->broken = true;
  ASSERT_TRUE(publisher->addCamera("front", front));
  ASSERT_TRUE(publisher->addCamera("rear", rear));
  const auto outcome = publisher->run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "camera \"rear\": the lens is dirty");
}

TEST(Publisher, SelectsACameraBeforeItRuns) {
  auto publisher = Publisher::create(options());
  ASSERT_TRUE(publisher);
  ASSERT_TRUE(publisher->addCamera("front", std::make_shared<OwnSource>()));
  ASSERT_TRUE(publisher->addCamera("rear", std::make_shared<OwnSource>()));
  ASSERT_TRUE(publisher->selectCamera("rear"));
  EXPECT_TRUE(publisher->stats().cameras.at("rear").onAir);
  EXPECT_EQ(publisher->selectCamera("side").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(publisher->setPictureInPicture("side").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(publisher->setPictureInPicture("front"));
}

}  // namespace
}  // namespace rtcpub
