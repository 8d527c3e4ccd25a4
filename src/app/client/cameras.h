#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/source/waiting.h"
#include "media/video_switch.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/message.h"
#include "rtcpub/result.h"
#include "rtcpub/stats.h"
#include "rtcpub/video_source.h"

namespace rtcpub {

/// A publisher's pictures: one video, or cameras of which one is on the air; what viewers say about
/// them on `stream`, and what they are told.
///
/// Runs on: any thread; the video and the cameras are added before run(). What it tells, it tells
/// on the signalling loop.
class Cameras {
 public:
  using Post = std::function<void(std::function<void()> task)>;

  /// `autoRear`: driving back and forward selects the cameras "rear" and "front".
  explicit Cameras(bool autoRear);

  /// How to reach the signalling loop, which ends before this object. Before anything else.
  void runOn(Post post) { post_ = std::move(post); }

  /// Errors: kInvalidArgument (there is a video or a camera already).
  Result<void> setVideo(std::shared_ptr<VideoSource> source);
  /// Errors: those of VideoSwitch::add, and kInvalidArgument (there is a video).
  Result<void> add(const std::string& name, std::shared_ptr<VideoSource> source);
  /// Before run(): what drives, and selects cameras by that, is what passes a gate.
  void followTheGate() { gated_ = true; }
  /// Where viewers are told.
  void answerOn(DataChannel stream);

  /// What to send: the video itself, or the switch of the cameras. Null when there is neither.
  [[nodiscard]] VideoSource* source();

  Result<void> select(const std::string& name);
  Result<void> setPictureInPicture(const std::string& name);

  /// A viewer's message on any channel. An engine's thread: it only parses and sets.
  void onMessage(const std::string& label, const Message& message);
  /// What passed the gate, as a text of `stream`. The signalling loop.
  void onPassedMotion(const std::string& text);

  /// Tells the viewers that are there already. The signalling loop.
  void onChannelOpen(const std::string& label);
  /// Logs which cameras are waited for, were lost or came back, each reason once, and tells viewers
  /// when another is on the air. The signalling loop.
  void tellChanges();

  [[nodiscard]] std::map<std::string, CameraStats> stats() const;

 private:
  /// What was logged of a camera.
  struct Told {
    bool ever = false;  ///< it was live once
    bool live = true;
    ToldReasons reasons;
  };

  void obey(const std::string& text, bool autoRear);
  void post(void (Cameras::*task)());
  static void logChange(const std::string& name, const CameraStats& camera, Told& told);
  void answer();
  [[nodiscard]] std::map<std::string, CameraStats> states() const;

  const bool autoRear_;
  bool gated_ = false;
  Post post_;
  std::shared_ptr<VideoSource> video_;
  media::VideoSwitch switch_;
  // On the loop:
  std::map<std::string, Told> told_;
  std::optional<std::string> toldOnAir_;  // the first one, until another was

  std::mutex mutex_;
  std::optional<DataChannel> stream_;
};

}  // namespace rtcpub
