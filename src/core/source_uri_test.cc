#include "core/source_uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::source_uri {
namespace {

using testing::HasSubstr;

std::string messageOf(std::string_view text) {
  const auto result = parse(text);
  if (result) return "no error";
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  return result.error().message;
}

TEST(SourceUri, ReadsTheTestPattern) {
  EXPECT_EQ(parse("test:"), SourceUri(source_uri::Test{}));
  EXPECT_EQ(parse("test:?size=640x480&fps=60&stamp"),
            SourceUri(source_uri::Test{640, 480, 60, true}));
  EXPECT_EQ(parse("test:?fps=5"), SourceUri(source_uri::Test{1280, 720, 5, false}));
}

TEST(SourceUri, ReadsFiles) {
  EXPECT_EQ(parse("file:clip.mp4"), SourceUri(File{"clip.mp4", false}));
  EXPECT_EQ(parse("file:/a b/100%.mp4?stamp"), SourceUri(File{"/a b/100%.mp4", true}));
  EXPECT_EQ(parse("file:/what?.mp4?stamp"), SourceUri(File{"/what?.mp4", true}));
}

TEST(SourceUri, TakesAPipelineAsItStands) {
  EXPECT_EQ(parse("gst:rtspsrc location=rtsp://h/?a=1 ! decodebin"),
            SourceUri(Pipeline{"rtspsrc location=rtsp://h/?a=1 ! decodebin", false}));
  EXPECT_EQ(parse("gst:videotestsrc?stamp"), SourceUri(Pipeline{"videotestsrc", true}));
}

TEST(SourceUri, NamesTheOptionAndWhatItTakes) {
  EXPECT_THAT(messageOf("test:?size=big"), HasSubstr("size takes WIDTHxHEIGHT"));
  EXPECT_THAT(messageOf("test:?fps=0"), HasSubstr("fps takes a whole number from 1 to 240"));
  EXPECT_THAT(messageOf("test:?stamp=yes"), HasSubstr("stamp takes no value"));
  EXPECT_THAT(messageOf("test:?colour=red"), HasSubstr("\"colour\"; it has size, fps and stamp"));
  EXPECT_THAT(messageOf("test:?size=480x480&stamp"), HasSubstr("512x32"));
  EXPECT_THAT(messageOf("file:a.mp4?loop"), HasSubstr("\"loop\"; it has stamp"));
  EXPECT_THAT(messageOf("file:"), HasSubstr("file:PATH"));
  EXPECT_THAT(messageOf("gst: "), HasSubstr("gst:PIPELINE"));
}

TEST(SourceUri, RefusesOddHugeAndTinySizes) {
  for (const auto* size : {"641x480", "640x481", "62x64", "64x62", "8194x64", "64x99999999999",
                           "640", "640x", "x480", "640x480x3", "-64x64", ""}) {
    EXPECT_THAT(messageOf("test:?size=" + std::string(size)), HasSubstr("size takes")) << size;
  }
}

TEST(SourceUri, RefusesOtherSchemes) {
  for (const auto& bad : {std::string(""), std::string("test"), std::string("webcam:0"),
                          std::string("/clip.mp4"), std::string(5000, 'x'), std::string("TEST:")}) {
    const auto message = messageOf(bad);
    EXPECT_THAT(message, HasSubstr("test:, file:PATH and gst:PIPELINE"));
    EXPECT_LT(message.size(), 200U);
  }
}

TEST(SourceUri, RefusesZeroBytes) {
  using namespace std::string_view_literals;
  EXPECT_THAT(messageOf("file:a\0b"sv), HasSubstr("zero byte"));
  EXPECT_THAT(messageOf("gst:a\0b"sv), HasSubstr("zero byte"));
}

}  // namespace
}  // namespace rtcpub::source_uri
