#include "cli/video_options.h"

#include <algorithm>
#include <array>
#include <memory>

#include "cli/options.h"

namespace rtcpub::cli {
namespace {

constexpr std::size_t kMaxNameBytes = 32;
constexpr int kMaxTemporalLayers = 3;
constexpr std::array<std::string_view, 9> kSchemes{
    "v4l2:", "csi:", "libcamera:", "rtsp:", "rtsps:", "screen:", "file:", "gst:", "test:"};

bool isName(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= kMaxNameBytes &&
         text.find_first_not_of(kLetters) == std::string_view::npos;
}

bool hasScheme(std::string_view uri) {
  return std::ranges::any_of(kSchemes, [&](auto scheme) { return uri.starts_with(scheme); });
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

void addTemporalLayersOption(CLI::App& command, PublisherOptions& publishing) {
  command
      .add_option(
          "--temporal-layers", publishing.temporalLayers,
          "Lay the frames in 2 or 3 layers, so that the server can leave out the higher ones "
          "for slow viewers; with --codec vp8 or vp9")
      ->check(CLI::Range(1, kMaxTemporalLayers))
      ->capture_default_str();
  command.parse_complete_callback([&publishing] {
    const auto codec = publishing.codec;
    if (publishing.temporalLayers == 1 || codec == VideoCodec::kVp8 || codec == VideoCodec::kVp9) {
      return;
    }
    throw CLI::ValidationError("--temporal-layers",
                               "layers are made of VP8 and VP9 only: choose --codec vp8 or vp9");
  });
}

}  // namespace

void addVideoOptions(CLI::App& command, VideoOptions& video, PublisherOptions& publishing) {
  command
      .add_option("--video", video.videos,
                  "The picture: v4l2:[/dev/videoN], csi:N, libcamera:[ID], rtsp://…, screen:, "
                  "file:PATH, gst:PIPELINE or test:[?size=1280x720&fps=30]; see rtcpub devices. "
                  "With ?stamp each frame carries its number and time. Given several times, as "
                  "front=csi:0 and rear=csi:1: cameras, the first of which is on the air")
      ->allow_extra_args(false);
  command.add_option("--pip", video.pictureInPicture,
                     "Show the camera of this name small in the corner of the other");
  command.add_flag("--auto-rear", publishing.autoRear,
                   "Switch to the camera 'rear' when viewers drive back, to 'front' when they "
                   "drive forward");
  addCodecOption(command, publishing.codec,
                 "The video codec; auto: H264, or VP8 while no viewer takes H264",
                 /*withAuto=*/true)
      ->default_str("auto");
  command.add_option("--encoder", publishing.encoder,
                     "The only encoder to use, as rtcpub devices names them: x264enc, openh264, …");
  command
      .add_option_function<std::string>(
          "--bitrate",
          [&publishing](const std::string& text) {
            publishing.bitrateKbps = parseBitrateKbps(text);
          },
          "The most that the video may take: 2M, 800k")
      ->default_str("2M");
  command
      .add_option("--key-interval", publishing.keyFrameInterval,
                  "The longest distance of key frames, in frames")
      ->capture_default_str();
  command.add_flag("--intra-refresh", publishing.intraRefresh,
                   "Refresh the picture bit by bit instead of by key frames (x264enc)");
  addTemporalLayersOption(command, publishing);
  command.add_flag("--reencode", video.reencode,
                   "Decode and encode again what a camera or file brings encoded; so do --pip, "
                   "--encoder and another codec than h264");
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
                       const PublisherOptions& publishing) {
  const auto cameras = camerasOf(video);
  if (auto checked = check(cameras, video, publishing); !checked) return checked;
  const VideoOpenOptions options = openOptions(video, publishing);
  if (cameras.empty() && !video.videos.empty()) {
    auto source = VideoSource::open(video.videos.front(), options);
    if (!source) return tl::unexpected(source.error());
    return publisher.addVideo(*std::move(source));
  }
  for (const NamedVideo& camera : cameras) {
    auto source = VideoSource::open(camera.uri, options);
    if (!source) return tl::unexpected(source.error());
    auto added = publisher.addCamera(camera.name, *std::move(source));
    if (!added) return added;
  }
  if (video.pictureInPicture.empty()) return {};
  return publisher.setPictureInPicture(video.pictureInPicture);
}

}  // namespace rtcpub::cli
