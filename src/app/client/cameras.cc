#include "app/client/cameras.h"

#include <utility>
#include <variant>

#include "core/source/camera_command.h"
#include "core/text/text.h"
#include "log/log.h"
#include "rtcpub/publisher.h"

namespace rtcpub {
namespace {

/// What a publisher's only video is called in the figures.
const std::string kVideoName = "video";

tl::unexpected<Error> refuse(const char* message) {
  return fail(ErrorCode::kInvalidArgument, message);
}

}  // namespace

Cameras::Cameras(bool autoRear)
    : autoRear_(autoRear), switch_([this] { post(&Cameras::tellChanges); }) {}

Result<void> Cameras::setVideo(std::shared_ptr<VideoSource> source) {
  if (!source) return refuse("addVideo was given no source");
  if (video_) return refuse("a publisher takes one video, and there is one: use addCamera");
  if (!switch_.empty()) return refuse("there are cameras: use addCamera for this video, too");
  video_ = std::move(source);
  return {};
}

Result<void> Cameras::add(const std::string& name, std::shared_ptr<VideoSource> source) {
  if (video_) return refuse("there is a video without a name: add it by addCamera, too");
  return switch_.add(name, std::move(source));
}

void Cameras::answerOn(DataChannel stream) {
  const std::lock_guard lock(mutex_);
  stream_ = std::move(stream);
}

VideoSource* Cameras::source() {
  if (video_) return video_.get();
  return switch_.empty() ? nullptr : &switch_;
}

Result<void> Cameras::select(const std::string& name) { return switch_.select(name); }

Result<void> Cameras::setPictureInPicture(const std::string& name) {
  return switch_.setPictureInPicture(name);
}

void Cameras::onMessage(const std::string& label, const Message& message) {
  if (label == kStreamLabel && !message.binary) obey(message.data, autoRear_ && !gated_);
}

void Cameras::onPassedMotion(const std::string& text) { obey(text, autoRear_); }

void Cameras::obey(const std::string& text, bool autoRear) {
  if (switch_.empty()) return;
  const auto command = camera_command::parse(text, autoRear);
  if (!command) return;
  if (const auto* selected = std::get_if<camera_command::Select>(&*command)) {
    if (auto done = switch_.select(selected->camera); !done)
      log().debug("{}", done.error().message);
  } else {
    post(&Cameras::answer);
  }
}

void Cameras::onChannelOpen(const std::string& label) {
  if (label == kStreamLabel && !switch_.empty()) answer();
}

void Cameras::tellChanges() {
  for (const auto& [name, camera] : states()) {
    logChange(text::printable(name, name.size()), camera, told_[name]);
  }
  if (switch_.empty()) return;
  const std::string onAir = switch_.onAir();
  if (toldOnAir_.value_or(switch_.names().front()) == onAir) return;
  toldOnAir_ = onAir;
  log().info("camera {} is on the air", text::printable(onAir, onAir.size()));
  answer();
}

std::map<std::string, CameraStats> Cameras::stats() const {
  auto now = states();
  // A single video is told of while it is lost only: that it is on the air says nothing.
  if (video_ && now.at(kVideoName).live) now.clear();
  return now;
}

std::map<std::string, CameraStats> Cameras::states() const {
  if (!video_) return switch_.states();
  const SourceState state = video_->state();
  return {{kVideoName, {.onAir = true, .live = state.live, .reason = state.reason}}};
}

void Cameras::logChange(const std::string& name, const CameraStats& camera, Told& told) {
  if (camera.live) {
    if (!told.live) log().info("camera {} is there", name);
    told.ever = true;
    told.reasons.onGood();
  } else if (told.reasons.isNews(camera.reason)) {
    log().warn("camera {}: {}; it is {}", name, camera.reason,
               told.ever ? "opened again" : "waited for");
  }
  told.live = camera.live;
}

void Cameras::post(void (Cameras::*task)()) {
  if (post_) post_([this, task] { (this->*task)(); });
}

void Cameras::answer() {
  const std::lock_guard lock(mutex_);
  if (stream_) (void)stream_->putNowait(camera_command::format(switch_.names(), switch_.onAir()));
}

}  // namespace rtcpub
