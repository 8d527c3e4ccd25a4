#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "media/gst/gst_owned.h"
#include "rtcpub/clock.h"
#include "rtcpub/result.h"

namespace rtcpub::media {

class RunningPipeline;

/// What a source's thread is told.
struct Note {
  enum class Kind {
    kOpened,        ///< opening is over: `pipeline`, or `error`
    kFirstPicture,  ///< a picture has reached the sink
    kScanned,       ///< the first access units were looked at, and can be sent as they are
    kMisfit,        ///< the video can't be sent as it comes: `misfit`
    kOtherCodec,    ///< the video isn't H264
    kMessage,       ///< `message` of the pipeline's bus
    kControl,       ///< look what is wanted of the encoder
  };
  Kind kind{};
  std::shared_ptr<RunningPipeline> pipeline = nullptr;
  std::optional<Error> error = std::nullopt;
  Owned<GstMessage> message = nullptr;
  std::string misfit{};  ///< why: "has B-frames, …", the end of a sentence
};

/// The notes for a source's thread, of one pipeline after the other. Any thread.
class Mailbox {
 public:
  /// Takes a note of the pipeline of this number; one of an earlier pipeline is thrown away.
  void post(std::uint64_t number, Note note);
  /// One that isn't a pipeline's.
  void control();

  /// Notes of earlier pipelines are thrown away from now on. The new pipeline's number.
  std::uint64_t nextNumber();

  /// Nothing at the deadline, and when stop() was called. Without a deadline it waits for ever.
  std::optional<Note> next(std::optional<Time> deadline);

  /// Ends all waiting, for good.
  void stop();
  [[nodiscard]] bool stopped();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Note> notes_;
  std::uint64_t number_ = 0;
  bool stopped_ = false;
};

}  // namespace rtcpub::media
