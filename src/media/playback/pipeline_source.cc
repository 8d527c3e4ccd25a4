#include "media/playback/pipeline_source.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/source/waiting.h"
#include "log/log.h"
#include "media/playback/last_picture.h"

namespace rtcpub::media {

namespace {

constexpr std::chrono::milliseconds kPatience{5000};
// How long a pipeline may take to close before it is left to itself.
constexpr std::chrono::seconds kClosing{2};
// A file of a single picture, which ends as soon as it begins, is shown at this interval.
constexpr std::chrono::milliseconds kShortestPass{33};

void tellWhyDecoded(const std::string& why) {
  log().warn("{}: it is decoded and encoded again", why);
}

void openInto(const Recipe& recipe, bool mayBeEncoded, const std::shared_ptr<Mailbox>& mailbox,
              std::uint64_t number) {
  auto built = recipe.build(mayBeEncoded);
  if (!built) {
    mailbox->post(number, {.kind = Note::Kind::kOpened, .error = built.error()});
    return;
  }
  built->wholeOnly = recipe.passThrough && !mayBeEncoded;
  auto pipeline =
      std::make_shared<RunningPipeline>(*std::move(built), recipe.stamp, mailbox, number);
  Note note{.kind = Note::Kind::kOpened};
  if (!pipeline->open()) {
    // An error on the bus, which has come before, says more.
    note.error = Error{ErrorCode::kIo, recipe.subject + " does not start playing"};
  } else {
    note.pipeline = std::move(pipeline);
  }
  mailbox->post(number, std::move(note));
}

}  // namespace

Result<std::shared_ptr<VideoSource>> PipelineSource::open(Recipe recipe, bool wait) {
  auto source = std::make_shared<PipelineSource>(std::move(recipe));
  const auto opened = source->openFirst();
  if (opened) {
    source->onKnown();
  } else if (wait && source->recipe_->mayCome && mayPass(opened.error().code)) {
    source->awaitFirst(opened.error());
  } else {
    return tl::unexpected(opened.error());
  }
  return source;
}

PipelineSource::PipelineSource(Recipe recipe)
    : recipe_(std::make_shared<const Recipe>(std::move(recipe))) {}

PipelineSource::~PipelineSource() { stop(); }

Result<void> PipelineSource::openFirst() {
  const Time deadline = monotonicNow() + kPatience;
  mayBeEncoded_ = mayPassThrough();
  bool otherForm = false;
  // An attempt that may be followed by another one leaves it half of the time.
  const bool two = mayBeEncoded_ && recipe_->decodesAfterFailure;
  auto opened = openOnce(two ? deadline - kPatience / 2 : deadline, otherForm);
  if (!opened && shouldDecode(opened.error(), otherForm)) {
    if (otherForm) tellWhyDecoded(opened.error().message);
    mayBeEncoded_ = false;
    // What must be decoded after all has shown that it is there: it gets as much time again.
    opened = openOnce(otherForm ? monotonicNow() + kPatience : deadline, otherForm);
  }
  return opened;
}

/// Whether an attempt that failed is to be followed by one that decodes.
bool PipelineSource::shouldDecode(const Error& error, bool otherForm) const {
  if (known_ || !mayBeEncoded_) return false;
  return otherForm || (recipe_->decodesAfterFailure && error.code != ErrorCode::kUnsupported);
}

/// It is open for the first time, which shows what it yields.
void PipelineSource::onKnown() {
  known_ = true;
  encoded_ = pipeline_->encoded();
  mayBeEncoded_ = encoded_;
  followsBitrate_ = pipeline_->canSetBitrate();
  watch_.emplace(pipeline_->live());
}

/// It isn't there yet.
void PipelineSource::awaitFirst(const Error& error) {
  watch_.emplace(/*stalls=*/true);
  (void)watch_->onLoss(monotonicNow());
  reason_ = error.message;
  report({false, reason_});
}

Result<void> PipelineSource::openOnce(Time deadline, bool& otherForm) {
  beginOpening();
  std::optional<Result<std::shared_ptr<RunningPipeline>>> outcome;
  while (!outcome) {
    auto note = mailbox_->next(deadline);
    if (!note) break;
    outcome = opening_->take(*std::move(note));
  }
  Result<void> result;
  if (!outcome) {
    result = tl::unexpected(opening_->late());
  } else if (!*outcome) {
    result = tl::unexpected(outcome->error());
  } else {
    pipeline_ = **std::move(outcome);
  }
  otherForm = opening_->otherForm();
  if (!result) {
    pipeline_ = opening_->takePipeline();
    closePipeline();
  }
  opening_.reset();
  return result;
}

void PipelineSource::beginOpening() {
  const std::uint64_t number = mailbox_->nextNumber();
  opening_.emplace(*recipe_);
  opener_ = BoundedWork([recipe = recipe_, mailbox = mailbox_, encoded = mayBeEncoded_, number] {
    openInto(*recipe, encoded, mailbox, number);
  });
}

Result<void> PipelineSource::start() {
  if (pipeline_) {
    const Time now = monotonicNow();
    watch_->onOpening(now);
    (void)watch_->onPictures(1, now);
    if (!play()) return fail(ErrorCode::kIo, recipe_->subject + " does not start playing");
  }
  thread_ = std::thread([this] {
    (void)pthread_setname_np(pthread_self(), "rtcpub-source");
    run();
  });
  return {};
}

void PipelineSource::stop() {
  mailbox_->stop();
  if (thread_.joinable()) thread_.join();
  if (opening_) pipeline_ = opening_->takePipeline();
  closePipeline();
}

std::optional<VideoCodec> PipelineSource::codec() const {
  return encoded_ && !raw_ ? std::optional(VideoCodec::kH264) : std::nullopt;
}

void PipelineSource::requestKeyFrame() {
  if (encoded_ && !keyFrameWanted_.exchange(true)) mailbox_->control();
}

bool PipelineSource::setBitrate(int kbps) {
  if (!followsBitrate_) return false;
  if (bitrateKbps_.exchange(kbps) != kbps) mailbox_->control();
  return true;
}

bool PipelineSource::preferRaw() {
  if (!raw_.exchange(true)) mailbox_->control();
  return true;
}

void PipelineSource::run() {
  while (!mailbox_->stopped()) {
    if (auto note = mailbox_->next(deadline())) handle(*std::move(note));
    if (!mailbox_->stopped()) tick(monotonicNow());
  }
}

std::optional<Time> PipelineSource::deadline() const {
  return rewindAt_ ? std::min(*rewindAt_, watch_->deadline()) : watch_->deadline();
}

void PipelineSource::handle(Note note) {
  if (note.kind == Note::Kind::kControl) {
    control();
  } else if (opening_) {
    takeOpening(std::move(note));
  } else if (pipeline_) {
    handleRunning(note);
  }
}

void PipelineSource::handleRunning(const Note& note) {
  if (note.kind == Note::Kind::kMisfit) return turnRaw(recipe_->subject + " " + note.misfit);
  if (note.kind != Note::Kind::kMessage) return;
  if (GST_MESSAGE_TYPE(note.message.get()) == GST_MESSAGE_EOS) return takeEnd();
  if (GST_MESSAGE_TYPE(note.message.get()) == GST_MESSAGE_ERROR) {
    lose(explain(*recipe_, readFailure(note.message.get()), std::nullopt).message);
  }
}

void PipelineSource::tick(Time now) {
  if (rewindAt_ && now >= *rewindAt_) rewind();
  if (pipeline_ && watch_->live()) (void)watch_->onPictures(pipeline_->count(), pipeline_->last());
  switch (watch_->due(now)) {
    case SourceWatch::Due::kLost:
      return lose(opening_ ? opening_->late().message : recipe_->subject + " yields no pictures");
    case SourceWatch::Due::kReopen:
      watch_->onOpening(now);
      return beginOpening();
    case SourceWatch::Due::kRepeat:
      return repeat(now);
    default:
      return;
  }
}

void PipelineSource::takeOpening(Note note) {
  auto outcome = opening_->take(std::move(note));
  if (!outcome) return;
  if (!*outcome) return failOpening(outcome->error());
  opening_.reset();
  comeBack(**std::move(outcome));
}

void PipelineSource::failOpening(const Error& error) {
  const bool otherForm = opening_->otherForm();
  if (otherForm && encoded_) return turnRaw(error.message);
  if (!shouldDecode(error, otherForm)) return lose(error.message);
  if (otherForm) tellWhyDecoded(error.message);
  mayBeEncoded_ = false;
  openAtOnce();
}

/// Opens it anew, without a wait.
void PipelineSource::openAtOnce() {
  if (opening_) pipeline_ = opening_->takePipeline();
  opening_.reset();
  closePipeline();
  watch_->onOpening(monotonicNow());
  beginOpening();
}

/// What came encoded comes raw from now on, since nobody can take it otherwise.
void PipelineSource::turnRaw(const std::string& why) {
  tellWhyDecoded(why);
  rewindAt_.reset();
  encoded_ = false;
  mayBeEncoded_ = false;
  followsBitrate_ = false;
  openAtOnce();
}

void PipelineSource::comeBack(std::shared_ptr<RunningPipeline> pipeline) {
  pipeline_ = std::move(pipeline);
  if (!known_) {
    onKnown();
    watch_->onOpening(monotonicNow());
  }
  if (pipeline_->encoded() != encoded_) {
    return lose(recipe_->subject + " yields another kind of video than before");
  }
  (void)watch_->onPictures(std::max<std::uint64_t>(pipeline_->count(), 1), monotonicNow());
  log().info("{} is there", recipe_->subject);
  reason_.clear();
  report({true, ""});
  if (!play()) return lose(recipe_->subject + " does not start playing");
  control();  // what was wanted while it was away
}

bool PipelineSource::play() {
  passBegan_ = monotonicNow();
  pipeline_->connect({.frame =
                          [this](const VideoFrame& picture) {
                            lastPicture_ = picture;
                            push(picture);
                          },
                      .encoded = [this](const EncodedFrame& picture) { push(picture); }});
  if (!pipeline_->play()) return false;
  // What came until now is lost, and with it the key frame that viewers begin with.
  if (pipeline_->encoded() && pipeline_->live()) pipeline_->requestKeyFrame();
  return true;
}

void PipelineSource::takeEnd() {
  if (!recipe_->loop) return lose(recipe_->subject + " has ended");
  rewindAt_ = passBegan_ + kShortestPass;
}

void PipelineSource::rewind() {
  rewindAt_.reset();
  passBegan_ = monotonicNow();
  if (pipeline_ && !pipeline_->rewind()) lose(recipe_->subject + " can't be played again");
}

void PipelineSource::lose(const std::string& why) {
  rewindAt_.reset();
  if (opening_) pipeline_ = opening_->takePipeline();
  opening_.reset();
  (void)watch_->onLoss(monotonicNow());
  log().debug("{}", why);
  if (why != reason_) report({false, why});
  reason_ = why;
  closePipeline();
  if (!known_) mayBeEncoded_ = mayPassThrough();
}

void PipelineSource::repeat(Time now) {
  watch_->onRepeated(now);
  if (!lastPicture_) return;
  lastPicture_->time = now;
  push(*lastPicture_);
}

void PipelineSource::control() {
  if (raw_ && mayBeEncoded_) {
    if (known_) return turnRaw(recipe_->subject + " comes in H264, which nobody can take as it is");
    mayBeEncoded_ = false;  // what is opened next
  }
  if (!pipeline_) return;
  if (keyFrameWanted_.exchange(false)) pipeline_->requestKeyFrame();
  if (bitrateKbps_ != 0) pipeline_->setBitrate(bitrateKbps_);
}

// What hangs in a driver is left to itself.
void PipelineSource::closePipeline() {
  (void)mailbox_->nextNumber();
  if (pipeline_) {
    pipeline_->disconnect();
    // The device's buffers must go before it can be opened again.
    if (lastPicture_) lastPicture_ = copyOf(*lastPicture_);
    BoundedWork closing([pipeline = std::move(pipeline_)]() mutable { pipeline.reset(); });
    pipeline_.reset();
    (void)closing.finishWithin(kClosing);
  }
  (void)opener_.finishWithin(kClosing);
}

}  // namespace rtcpub::media
