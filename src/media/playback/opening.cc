#include "media/playback/opening.h"

#include <utility>

#include "core/measure/stamp.h"
#include "log/log.h"

namespace rtcpub::media {

Error explain(const Recipe& recipe, const Failure& failure,
              const std::optional<std::string>& missing) {
  if (missing) return {ErrorCode::kMedia, recipe.subject + " can't be played: " + *missing};
  if (failure.nothingFits) {
    return {ErrorCode::kMedia, recipe.subject + " has no video" + recipe.whenNothing};
  }
  if (recipe.explain) return recipe.explain(failure);
  const bool device = failure.domain == GST_RESOURCE_ERROR;
  return {device ? ErrorCode::kIo : ErrorCode::kMedia,
          recipe.subject + " can't be played: " + failure.text};
}

std::optional<Result<std::shared_ptr<RunningPipeline>>> Opening::take(Note note) {
  switch (note.kind) {
    case Note::Kind::kOpened:
      return takeOpened(std::move(note));
    case Note::Kind::kFirstPicture:
      first_ = true;
      return whenReady();
    case Note::Kind::kScanned:
      scanned_ = true;
      return whenReady();
    case Note::Kind::kMisfit:
      otherForm_ = true;
      return refuse(ErrorCode::kUnsupported, note.misfit);
    case Note::Kind::kOtherCodec:
      otherForm_ = true;
      return refuse(ErrorCode::kUnsupported, "has no H264");
    case Note::Kind::kMessage:
      return takeMessage(note.message.get());
    default:
      return std::nullopt;
  }
}

Error Opening::late() const {
  return {ErrorCode::kIo, recipe_.subject + " yields no picture within 5 s"};
}

Opening::Outcome Opening::takeMessage(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      return tl::unexpected(explain(recipe_, readFailure(message), missing_));
    case GST_MESSAGE_ELEMENT:
      if (auto lack = describeMissingPlugin(message)) missing_ = std::move(lack);
      return std::nullopt;
    default:  // it is ready, or over
      if (first_) return std::nullopt;
      return refuse(recipe_.endedAtOnce, "has no video" + recipe_.whenNothing);
  }
}

Opening::Outcome Opening::takeOpened(Note note) {
  if (note.error) return tl::unexpected(*std::move(note.error));
  pipeline_ = std::move(note.pipeline);
  return whenReady();
}

Opening::Outcome Opening::whenReady() {
  if (!pipeline_ || !first_ || (pipeline_->encoded() && !scanned_)) return std::nullopt;
  return checkSize();
}

Opening::Outcome Opening::refuse(ErrorCode code, const std::string& rest) const {
  return fail(code, recipe_.subject + " " + rest);
}

Opening::Outcome Opening::checkSize() {
  const auto size = pipeline_->size();
  if (!size) return refuse(ErrorCode::kMedia, "yields pictures of an unknown format");
  const std::string text = std::to_string(size->width) + "x" + std::to_string(size->height);
  log().info("{} yields {}{}", recipe_.subject, text, pipeline_->encoded() ? " in H264" : "");
  if (recipe_.stamp && (size->width < stamp::kWidth || size->height < stamp::kHeight)) {
    return refuse(ErrorCode::kInvalidArgument,
                  "yields " + text + ", too small for ?stamp, which takes 512x32");
  }
  return std::move(pipeline_);
}

}  // namespace rtcpub::media
