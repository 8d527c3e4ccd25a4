#include "core/source/source_uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::source_uri {
namespace {

using testing::HasSubstr;
using testing::Not;

Options stamped() { return {.stamp = true}; }

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
  EXPECT_EQ(parse("file:clip.mp4"), SourceUri(File{"clip.mp4", {}}));
  EXPECT_EQ(parse("file:/a b/100%.mp4?stamp"), SourceUri(File{"/a b/100%.mp4", stamped()}));
  EXPECT_EQ(parse("file:/what?.mp4?stamp"), SourceUri(File{"/what?.mp4", stamped()}));
  EXPECT_EQ(parse("file:a?size=640x480&fps=10&flip=90&format=NV12"),
            SourceUri(File{
                "a", {.size = Size{640, 480}, .fps = 10, .flip = Flip::k90, .format = "NV12"}}));
}

TEST(SourceUri, TakesAPipelineAsItStands) {
  EXPECT_EQ(parse("gst:rtspsrc location=rtsp://h/?a=1 ! decodebin"),
            SourceUri(Pipeline{"rtspsrc location=rtsp://h/?a=1 ! decodebin", {}}));
  EXPECT_EQ(parse("gst:souphttpsrc location=http://h/?a=1&stamp"),
            SourceUri(Pipeline{"souphttpsrc location=http://h/?a=1&stamp", {}}));
  EXPECT_EQ(parse("gst:videotestsrc?stamp"), SourceUri(Pipeline{"videotestsrc", stamped()}));
  EXPECT_EQ(parse("gst:videotestsrc?flip=mirror&stamp"),
            SourceUri(Pipeline{"videotestsrc", {.flip = Flip::kMirror, .stamp = true}}));
}

TEST(SourceUri, ReadsCamerasOfVideo4Linux) {
  EXPECT_EQ(parse("v4l2:"), SourceUri(V4l2{}));
  EXPECT_EQ(parse("v4l2:/dev/video2"), SourceUri(V4l2{"/dev/video2", {}}));
  EXPECT_EQ(parse("v4l2:HD Webcam?format=mjpeg&io-mode=4"),
            SourceUri(V4l2{"HD Webcam", {.format = "mjpeg", .properties = {{"io-mode", "4"}}}}));
}

TEST(SourceUri, ReadsCamerasOfAJetson) {
  const Csi usual{.sensor = 1, .capture = {1280, 720}, .captureFps = std::nullopt, .options = {}};
  EXPECT_EQ(parse("csi:1"), SourceUri(usual));
  Csi csi = usual;
  csi.capture = {1920, 1080};
  csi.captureFps = 30;
  csi.options = {.size = Size{1280, 720}, .flip = Flip::kNone, .properties = {{"wbmode", "1"}}};
  EXPECT_EQ(parse("csi:1?capture=1920x1080@30&size=1280x720&flip=none&wbmode=1"), SourceUri(csi));
}

TEST(SourceUri, ReadsOtherCamerasAndScreens) {
  EXPECT_EQ(parse("libcamera:"), SourceUri(Libcamera{}));
  EXPECT_EQ(parse("libcamera:/base/soc/i2c0mux/i2c@1/imx219@10?fps=15"),
            SourceUri(Libcamera{"/base/soc/i2c0mux/i2c@1/imx219@10", {.fps = 15}}));
  EXPECT_EQ(parse("screen::0?startx=100"),
            SourceUri(Screen{":0", {.properties = {{"startx", "100"}}}}));
}

TEST(SourceUri, KeepsTheQueryOfAnRtspUrl) {
  Rtsp plain;
  plain.url = "rtsp://camera/live?channel=1&size=big";
  EXPECT_EQ(parse("rtsp://camera/live?channel=1&size=big"), SourceUri(plain));
  Rtsp tcp = plain;
  tcp.transport = RtspTransport::kTcp;
  tcp.latencyMs = 50;
  tcp.options = {.size = Size{640, 360}, .properties = {{"retry", "3"}}};
  EXPECT_EQ(
      parse("rtsp://camera/live?channel=1&size=big#transport=tcp&latency=50&size=640x360&retry=3"),
      SourceUri(tcp));
}

TEST(SourceUri, TakesTheCredentialsOutOfAnRtspUrl) {
  Rtsp rtsp;
  rtsp.url = "rtsps://[::1]:8322/a";
  rtsp.user = "eve";
  rtsp.password = "p@ss:word/";
  EXPECT_EQ(parse("rtsps://eve:p%40ss:word%2F@[::1]:8322/a"), SourceUri(rtsp));
  for (const char* bad :
       {"rtsp://eve:secret@", "rtsp://eve:secret@host#transport=smoke", "rtsp://eve:secret%@host/",
        "rtsp://eve:secret@host/a b", "rtso://eve:secret@host/"}) {
    EXPECT_THAT(messageOf(bad), Not(HasSubstr("secret"))) << bad;
  }
}

TEST(SourceUri, NamesTheOptionAndWhatItTakes) {
  EXPECT_THAT(messageOf("test:?size=big"), HasSubstr("size takes WIDTHxHEIGHT"));
  EXPECT_THAT(messageOf("test:?fps=0"), HasSubstr("fps takes a whole number from 1 to 240"));
  EXPECT_THAT(messageOf("test:?stamp=yes"), HasSubstr("stamp takes no value"));
  EXPECT_THAT(messageOf("test:?colour=red"), HasSubstr("\"colour\"; it has size, fps and stamp"));
  EXPECT_THAT(messageOf("test:?size=480x480&stamp"), HasSubstr("512x32"));
  EXPECT_THAT(messageOf("file:a.mp4?loop"),
              HasSubstr("\"loop\"; it has size, fps, flip, format and stamp"));
  EXPECT_THAT(messageOf("file:a?stamp&size=64x64"), HasSubstr("512x32"));
  EXPECT_THAT(messageOf("file:a?format=YUY2"), HasSubstr("format takes I420 or NV12"));
  EXPECT_THAT(messageOf("gst:videotestsrc?flip=sideways"), HasSubstr("flip takes none, 90"));
  EXPECT_THAT(messageOf("v4l2:?format=a!b"), HasSubstr("format takes raw, mjpeg, h264"));
  EXPECT_THAT(messageOf("v4l2:?a%20b=1"), HasSubstr("properties of GStreamer's element"));
  EXPECT_THAT(messageOf("v4l2:?name=x"), HasSubstr("properties of GStreamer's element"));
  EXPECT_THAT(messageOf("v4l2:?%zz=1"), HasSubstr("options of v4l2:"));
  EXPECT_THAT(messageOf("libcamera:?format=h264"), HasSubstr("raw pictures only"));
  EXPECT_THAT(messageOf("csi:front"), HasSubstr("as csi:0"));
  EXPECT_THAT(messageOf("csi:0?capture=big"), HasSubstr("capture takes WIDTHxHEIGHT"));
  EXPECT_THAT(messageOf("csi:0?capture=640x480@x"), HasSubstr("capture=1280x720@60"));
  EXPECT_THAT(messageOf("rtsp:host"), HasSubstr("rtsp://HOST/PATH"));
  EXPECT_THAT(messageOf("rtsp:user@x://host"), HasSubstr("rtsp://HOST/PATH"));
  EXPECT_THAT(messageOf("rtsp://:554/"), HasSubstr("rtsp://HOST/PATH"));
  EXPECT_THAT(messageOf("rtsp://h#transport=x"), HasSubstr("transport takes tcp or udp"));
  EXPECT_THAT(messageOf("rtsp://h#latency=-1"), HasSubstr("latency takes milliseconds"));
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
    EXPECT_THAT(message, HasSubstr("v4l2:, csi:, libcamera:, rtsp://"));
    EXPECT_LT(message.size(), 250U);
  }
}

TEST(SourceUri, RefusesZeroBytes) {
  using namespace std::string_view_literals;
  EXPECT_THAT(messageOf("file:a\0b"sv), HasSubstr("zero byte"));
  EXPECT_THAT(messageOf("v4l2:a\0b"sv), HasSubstr("control characters"));
  EXPECT_THAT(messageOf("gst:a\0b"sv), HasSubstr("zero byte"));
}

}  // namespace
}  // namespace rtcpub::source_uri
