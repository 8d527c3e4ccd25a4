#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/playback/mailbox.h"
#include "media/playback/recipe.h"
#include "media/playback/running_pipeline.h"
#include "rtcpub/result.h"

namespace rtcpub::media {

/// One attempt to open a source: what the notes about it come to. No thread of its own.
///
/// Runs on: any one thread.
class Opening {
 public:
  explicit Opening(const Recipe& recipe) : recipe_(recipe) {}

  /// Takes a note; the outcome, when it is clear.
  [[nodiscard]] std::optional<Result<std::shared_ptr<RunningPipeline>>> take(Note note);
  /// The first picture didn't come in time.
  [[nodiscard]] Error late() const;

  /// Whether it failed since the video isn't H264, or not such as can be sent: the error says why.
  [[nodiscard]] bool otherForm() const { return otherForm_; }
  /// What was opened until now: it may need time to close.
  [[nodiscard]] std::shared_ptr<RunningPipeline> takePipeline() { return std::move(pipeline_); }

 private:
  using Outcome = std::optional<Result<std::shared_ptr<RunningPipeline>>>;

  [[nodiscard]] Outcome takeMessage(GstMessage* message);
  [[nodiscard]] Outcome takeOpened(Note note);
  [[nodiscard]] Outcome whenReady();
  [[nodiscard]] Outcome refuse(ErrorCode code, const std::string& rest) const;
  [[nodiscard]] Outcome checkSize();

  const Recipe& recipe_;
  std::shared_ptr<RunningPipeline> pipeline_;
  bool first_ = false;
  bool scanned_ = false;
  bool otherForm_ = false;
  std::optional<std::string> missing_;  // a plugin
};

/// The failure in the recipe's words.
Error explain(const Recipe& recipe, const Failure& failure,
              const std::optional<std::string>& missing);

}  // namespace rtcpub::media
