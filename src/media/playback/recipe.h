#pragma once

#include <functional>
#include <string>

#include "media/gst/gst_messages.h"
#include "media/playback/running_pipeline.h"
#include "rtcpub/result.h"

namespace rtcpub::media {

/// How a source's pipelines are built, time and again.
struct Recipe {
  std::string subject;  ///< what messages to people call it; without credentials
  /// What to try when it has no video: the end of a sentence, or empty.
  std::string whenNothing;
  bool stamp = false;
  bool loop = false;    ///< what ends begins anew
  bool mayCome = true;  ///< what isn't there may come later, being no file
  /// What it means that it ends before its first picture.
  ErrorCode endedAtOnce = ErrorCode::kMedia;
  bool passThrough = false;  ///< H264 is to be passed on as it is

  /// Builds one that isn't encoded, or one that may be. Any thread; it may take long.
  std::function<Result<BuiltPipeline>(bool mayBeEncoded)> build;
  /// Whether a pipeline for H264 that fails is to be followed by one that decodes, whatever the
  /// failure was: it costs nothing, and tells better what is wrong.
  bool decodesAfterFailure = false;
  /// What a failure means, for people; without it, the failure's own words. Any thread.
  std::function<Error(const Failure&)> explain;
};

}  // namespace rtcpub::media
