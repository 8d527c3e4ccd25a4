#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/source/source_watch.h"
#include "media/playback/bounded_work.h"
#include "media/playback/mailbox.h"
#include "media/playback/opening.h"
#include "media/playback/recipe.h"
#include "media/playback/running_pipeline.h"
#include "rtcpub/video_source.h"

namespace rtcpub::media {

/// A source that GStreamer plays. One that fails, ends or stalls is opened again, for ever; while
/// it is away its last picture is shown.
///
/// Runs on: a thread of its own, which opens and closes pipelines with the help of others and takes
/// what they say; GStreamer's streaming thread pushes; the public functions on any one thread.
class PipelineSource final : public VideoSource {
 public:
  /// Waits until the first picture is known to come, 5 s at most. `wait`: one that may come later
  /// is no error. Errors: as VideoSource::open.
  static Result<std::shared_ptr<VideoSource>> open(Recipe recipe, bool wait);

  explicit PipelineSource(Recipe recipe);
  PipelineSource(const PipelineSource&) = delete;
  PipelineSource& operator=(const PipelineSource&) = delete;
  ~PipelineSource() override;

  Result<void> start() override;
  void stop() override;
  [[nodiscard]] std::optional<VideoCodec> codec() const override;
  void requestKeyFrame() override;
  bool setBitrate(int kbps) override;
  bool preferRaw() override;

 private:
  Result<void> openFirst();
  Result<void> openOnce(Time deadline, bool& otherForm);
  [[nodiscard]] bool mayPassThrough() const { return recipe_->passThrough && !raw_; }
  [[nodiscard]] bool shouldDecode(const Error& error, bool otherForm) const;
  void awaitFirst(const Error& error);
  void onKnown();

  // The source's thread.
  void run();
  void handle(Note note);
  void handleRunning(const Note& note);
  void tick(Time now);
  void beginOpening();
  void takeOpening(Note note);
  void failOpening(const Error& error);
  void openAtOnce();
  void turnRaw(const std::string& why);
  void comeBack(std::shared_ptr<RunningPipeline> pipeline);
  bool play();
  void takeEnd();
  void rewind();
  void lose(const std::string& why);
  void repeat(Time now);
  void control();

  void closePipeline();
  [[nodiscard]] std::optional<Time> deadline() const;

  const std::shared_ptr<const Recipe> recipe_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  bool known_ = false;         // it was opened once: what it yields is fixed
  bool mayBeEncoded_ = false;  // what is opened next
  BoundedWork opener_;
  std::optional<Opening> opening_;
  std::shared_ptr<RunningPipeline> pipeline_;
  std::optional<SourceWatch> watch_;
  std::string reason_;  // that was reported last
  Time passBegan_{};
  std::optional<Time> rewindAt_;
  std::optional<VideoFrame> lastPicture_;  // the streaming thread's while a pipeline is connected

  std::atomic<bool> encoded_ = false;  // what comes
  std::atomic<bool> raw_ = false;      // raw pictures are wanted, whatever could come
  std::atomic<bool> followsBitrate_ = false;
  std::atomic<bool> keyFrameWanted_ = false;
  std::atomic<int> bitrateKbps_ = 0;
  std::thread thread_;
};

}  // namespace rtcpub::media
