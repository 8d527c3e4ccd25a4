#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "media/picture_in_picture.h"
#include "rtcpub/stats.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// Several cameras as one source: all are kept running, one is on the air.
///
/// A raw camera is on the air as soon as it is selected: its next picture is of another scene, and
/// thereby a key frame. One whose video comes encoded is asked for a key frame, and the camera
/// before it stays until that comes. A lost camera stays on the air: the track freezes.
///
/// Runs on: the cameras' threads push through it; every function on any thread, but add() before
/// start().
class VideoSwitch final : public VideoSource {
 public:
  /// Calls `changed` when another camera is on the air, or a camera was lost or came back; on any
  /// thread, a camera's as well: it only posts.
  explicit VideoSwitch(std::function<void()> changed);
  VideoSwitch(const VideoSwitch&) = delete;
  VideoSwitch& operator=(const VideoSwitch&) = delete;
  ~VideoSwitch() override;

  /// The first one is on the air. Errors: kInvalidArgument (the name is empty, too long or taken;
  /// cameras encoded in different codecs).
  Result<void> add(const std::string& name, std::shared_ptr<VideoSource> source);

  /// Errors: kNotFound.
  Result<void> select(const std::string& name);

  /// Shows a camera small in whichever other is on the air; none when the name is empty. It is left
  /// out while it is on the air itself, is lost, or has not sent a picture for long. Errors:
  /// kNotFound, kUnsupported (a camera's video comes encoded).
  Result<void> setPictureInPicture(const std::string& name);

  [[nodiscard]] bool empty() const { return cameras_.empty(); }
  /// As they were added.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::string onAir() const;
  [[nodiscard]] std::map<std::string, CameraStats> states() const;

  // --- VideoSource
  Result<void> start() override;
  void stop() override;
  [[nodiscard]] std::optional<VideoCodec> codec() const override;
  void requestKeyFrame() override;
  bool setBitrate(int kbps) override;
  bool preferRaw() override;

 private:
  struct Camera {
    const std::string name;
    const std::shared_ptr<VideoSource> source;
    SourceState state;
  };

  [[nodiscard]] Camera* find(const std::string& name) const;
  [[nodiscard]] Error noSuchCamera(const std::string& name) const;
  void connectTo(Camera& camera);
  void onFrame(Camera& camera, const VideoFrame& frame);
  void onEncoded(Camera& camera, const EncodedFrame& frame);
  void onState(Camera& camera, const SourceState& state);
  // With mutex_ held:
  void putOnAir(Camera& camera);
  [[nodiscard]] VideoFrame dressed(const VideoFrame& frame);

  const std::function<void()> changed_;
  std::vector<std::unique_ptr<Camera>> cameras_;
  std::size_t running_ = 0;  // how many of them have been started
  // The engine asks for key frames and sets the bitrate while a picture is pushed: not under the
  // lock.
  std::atomic<Camera*> onAir_ = nullptr;
  std::atomic<int> bitrateKbps_ = 0;

  // Held while a picture is pushed, so that none of the old camera follows one of the new.
  mutable std::mutex mutex_;
  Camera* awaited_ = nullptr;  // goes on the air with its next key frame
  std::uint16_t scene_ = 0;
  std::optional<std::uint16_t> cameraScene_;  // of the last picture of the camera on the air
  Camera* small_ = nullptr;                   // the one that is inserted
  std::optional<VideoFrame> insert_;          // its newest picture
  PictureInPicture composer_;
};

}  // namespace rtcpub::media
