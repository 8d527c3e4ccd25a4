#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <vector>

#include "core/h264/h264.h"
#include "environment.h"
#include "media/encoders/encoded_test.h"
#include "media/encoders/encoder_candidates.h"
#include "media/encoders/encoder_chain.h"
#include "media/gst/gst_init.h"
#include "media/gst/gst_owned.h"

namespace rtcpub::media {
namespace {

using testing::HasSubstr;

h264::AccessUnit unitOf(const EncodedFrame& frame) {
  return h264::inspect({frame.data, frame.size});
}

double meanSize(const std::vector<EncodedFrame>& frames, std::size_t from) {
  double bytes = 0;
  for (std::size_t i = from; i < frames.size(); ++i) bytes += static_cast<double>(frames[i].size);
  return bytes / static_cast<double>(frames.size() - from);
}

/// One of the vendors' encoders, by its element's name.
class HardwareEncoder : public testing::TestWithParam<const char*> {
 protected:
  void open() {
    auto encoders = makeEncoders(GetParam());
    ASSERT_TRUE(encoders) << encoders.error().message;
    auto opened = (*encoders)->open(kSettings, encoded_.output());
    ASSERT_TRUE(opened) << opened.error().message;
    encoder_ = std::move(*opened);
  }

  void encode(int count, bool keyFrame = false) {
    for (int i = 0; i < count; ++i) {
      const auto before = encoded_.frames().size();
      const auto taken = encoder_->encode(pictures_.next(), keyFrame);
      ASSERT_TRUE(taken) << taken.error().message;
      ASSERT_TRUE(*taken);
      ASSERT_TRUE(encoded_.waitFor(before + 1));
    }
  }

  /// Of the variable that makes it fail.
  static std::string variableName() {
    std::string name = std::string("RTCPUB_FAKE_") + GetParam();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return name;
  }

  Encoded encoded_;
  Pictures pictures_;
  std::unique_ptr<VideoEncoder> encoder_;
};

TEST_P(HardwareEncoder, GivesEachPictureOutAtOnce) {
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(encoder_->name(), GetParam());
  EXPECT_TRUE(encoder_->hardware());
  ASSERT_NO_FATAL_FAILURE(encode(10));
  const auto frames = encoded_.frames();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].keyFrame, i == 0) << i;
    EXPECT_FALSE(unitOf(frames[i]).bSlices) << i;
  }
  const auto first = unitOf(frames[0]);
  ASSERT_TRUE(first.sps);
  EXPECT_EQ(first.sps->width, kWidth);
  EXPECT_EQ(first.sps->height, kHeight);
  EXPECT_EQ(first.sps->profile, 66) << "what every viewer decodes is baseline";
}

TEST_P(HardwareEncoder, MakesKeyFramesOnDemandWithParameterSets) {
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(encode(4));
  ASSERT_NO_FATAL_FAILURE(encode(1, true));
  ASSERT_NO_FATAL_FAILURE(encode(2));
  const auto frames = encoded_.frames();
  EXPECT_TRUE(frames[4].keyFrame);
  EXPECT_FALSE(frames[5].keyFrame);
  const auto unit = unitOf(frames[4]);
  EXPECT_TRUE(unit.idr);
  EXPECT_TRUE(unit.sps.has_value() && unit.pps) << "who joins here can't decode";
}

TEST_P(HardwareEncoder, FollowsTheBitrateWhileItRuns) {
  ASSERT_NO_FATAL_FAILURE(open());
  encoder_->setRates(2000, 30);
  ASSERT_NO_FATAL_FAILURE(encode(30));
  const double before = meanSize(encoded_.frames(), 10);
  encoder_->setRates(250, 30);
  ASSERT_NO_FATAL_FAILURE(encode(10));
  const auto changed = encoded_.frames().size();
  ASSERT_NO_FATAL_FAILURE(encode(30));
  EXPECT_LT(meanSize(encoded_.frames(), changed), before / 2);
}

TEST_P(HardwareEncoder, IsRefusedInWordsWhenItCannotBeOpened) {
  for (const char* fault : {"open=busy", "open=denied", "open=missing"}) {
    const Variable variable(variableName(), fault);
    const auto encoders = makeEncoders(GetParam());
    ASSERT_FALSE(encoders);
    EXPECT_THAT(encoders.error().message, HasSubstr(GetParam()));
    EXPECT_THAT(encoders.error().message, testing::Not(HasSubstr("\n")));
  }
}

TEST_P(HardwareEncoder, MakesWayForTheNextOneWhenItCannotBeOpened) {
  const Variable variable(variableName(), "open=busy");
  auto encoders = makeEncoders("");
  ASSERT_TRUE(encoders);
  const auto opened = (*encoders)->open(kSettings, encoded_.output());
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_NE((*opened)->name(), GetParam());
}

TEST_P(HardwareEncoder, SaysThatItHasFailed) {
  const Variable variable(variableName(), "frames=5,then=error");
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(encode(5));
  // The failure comes from another thread: one of the next pictures meets it.
  Result<bool> taken = true;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (taken && std::chrono::steady_clock::now() < deadline) {
    taken = encoder_->encode(pictures_.next(), false);
  }
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kMedia);
}

INSTANTIATE_TEST_SUITE_P(Vendors, HardwareEncoder,
                         testing::Values("nvv4l2h264enc", "v4l2h264enc", "vah264enc",
                                         "vaapih264enc", "nvh264enc", "qsvh264enc"),
                         [](const auto& test) { return std::string(test.param); });

TEST(HardwareEncoders, HaveThePropertiesThatTheyAreGivenAndKnowTheValues) {
  ASSERT_TRUE(initGStreamer());
  for (const auto& candidate : encoderCandidates()) {
    const std::string name(candidate.element);
    const Owned<GstElement> element(
        GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make(name.c_str(), nullptr))));
    for (const auto& [property, text] : candidate.properties(kSettings)) {
      GParamSpec* const spec =
          g_object_class_find_property(G_OBJECT_GET_CLASS(element.get()), property.c_str());
      ASSERT_NE(spec, nullptr) << name << " " << property;
      GValue value = G_VALUE_INIT;
      g_value_init(&value, spec->value_type);
      EXPECT_TRUE(gst_value_deserialize(&value, text.c_str()))
          << name << " " << property << "=" << text;
      g_value_unset(&value);
    }
  }
}

TEST(HardwareEncoders, AreTriedBeforeSoftware) {
  std::vector<std::string> available;
  for (const auto& report : probeEncoders()) {
    if (report.available) available.push_back(report.name);
  }
  ASSERT_GE(available.size(), 7U);
  EXPECT_EQ(available[0], "nvv4l2h264enc");
  EXPECT_EQ(available[6], "x264enc");
}

}  // namespace
}  // namespace rtcpub::media
