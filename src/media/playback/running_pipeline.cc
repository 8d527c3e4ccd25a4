#include "media/playback/running_pipeline.h"

#include <gst/video/video.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/h264/h264.h"
#include "log/log.h"
#include "media/gst/gst_messages.h"
#include "media/gst/mapped_buffer.h"
#include "media/playback/form_scan.h"
#include "media/playback/part_joiner.h"
#include "media/recipes/pipeline_parser.h"
#include "media/recipes/pipeline_text.h"

namespace rtcpub::media {

namespace {

// For files whose format knows no time, a bare H.264 stream say.
constexpr GstClockTime kUntimedInterval = GST_SECOND / 30;
// A picture that claims to be older has a time of another clock.
constexpr std::chrono::seconds kOldest{2};
// Access units of a live source that are looked at for B-frames.
constexpr int kScannedLive = 8;

// Lets a decoder give out its buffers with their own strides, instead of copying them into plain
// ones (GstVideoMeta; the sink maps buffers by it).
GstPadProbeReturn onSinkQuery(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
  GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  return GST_PAD_PROBE_HANDLED;
}

// A file whose video begins later than its sound says so by a gap, which a sink would take for its
// first picture.
GstPadProbeReturn onSinkEvent(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
  const bool gap = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_GAP;
  return gap ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

// Those of FFmpeg show a picture that is refreshed bit by bit before it is whole, unless they are
// told not to.
void leaveOutWhatIsDamaged(GstBin* pipeline) {
  const auto onAdded = +[](GstBin* /*pipeline*/, GstBin* /*bin*/, GstElement* element,
                           gpointer /*data*/) { setIfKnown(element, "output-corrupt", "false"); };
  g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(onAdded), nullptr);
}

bool isNote(GstMessage* message) {
  constexpr auto kTypes = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS |
                                                      GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ELEMENT);
  return (GST_MESSAGE_TYPE(message) & kTypes) != 0;
}

}  // namespace

RunningPipeline::RunningPipeline(BuiltPipeline built, bool stamp, std::shared_ptr<Mailbox> mailbox,
                                 std::uint64_t number)
    : pipeline_(std::move(built.pipeline)),
      sink_(gst_bin_get_by_name(GST_BIN(pipeline_.get()), kSinkName)),
      encoded_(built.encoded),
      mailbox_(std::move(mailbox)),
      number_(number),
      pictures_(stamp) {
  // CLOCK_MONOTONIC, so that a buffer's time can be told in the API's.
  const Owned<GstClock> clock(gst_system_clock_obtain());
  gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), clock.get());
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), onMessage, this, nullptr);
  connectSink();
  PartJoiner::watch(GST_BIN(pipeline_.get()));
  if (built.wholeOnly) leaveOutWhatIsDamaged(GST_BIN(pipeline_.get()));
  if (encoded_) bitrate_ = EncoderBitrate::find(GST_BIN(pipeline_.get()));
}

RunningPipeline::~RunningPipeline() {
  // Waits for the streaming threads.
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
}

bool RunningPipeline::open() {
  switch (gst_element_set_state(pipeline_.get(), GST_STATE_PAUSED)) {
    case GST_STATE_CHANGE_FAILURE:
      return false;
    case GST_STATE_CHANGE_NO_PREROLL:
      // A live source yields nothing before it plays, and its pictures are to be shown at once.
      live_ = true;
      g_object_set(sink_.get(), "sync", FALSE, nullptr);
      return play();
    default:
      return true;
  }
}

bool RunningPipeline::play() {
  return gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

bool RunningPipeline::rewind() {
  passBegins_ = true;
  if (gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0) != FALSE) {
    return true;
  }
  // What can't seek begins anew.
  gst_element_set_state(pipeline_.get(), GST_STATE_READY);
  return play();
}

void RunningPipeline::connect(PictureSink sink) {
  std::lock_guard lock(outlet_);
  to_ = std::move(sink);
}

void RunningPipeline::disconnect() { connect({}); }

std::optional<RunningPipeline::Size> RunningPipeline::size() const {
  const Owned<GstPad> pad(gst_element_get_static_pad(sink_.get(), "sink"));
  const Owned<GstCaps> caps(gst_pad_get_current_caps(pad.get()));
  if (!caps || gst_caps_is_empty(caps.get()) != FALSE) return std::nullopt;
  const GstStructure* structure = gst_caps_get_structure(caps.get(), 0);
  Size size;
  if (gst_structure_get_int(structure, "width", &size.width) == FALSE ||
      gst_structure_get_int(structure, "height", &size.height) == FALSE) {
    return std::nullopt;
  }
  return size;
}

// An encoder takes the event as it comes by, on its way against the pictures.
void RunningPipeline::requestKeyFrame() {
  keyFrameWanted_ = true;
  const Owned<GstPad> pad(gst_element_get_static_pad(sink_.get(), "sink"));
  (void)gst_pad_push_event(
      pad.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

void RunningPipeline::setBitrate(int kbps) {
  if (bitrate_) bitrate_->set(kbps);
}

void RunningPipeline::connectSink() {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_preroll = onPreroll;
  callbacks.new_sample = onSample;
  // This outlives the streaming threads: its destructor waits for them.
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &callbacks, this, nullptr);
  const Owned<GstPad> pad(gst_element_get_static_pad(sink_.get(), "sink"));
  if (!encoded_) {
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, onSinkQuery, nullptr,
                      nullptr);
  }
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, onSinkBuffer, this, nullptr);
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, onSinkEvent, nullptr, nullptr);
  if (encoded_) watchForm();
}

// A file's queue fills while its first picture waits to be played: many can be looked at at once.
void RunningPipeline::watchForm() {
  const Owned<GstElement> queue(gst_bin_get_by_name(GST_BIN(pipeline_.get()), kQueueName));
  const Owned<GstPad> pad(gst_element_get_static_pad(queue ? queue.get() : sink_.get(), "sink"));
  FormScan::begin(pad.get(), queue ? kScannedUnits : kScannedLive,
                  [this](const std::optional<std::string>& misfit) {
                    if (misfit) return postMisfit(*misfit);
                    post(Note::Kind::kScanned);
                  });
}

void RunningPipeline::post(Note::Kind kind) { mailbox_->post(number_, {.kind = kind}); }

void RunningPipeline::postMisfit(const std::string& why) {
  mailbox_->post(number_, {.kind = Note::Kind::kMisfit, .misfit = why});
}

GstBusSyncReply RunningPipeline::onMessage(GstBus* /*bus*/, GstMessage* message, gpointer data) {
  auto* self = static_cast<RunningPipeline*>(data);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    log().debug("GStreamer: {}", describeFailure(message));
  } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_APPLICATION) {
    if (gst_message_has_name(message, kOtherCodecMessage) != FALSE) {
      self->post(Note::Kind::kOtherCodec);
    }
  } else if (isNote(message)) {
    self->mailbox_->post(self->number_,
                         {.kind = Note::Kind::kMessage, .message = Owned<GstMessage>(message)});
    return GST_BUS_DROP;  // the reference is the mailbox's
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

// A viewer can't begin without one.
void RunningPipeline::watchKeyFrames(GstBuffer* buffer) {
  const h264::AccessUnit unit = h264::inspect(MappedBuffer(buffer).bytes());
  if (!unit.picture || keyFramesGivenUp_) return;
  if (keyFrameWanted_.exchange(false)) keyFrames_.want();
  const bool keyFrame = unit.idr && unit.sps && unit.pps && !unit.cutOff;
  if (keyFrame && !std::exchange(keyFrameSeen_, true)) waitForKeyFramesOnLoss();
  if (!keyFrames_.take(keyFrame, unit.recoveryPoint, monotonicNow())) return;
  keyFramesGivenUp_ = true;
  postMisfit("sends no key frames (IDR) but recovery points, at which no browser begins");
}

// What can't be decoded for want of a packet isn't sent on. Only from now on: in front of the first
// key frame nothing is sent anyway, and what comes shows whether there are any.
void RunningPipeline::waitForKeyFramesOnLoss() {
  const Owned<GstElement> depayloader(gst_bin_get_by_name(GST_BIN(pipeline_.get()), kRtpName));
  if (depayloader) setIfKnown(depayloader.get(), "wait-for-keyframe", "true");
}

// A file's video may begin later than its sound, or than its clock: nobody is kept waiting for it.
void RunningPipeline::beginAtOnce(GstPad* pad, GstBuffer* buffer) {
  const Owned<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event) return;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const GstClockTime running =
      gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return;
  g_object_set(sink_.get(), "ts-offset", -static_cast<gint64>(running), nullptr);
}

// Gives a time to a picture that has none.
GstPadProbeReturn RunningPipeline::onSinkBuffer(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<RunningPipeline*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (self->encoded_) self->watchKeyFrames(buffer);
  if (self->live_) return GST_PAD_PROBE_OK;
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) {
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) = self->lastPts_ + kUntimedInterval;
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
  }
  self->lastPts_ = GST_BUFFER_PTS(buffer);
  if (self->passBegins_.exchange(false)) self->beginAtOnce(pad, buffer);
  return GST_PAD_PROBE_OK;
}

GstFlowReturn RunningPipeline::onPreroll(GstAppSink* /*sink*/, gpointer self) {
  static_cast<RunningPipeline*>(self)->announceFirstPicture();
  return GST_FLOW_OK;
}

GstFlowReturn RunningPipeline::onSample(GstAppSink* sink, gpointer data) {
  auto* self = static_cast<RunningPipeline*>(data);
  self->lastUs_ = monotonicNow().time_since_epoch().count();
  ++self->count_;
  self->announceFirstPicture();
  const Owned<GstSample> sample(gst_app_sink_try_pull_sample(sink, 0));
  if (sample) self->handOver(sample.get());
  return GST_FLOW_OK;
}

void RunningPipeline::announceFirstPicture() {
  if (!announced_.exchange(true)) post(Note::Kind::kFirstPicture);
}

void RunningPipeline::handOver(GstSample* sample) {
  std::lock_guard lock(outlet_);
  if (!encoded_) {
    if (!to_.frame) return;
    if (const auto picture = pictures_.read(sample, timeOf(sample))) to_.frame(*picture);
    return;
  }
  if (!to_.encoded) return;
  const auto unit = units_.read(sample, timeOf(sample));
  if (unit.misfit) {
    to_ = {};
    postMisfit(*unit.misfit);
  } else if (unit.picture) {
    to_.encoded(*unit.picture);
  } else if (unit.gap) {
    log().debug("Encoded video has a gap: the next key frame is waited for");
    requestKeyFrame();
  }
}

// When the picture was taken, by a live source's buffer; that of another one is taken when it is
// due.
Time RunningPipeline::timeOf(GstSample* sample) const {
  const Time now = monotonicNow();
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (!live_ || buffer == nullptr || !GST_BUFFER_PTS_IS_VALID(buffer)) return now;
  const GstClockTime running = gst_segment_to_running_time(gst_sample_get_segment(sample),
                                                           GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  const GstClockTime base = gst_element_get_base_time(pipeline_.get());
  if (!GST_CLOCK_TIME_IS_VALID(running) || !GST_CLOCK_TIME_IS_VALID(base)) return now;
  const Time taken(std::chrono::microseconds(static_cast<std::int64_t>((base + running) / 1000)));
  return taken < now - kOldest ? now : std::min(taken, now);
}

}  // namespace rtcpub::media
