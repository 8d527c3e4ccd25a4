#include "media/video_switch.h"

#include <algorithm>
#include <utility>

#include "core/codec.h"
#include "core/source/camera_command.h"
#include "core/text/text.h"
#include "rtcpub/publisher.h"

namespace rtcpub::media {
namespace {

/// An insert that is older than this beside the picture says nothing true any more.
constexpr std::chrono::seconds kFresh{2};

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::kInvalidArgument, std::move(message));
}

Result<void> checkName(const std::string& name) {
  if (name.empty() || name.size() > kMaxCameraName) {
    return refuse("a camera's name has 1 to " + std::to_string(kMaxCameraName) + " bytes, not " +
                  std::to_string(name.size()));
  }
  if (name == camera_command::kList) {
    return refuse("a camera can't be called \"?\": that asks for the list of cameras");
  }
  return {};
}

}  // namespace

VideoSwitch::VideoSwitch(std::function<void()> changed) : changed_(std::move(changed)) {}

VideoSwitch::~VideoSwitch() { VideoSwitch::stop(); }

Result<void> VideoSwitch::add(const std::string& name, std::shared_ptr<VideoSource> source) {
  if (auto checked = checkName(name); !checked) return checked;
  if (!source) return refuse("camera " + text::quote(name) + " was given no source");
  if (find(name) != nullptr) return refuse("there is a camera " + text::quote(name) + " already");
  const auto known = codec();
  const auto own = source->codec();
  if (known && own && *known != *own) {
    return refuse("camera " + text::quote(name) + " comes encoded in " +
                  std::string(rtcpub::name(*own)) + ", another one in " +
                  std::string(rtcpub::name(*known)) + ": open one of them without pass-through");
  }
  SourceState state = source->state();
  cameras_.push_back(std::make_unique<Camera>(Camera{name, std::move(source), std::move(state)}));
  if (cameras_.size() == 1) onAir_ = cameras_.front().get();
  return {};
}

Result<void> VideoSwitch::select(const std::string& name) {
  Camera* const camera = find(name);
  if (camera == nullptr) return tl::unexpected(noSuchCamera(name));
  const bool encoded = camera->source->codec().has_value();
  {
    const std::lock_guard lock(mutex_);
    awaited_ = nullptr;
    if (camera == onAir_) return {};
    if (encoded) {
      awaited_ = camera;
    } else {
      putOnAir(*camera);
    }
  }
  if (!encoded) {
    changed_();
    return {};
  }
  if (const int kbps = bitrateKbps_; kbps > 0) (void)camera->source->setBitrate(kbps);
  camera->source->requestKeyFrame();
  return {};
}

Result<void> VideoSwitch::setPictureInPicture(const std::string& name) {
  Camera* const camera = find(name);
  if (camera == nullptr && !name.empty()) return tl::unexpected(noSuchCamera(name));
  if (camera != nullptr && !preferRaw() && codec()) {
    return fail(ErrorCode::kUnsupported,
                "picture in picture needs raw pictures, but a camera's video comes encoded: open "
                "it without pass-through (passThrough = false)");
  }
  const std::lock_guard lock(mutex_);
  if (camera != small_) insert_.reset();
  small_ = camera;
  return {};
}

std::vector<std::string> VideoSwitch::names() const {
  std::vector<std::string> names;
  for (const auto& camera : cameras_) names.push_back(camera->name);
  return names;
}

std::string VideoSwitch::onAir() const {
  const Camera* const camera = onAir_;
  return camera == nullptr ? "" : camera->name;
}

std::map<std::string, CameraStats> VideoSwitch::states() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, CameraStats> states;
  for (const auto& camera : cameras_) {
    states[camera->name] = {.onAir = camera.get() == onAir_,
                            .live = camera->state.live,
                            .reason = camera->state.reason};
  }
  return states;
}

VideoSwitch::Camera* VideoSwitch::find(const std::string& name) const {
  const auto found =
      std::ranges::find_if(cameras_, [&](const auto& camera) { return camera->name == name; });
  return found == cameras_.end() ? nullptr : found->get();
}

Error VideoSwitch::noSuchCamera(const std::string& name) const {
  std::string list;
  for (const auto& camera : cameras_) list += (list.empty() ? "" : ", ") + camera->name;
  return {ErrorCode::kNotFound, "there is no camera " + text::quote(name) + ": there is " +
                                    (list.empty() ? "none with a name" : list)};
}

// --- VideoSource

Result<void> VideoSwitch::start() {
  for (const auto& camera : cameras_) {
    connectTo(*camera);
    if (auto started = camera->source->start(); !started) {
      camera->source->connect({});
      stop();
      return fail(started.error().code,
                  "camera " + text::quote(camera->name) + ": " + started.error().message);
    }
    ++running_;
  }
  return {};
}

void VideoSwitch::stop() {
  for (; running_ > 0; --running_) {
    VideoSource& source = *cameras_[running_ - 1]->source;
    source.stop();
    source.connect({});
  }
}

std::optional<VideoCodec> VideoSwitch::codec() const {
  for (const auto& camera : cameras_) {
    if (const auto codec = camera->source->codec()) return codec;
  }
  return std::nullopt;
}

void VideoSwitch::requestKeyFrame() {
  if (Camera* const camera = onAir_) camera->source->requestKeyFrame();
}

bool VideoSwitch::setBitrate(int kbps) {
  bitrateKbps_ = kbps;
  Camera* const camera = onAir_;
  return camera != nullptr && camera->source->setBitrate(kbps);
}

/// Each that can: one that can't is told by codec().
bool VideoSwitch::preferRaw() {
  bool all = true;
  for (const auto& camera : cameras_) all = camera->source->preferRaw() && all;
  return all;
}

// --- the cameras' threads

void VideoSwitch::connectTo(Camera& camera) {
  camera.source->connect(
      {.frame = [this, &camera](const VideoFrame& frame) { onFrame(camera, frame); },
       .encoded = [this, &camera](const EncodedFrame& frame) { onEncoded(camera, frame); },
       .state = [this, &camera](const SourceState& state) { onState(camera, state); }});
}

void VideoSwitch::onFrame(Camera& camera, const VideoFrame& frame) {
  bool switched = false;
  {
    const std::lock_guard lock(mutex_);
    // Its video was expected encoded; any raw picture can become a key frame.
    switched = &camera == awaited_;
    if (switched) putOnAir(camera);
    if (&camera == onAir_) {
      push(dressed(frame));
    } else if (&camera == small_) {
      insert_ = frame;
    }
  }
  if (switched) changed_();
}

void VideoSwitch::onEncoded(Camera& camera, const EncodedFrame& frame) {
  bool switched = false;
  {
    const std::lock_guard lock(mutex_);
    switched = &camera == awaited_ && frame.keyFrame;
    if (switched) putOnAir(camera);
    if (&camera == onAir_) push(frame);
  }
  if (switched) changed_();
}

void VideoSwitch::onState(Camera& camera, const SourceState& state) {
  {
    const std::lock_guard lock(mutex_);
    camera.state = state;
    if (&camera == small_ && !state.live) insert_.reset();
    if (&camera == onAir_) report(state);
  }
  changed_();
}

void VideoSwitch::putOnAir(Camera& camera) {
  onAir_ = &camera;
  awaited_ = nullptr;
  cameraScene_.reset();
  if (&camera == small_) insert_.reset();
  report(camera.state);
}

/// The picture as it goes out: with the scene of the whole, and the insert.
VideoFrame VideoSwitch::dressed(const VideoFrame& frame) {
  if (frame.scene != cameraScene_) {
    cameraScene_ = frame.scene;
    ++scene_;
  }
  VideoFrame out = frame;
  out.scene = scene_;
  if (!insert_) return out;
  if (frame.time - insert_->time > kFresh) {
    insert_.reset();
    return out;
  }
  return composer_.compose(out, *insert_);
}

}  // namespace rtcpub::media
