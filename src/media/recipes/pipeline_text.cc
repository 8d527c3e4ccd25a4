#include "media/recipes/pipeline_text.h"

#include <optional>
#include <string>
#include <string_view>

namespace rtcpub::media {

namespace {

using source_uri::Flip;
using source_uri::Options;
using source_uri::Size;

// As SpiderCar's robots capture.
constexpr Size kCsiSize{640, 480};
constexpr int kCsiFps = 60;
constexpr Size kLibcameraSize{1280, 720};
constexpr int kScreenFps = 30;

// Holds one picture; a newer one takes its place.
constexpr const char* kNewest =
    "queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0 ! ";

std::string named(const char* element, const char* name) {
  return std::string(element) + " name=" + name + " ";
}

std::string sizeText(const Size& size) {
  return ",width=" + std::to_string(size.width) + ",height=" + std::to_string(size.height);
}

std::string rateText(const FrameRate& rate) {
  return ",framerate=" + std::to_string(rate.numerator) + "/" + std::to_string(rate.denominator);
}

// GstVideoOrientationMethod.
std::string flipText(const std::optional<Flip>& flip) {
  switch (flip.value_or(Flip::kNone)) {
    case Flip::k90:
      return "videoflip video-direction=90r ! ";
    case Flip::k180:
      return "videoflip video-direction=180 ! ";
    case Flip::k270:
      return "videoflip video-direction=90l ! ";
    case Flip::kMirror:
      return "videoflip video-direction=horiz ! ";
    default:
      return "";
  }
}

// nvvidconv's flip-method (L4T Accelerated GStreamer guide): 0 none, 1 counterclockwise, 2 by 180,
// 3 clockwise, 4 horizontally.
int nvidiaFlip(Flip flip) {
  switch (flip) {
    case Flip::k90:
      return 3;
    case Flip::k180:
      return 2;
    case Flip::k270:
      return 1;
    case Flip::kMirror:
      return 4;
    default:
      return 0;
  }
}

std::string rateLimit(int fps) {
  return "videorate drop-only=true max-rate=" + std::to_string(fps) + " ! ";
}

// Browsers show all pixels as squares: without a size the width or the height is changed so that
// they are.
std::string scale(const std::optional<Size>& size) {
  return "videoscale ! video/x-raw,pixel-aspect-ratio=1/1" + (size ? sizeText(*size) : "") + " ! ";
}

// A stamp is written into I420 only.
std::string rawSink(const std::string& format, bool stamp) {
  const std::string formats = stamp ? "I420" : format.empty() ? "{I420,NV12}" : format;
  return named("appsink", kSinkName) +
         "max-buffers=1 drop=true enable-last-sample=false qos=false"
         " caps=\"video/x-raw,format=" +
         formats + "\"";
}

// videoconvert passes buffers through untouched when the format is right as it comes.
std::string converted(const Options& options, const std::string& format) {
  return named("videoconvert", kEntryName) + "! " + flipText(options.flip) +
         rawSink(format, options.stamp);
}

// Turned as the file says: phones write how they were held, and leave the pictures as they are.
constexpr const char* kUpright = "videoflip video-direction=auto ! ";

// For sources that yield what they want.
std::string fitted(const Options& options, const std::string& upright = "") {
  std::string text = upright;
  if (options.fps) text += rateLimit(*options.fps);
  text += scale(options.size);
  return named("videoconvert", kEntryName) + "! " + text + flipText(options.flip) +
         rawSink(options.format, options.stamp);
}

std::string parser() { return named("h264parse", kEntryName) + "config-interval=-1 ! "; }

// Nothing is dropped: each picture is needed for the next one.
std::string encodedSink() {
  return named("appsink", kSinkName) +
         "max-buffers=8 enable-last-sample=false qos=false"
         " caps=\"video/x-h264,stream-format=byte-stream,alignment=au\"";
}

std::string choiceCaps(const CameraChoice& choice) {
  std::string text;
  switch (choice.coding) {
    case CameraCoding::kH264:
      text = "video/x-h264";
      break;
    case CameraCoding::kJpeg:
      text = "image/jpeg";
      break;
    default:
      text = "video/x-raw,format=" + choice.format;
  }
  return text + sizeText(choice.size) + (choice.rate ? rateText(*choice.rate) : "") + " ! ";
}

std::string decoderOf(const CameraChoice& choice) {
  switch (choice.coding) {
    case CameraCoding::kH264:
      return "h264parse ! decodebin ! ";
    case CameraCoding::kJpeg:
      return std::string(kNewest) + "jpegdec ! ";
    default:
      return choice.format == "NV12" || choice.format == "I420" ? "" : kNewest;
  }
}

// Large blocks, for raw video.
std::string fileSource() { return named("filesrc", kSourceName) + "blocksize=262144 ! "; }

/// OpenH264 takes texture that moves for a new scene, and makes a key frame of each seventeenth
/// picture of it: not unless its user wants so.
std::string withoutSceneChanges(const std::string& description) {
  constexpr std::string_view kElement = "openh264enc";
  constexpr std::string_view kProperty = "scene-change-detection";
  constexpr std::string_view kEnds = " \t\n!";
  if (description.find(kProperty) != std::string::npos) return description;
  std::string changed = description;
  for (auto at = changed.find(kElement); at != std::string::npos;
       at = changed.find(kElement, at + kElement.size())) {
    const auto end = at + kElement.size();
    const bool begins = at == 0 || kEnds.find(changed[at - 1]) != std::string_view::npos;
    const bool ends = end == changed.size() || kEnds.find(changed[end]) != std::string_view::npos;
    if (begins && ends) changed.insert(end, " " + std::string(kProperty) + "=false");
  }
  return changed;
}

}  // namespace

std::string decodedFile(const Options& options, bool y4m) {
  // Sound is not even decoded. The decoder's pads are linked when it has found them.
  const std::string decoder =
      y4m ? "y4mdec ! "
          : "decodebin expose-all-streams=false caps=video/x-raw(ANY) name=" +
                std::string(kParserName) + " ";
  return fileSource() + decoder + fitted(options, y4m ? "" : kUpright);
}

std::string encodedFile() {
  return fileSource() + named("parsebin", kParserName) + parser() + named("queue", kQueueName) +
         "max-size-buffers=" + std::to_string(kScannedUnits + 12) +
         " max-size-bytes=0 max-size-time=0 ! " + encodedSink();
}

std::string decodedRtsp(const Options& options) {
  // What is linked anew when the SSRC changes is not the decoder, which would begin anew, too.
  return named("rtspsrc", kSourceName) + named("identity", kRtpName) + "! decodebin ! " +
         fitted(options);
}

std::string encodedRtsp() {
  return named("rtspsrc", kSourceName) + named("rtph264depay", kRtpName) +
         "! video/x-h264,alignment=au ! " + parser() + encodedSink();
}

std::string decodedPipeline(const source_uri::Pipeline& pipeline) {
  return pipeline.description + " ! " + fitted(pipeline.options);
}

std::string encodedPipeline(const source_uri::Pipeline& pipeline) {
  return withoutSceneChanges(pipeline.description) + " ! " + parser() + encodedSink();
}

std::string decodedV4l2(const CameraChoice& choice, const Options& options) {
  return named("v4l2src", kSourceName) + "! " + choiceCaps(choice) + decoderOf(choice) +
         converted(options, "");
}

std::string encodedV4l2(const CameraChoice& choice) {
  return named("v4l2src", kSourceName) + "! " + choiceCaps(choice) + parser() + encodedSink();
}

std::string csi(const source_uri::Csi& csi) {
  const Options& options = csi.options;
  const Flip flip = options.flip.value_or(Flip::k180);
  const int fps = csi.captureFps.value_or(options.fps.value_or(kCsiFps));
  Size size = options.size.value_or(kCsiSize);
  if (flip == Flip::k90 || flip == Flip::k270) std::swap(size.width, size.height);
  std::string format = options.format.empty() ? "NV12" : options.format;
  if (options.stamp) format = "I420";
  return named("nvarguscamerasrc", kSourceName) + "! video/x-raw(memory:NVMM),format=NV12" +
         sizeText(csi.capture) + rateText({fps, 1}) +
         " ! nvvidconv flip-method=" + std::to_string(nvidiaFlip(flip)) +
         " ! video/x-raw,format=" + format + sizeText(size) + " ! " +
         (options.fps && *options.fps < fps ? rateLimit(*options.fps) : "") +
         rawSink(format, options.stamp);
}

std::string libcamera(const Options& options) {
  // What needs no conversion comes first; a camera that has neither yields one of the others.
  const bool any = options.format.empty() || options.format == "raw";
  const std::string format = any ? "{NV12,I420,YUY2,UYVY,RGBx,BGRx,RGB,BGR}" : options.format;
  // Releases before 0.1 negotiate no rate: none is named unless it is asked for.
  return named("libcamerasrc", kSourceName) + "! video/x-raw,format=" + format +
         sizeText(options.size.value_or(kLibcameraSize)) +
         (options.fps ? rateText({*options.fps, 1}) : "") + " ! " + kNewest +
         converted(options, "");
}

std::string screen(const Options& options) {
  Options rest = options;
  rest.fps.reset();
  return named("ximagesrc", kSourceName) + "use-damage=false ! video/x-raw" +
         rateText({options.fps.value_or(kScreenFps), 1}) + " ! " + kNewest + fitted(rest);
}

}  // namespace rtcpub::media
