#include "cli/video_options.h"

#include <algorithm>
#include <array>
#include <memory>

#include "cli/options.h"
#include "cli/secret.h"
#include "cli/secret_files.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kSimulated = "sim:";
constexpr std::array<std::string_view, 10> kSchemes{
    "v4l2:",   "csi:",  "libcamera:", "rtsp:", "rtsps:",
    "screen:", "file:", "gst:",       "test:", kSimulated};

constexpr std::size_t kLongestQuote = 80;

bool isName(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= kMaxCameraName &&
         text.find_first_not_of(kLetters) == std::string_view::npos;
}

bool hasScheme(std::string_view uri) {
  return std::ranges::any_of(kSchemes, [&](auto scheme) { return uri.starts_with(scheme); });
}

/// The library would list its own alone.
tl::unexpected<Error> unknownScheme(std::string_view uri) {
  std::string known;
  for (const auto scheme : kSchemes) known += (known.empty() ? "" : ", ") + std::string(scheme);
  const auto begin = std::string(uri.substr(0, std::min(uri.find(':'), kLongestQuote)));
  return fail(ErrorCode::kInvalidArgument,
              "video: " + (hasPassword(begin) ? "what is given" : "'" + escaped(begin) + "'") +
                  " does not begin with " + known + ", as v4l2:/dev/video0 does");
}

bool hasCamera(const std::vector<NamedVideo>& cameras, std::string_view name) {
  return std::ranges::any_of(cameras, [&](const auto& camera) { return camera.name == name; });
}

/// Video that comes encoded is sent as it is, unless something is wanted that needs raw pictures.
VideoOpenOptions openOptions(const VideoOptions& video, const PublisherOptions& publishing) {
  const bool otherCodec = publishing.codec && *publishing.codec != VideoCodec::kH264;
  return {.passThrough = !video.reencode && !otherCodec && publishing.encoder.empty() &&
                         video.pictureInPicture.empty(),
          .wait = !publishing.failFast};
}

Result<void> check(const std::vector<NamedVideo>& cameras, const VideoOptions& video,
                   const PublisherOptions& publishing) {
  if (publishing.autoRear && (!hasCamera(cameras, "front") || !hasCamera(cameras, "rear"))) {
    return fail(ErrorCode::kInvalidArgument,
                "--auto-rear needs two cameras of these names: --video front=… --video rear=…");
  }
  if (!video.pictureInPicture.empty() && !hasCamera(cameras, video.pictureInPicture)) {
    return fail(ErrorCode::kInvalidArgument,
                "--pip needs a camera's name, as of --video rear=…: "
                "there is none '" +
                    video.pictureInPicture + "'");
  }
  return {};
}

Result<std::shared_ptr<VideoSource>> openVideo(const std::string& uri,
                                               const VideoOpenOptions& options,
                                               std::optional<SimulatedCar>& simulated) {
  if (!hasScheme(uri)) return unknownScheme(uri);
  if (!uri.starts_with(kSimulated)) return VideoSource::open(uri, options);
  if (simulated) {
    return fail(ErrorCode::kInvalidArgument,
                "only one --video can be sim:, since there is one simulated car");
  }
  auto car = SimulatedCar::open(uri);
  if (!car) return tl::unexpected(car.error());
  simulated = *std::move(car);
  return simulated->video();
}

void addTemporalLayersOption(CLI::App& command, PublisherOptions& publishing) {
  command
      .add_option("--temporal-layers", publishing.temporalLayers,
                  "Temporal layers, 1 to 3: let the server lower the frame rate for slow viewers. "
                  "VP8 and VP9 only")
      ->option_text("N")
      ->check(CLI::Range(1, kMaxTemporalLayers))
      ->capture_default_str();
  command.parse_complete_callback([&publishing] {
    const auto codec = publishing.codec;
    if (publishing.temporalLayers == 1 || (codec && canHaveLayers(*codec))) return;
    throw CLI::ValidationError("--temporal-layers",
                               "layers are made of VP8 and VP9 only: choose --codec vp8 or vp9");
  });
}

}  // namespace

void addVideoOptions(CLI::App& command, VideoOptions& video, PublisherOptions& publishing) {
  command.option_defaults()->group("Video");
  auto* sources =
      command
          .add_option(
              "--video", video.videos,
              "What to send: v4l2:[/dev/videoN], csi:N, libcamera:[ID], rtsp://…, screen:, "
              "file:PATH, gst:PIPELINE, test: or sim:, a simulated car's view. 'rtcpub devices' "
              "lists this machine's "
              "cameras. Options follow a question mark: 'test:?size=1280x720&fps=30'; ?stamp "
              "writes number and time into each frame. Several with names, as front=csi:0 and "
              "rear=csi:1, are cameras to switch between; the first is shown at the start")
          ->type_name("[NAME=]SOURCE")
          ->allow_extra_args(false);
  command
      .add_option_function<std::string>(
          "--video-file",
          [&video](const std::string& path) { video.videos = secretLinesIn("--video-file", path); },
          "Instead of --video, whose passwords others on this machine can read: a file with one "
          "source a line, which nobody else may read (chmod 600). Or RTCPUB_VIDEO")
      ->type_name("FILE")
      ->excludes(sources);
  command
      .add_option("--pip", video.pictureInPicture,
                  "Show this camera small in a corner of the picture")
      ->type_name("NAME");
  command.add_flag("--auto-rear", publishing.autoRear,
                   "Switch to the camera 'rear' when a viewer reverses, and to 'front' when one "
                   "drives forward");
  addCodecOption(command, publishing.codec,
                 "Video codec: auto, h264, vp8 or vp9. auto is H264, or VP8 while no viewer can "
                 "decode H264",
                 /*withAuto=*/true)
      ->default_str("auto");
  command
      .add_option("--encoder", publishing.encoder,
                  "Use only this encoder: x264enc, openh264, … as 'rtcpub devices' lists them")
      ->type_name("NAME");
  command
      .add_option_function<std::string>(
          "--bitrate",
          [&publishing](const std::string& text) {
            publishing.bitrateKbps = parseBitrateKbps(text);
          },
          "Maximum video bitrate, as 2M or 800k")
      ->type_name("RATE")
      ->default_str("2M");
  command
      .add_option("--key-interval", publishing.keyFrameInterval,
                  "Maximum key-frame interval, in frames")
      ->type_name("FRAMES")
      ->capture_default_str();
  command.add_flag("--intra-refresh", publishing.intraRefresh,
                   "Refresh the picture gradually instead of by key frames. x264enc only");
  addTemporalLayersOption(command, publishing);
  command.add_flag(
      "--reencode", video.reencode,
      "Decode and re-encode video that a camera or file delivers encoded. So do --pip, "
      "--encoder, and a --codec other than h264");
}

NamedVideo splitName(std::string_view text) {
  const auto equals = text.find('=');
  if (equals != std::string_view::npos) {
    const auto name = text.substr(0, equals);
    const auto uri = text.substr(equals + 1);
    if (isName(name) && hasScheme(uri)) return {std::string(name), std::string(uri)};
  }
  return {"", std::string(text)};
}

std::vector<NamedVideo> camerasOf(const VideoOptions& video) {
  std::vector<NamedVideo> cameras;
  for (const std::string& text : video.videos) {
    cameras.push_back(splitName(text));
    if (cameras.back().name.empty() && video.videos.size() > 1) {
      cameras.back().name = std::to_string(cameras.size());
    }
  }
  if (cameras.size() == 1 && cameras.front().name.empty()) cameras.clear();
  return cameras;
}

Result<void> addVideos(Publisher& publisher, const VideoOptions& video,
                       const PublisherOptions& publishing, std::optional<SimulatedCar>& simulated) {
  const auto cameras = camerasOf(video);
  if (auto checked = check(cameras, video, publishing); !checked) return checked;
  const VideoOpenOptions options = openOptions(video, publishing);
  if (cameras.empty() && !video.videos.empty()) {
    auto source = openVideo(video.videos.front(), options, simulated);
    if (!source) return tl::unexpected(source.error());
    return publisher.addVideo(*std::move(source));
  }
  for (const NamedVideo& camera : cameras) {
    auto source = openVideo(camera.uri, options, simulated);
    if (!source) return tl::unexpected(source.error());
    auto added = publisher.addCamera(camera.name, *std::move(source));
    if (!added) return added;
  }
  if (video.pictureInPicture.empty()) return {};
  return publisher.setPictureInPicture(video.pictureInPicture);
}

}  // namespace rtcpub::cli
