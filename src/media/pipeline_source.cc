#include "media/pipeline_source.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "core/stamp.h"
#include "log/log.h"
#include "media/gst_messages.h"

namespace rtcpub::media {

namespace {

constexpr std::chrono::seconds kPatience{5};
// A file of a single picture, which ends as soon as it begins, is shown at this interval.
constexpr std::chrono::milliseconds kShortestPass{33};
constexpr const char* kSinkName = "rtcpub-pictures";
constexpr const char* kFileName = "rtcpub-file";
constexpr const char* kDecoderName = "rtcpub-decoder";
constexpr const char* kEntryName = "rtcpub-entry";
// For files whose format knows no time, a bare H.264 stream say.
constexpr GstClockTime kUntimedInterval = GST_SECOND / 30;
constexpr const char* kFirstPicture = "rtcpub-first-picture";
constexpr const char* kStop = "rtcpub-stop";

// videoconvert passes buffers through untouched when the format is right as it comes. A stamp is
// written into I420 only.
std::string sinkDescription(bool stamp) {
  const std::string formats = stamp ? "I420" : "{I420,NV12}";
  return std::string("videoconvert name=") + kEntryName + " ! appsink name=" + kSinkName +
         " max-buffers=1 drop=true enable-last-sample=false qos=false"
         " caps=\"video/x-raw,format=" +
         formats + "\"";
}

// What the description lacks, or why it doesn't parse.
std::string parseFailure(GstParseContext* context, const GError* error) {
  const Owned<gchar*> missing(gst_parse_context_get_missing_elements(context));
  if (!missing) return error->message;
  const std::string element = *missing;
  return "GStreamer has no element \"" + element + "\"" + installHint(element);
}

Result<Owned<GstElement>> parse(const std::string& description, const std::string& subject) {
  const Owned<GstParseContext> context(gst_parse_context_new());
  GError* rawError = nullptr;
  GstElement* raw = gst_parse_launch_full(description.c_str(), context.get(),
                                          GST_PARSE_FLAG_FATAL_ERRORS, &rawError);
  const Owned<GError> error(rawError);
  // A new element's reference is a floating one.
  Owned<GstElement> pipeline(raw != nullptr ? GST_ELEMENT(gst_object_ref_sink(raw)) : nullptr);
  if (error)
    return fail(ErrorCode::kMedia, subject + ": " + parseFailure(context.get(), error.get()));
  return pipeline;
}

// The rest of a sentence that begins with the subject; `missing` is a plugin that is.
std::string whyNot(GstMessage* error, const std::optional<std::string>& missing) {
  if (missing) return " can't be played: " + *missing;
  if (saysThatNothingFits(error)) return " has no video";
  return " can't be played: " + describeFailure(error);
}

Result<void> checkFile(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return fail(ErrorCode::kNotFound, "There is no file " + path);
  }
  if (!std::filesystem::is_regular_file(status)) {
    return fail(ErrorCode::kNotFound, path + " is not a file");
  }
  return {};
}

// The decoder knows its pads only when it has seen the file, and again each time that it begins
// anew.
void onDecoderPad(GstElement* /*decoder*/, GstPad* pad, gpointer entry) {
  const Owned<GstPad> target(gst_element_get_static_pad(GST_ELEMENT(entry), "sink"));
  if (gst_pad_is_linked(target.get()) == FALSE) (void)gst_pad_link(pad, target.get());
}

// Raw video is told apart here: decodebin takes a sixth of a second to find out what it is.
bool isY4m(const std::string& path) {
  constexpr std::string_view kMagic = "YUV4MPEG2 ";
  std::string begin(kMagic.size(), '\0');
  std::ifstream(path, std::ios::binary)
      .read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin == kMagic;
}

// Large blocks, for raw video; sound is not even decoded.
Result<Owned<GstElement>> buildFilePipeline(const source_uri::File& file) {
  const bool raw = isY4m(file.path);
  const std::string decoder =
      raw ? "y4mdec ! "
          : std::string("decodebin expose-all-streams=false caps=video/x-raw(ANY) name=") +
                kDecoderName + " ";
  auto pipeline = parse(std::string("filesrc blocksize=262144 name=") + kFileName + " ! " +
                            decoder + sinkDescription(file.stamp),
                        file.path);
  if (!pipeline) return pipeline;
  GstBin* bin = GST_BIN(pipeline->get());
  const Owned<GstElement> input(gst_bin_get_by_name(bin, kFileName));
  g_object_set(input.get(), "location", file.path.c_str(), nullptr);
  if (raw) return pipeline;
  const Owned<GstElement> decodebin(gst_bin_get_by_name(bin, kDecoderName));
  const Owned<GstElement> entry(gst_bin_get_by_name(bin, kEntryName));
  g_signal_connect_object(decodebin.get(), "pad-added", G_CALLBACK(onDecoderPad), entry.get(),
                          GConnectFlags{});
  return pipeline;
}

// Lets a decoder give out its buffers with their own strides, instead of copying them into plain
// ones (GstVideoMeta; the sink maps buffers by it).
GstPadProbeReturn onSinkQuery(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
  GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  return GST_PAD_PROBE_HANDLED;
}

}  // namespace

Result<std::shared_ptr<VideoSource>> PipelineSource::open(const source_uri::File& file) {
  if (auto readable = checkFile(file.path); !readable) return tl::unexpected(readable.error());
  auto pipeline = buildFilePipeline(file);
  if (!pipeline) return tl::unexpected(pipeline.error());
  auto source = std::make_shared<PipelineSource>(std::move(*pipeline), file.path, file.stamp, true);
  if (auto ready = source->prepare(); !ready) return tl::unexpected(ready.error());
  return source;
}

Result<std::shared_ptr<VideoSource>> PipelineSource::open(const source_uri::Pipeline& uri) {
  const std::string subject = "The pipeline \"" + uri.description + "\"";
  auto pipeline = parse(uri.description + " ! " + sinkDescription(uri.stamp), subject);
  if (!pipeline) return tl::unexpected(pipeline.error());
  auto source = std::make_shared<PipelineSource>(std::move(*pipeline), subject, uri.stamp, false);
  if (auto ready = source->prepare(); !ready) return tl::unexpected(ready.error());
  return source;
}

PipelineSource::PipelineSource(Owned<GstElement> pipeline, std::string subject, bool stamp,
                               bool loop)
    : pipeline_(std::move(pipeline)),
      bus_(gst_element_get_bus(pipeline_.get())),
      sink_(gst_bin_get_by_name(GST_BIN(pipeline_.get()), kSinkName)),
      subject_(std::move(subject)),
      stamp_(stamp),
      loop_(loop),
      reader_(stamp) {
  connectSink();
}

PipelineSource::~PipelineSource() { shutDown(); }

Result<void> PipelineSource::start() {
  passBegan_ = monotonicNow();
  pushing_ = true;
  busThread_ = std::thread([this] {
    (void)pthread_setname_np(pthread_self(), "rtcpub-bus");
    watchBus();
  });
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    return fail(ErrorCode::kMedia, subject_ + " does not start playing");
  }
  return {};
}

void PipelineSource::stop() { shutDown(); }

void PipelineSource::shutDown() {
  pushing_ = false;
  if (busThread_.joinable()) {
    post(kStop);
    busThread_.join();
  }
  // Waits for the streaming threads, and with them for a push that is under way.
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

Result<void> PipelineSource::prepare() {
  const Time deadline = monotonicNow() + kPatience;
  switch (gst_element_set_state(pipeline_.get(), GST_STATE_PAUSED)) {
    case GST_STATE_CHANGE_FAILURE:
      return awaitFirstPicture(monotonicNow());
    case GST_STATE_CHANGE_NO_PREROLL:
      // A live source yields nothing before it plays, and its pictures are to be shown at once.
      g_object_set(sink_.get(), "sync", FALSE, nullptr);
      gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
      return awaitFirstPicture(deadline);
    default:
      return awaitFirstPicture(deadline);
  }
}

Result<void> PipelineSource::awaitFirstPicture(Time deadline) {
  constexpr auto kTypes =
      static_cast<GstMessageType>(GST_MESSAGE_APPLICATION | GST_MESSAGE_ERROR | GST_MESSAGE_EOS |
                                  GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ELEMENT);
  std::optional<std::string> missing;
  while (const auto message = nextMessage(kTypes, deadline)) {
    switch (GST_MESSAGE_TYPE(message.get())) {
      case GST_MESSAGE_APPLICATION:
        return checkSize();
      case GST_MESSAGE_ERROR:
        return fail(ErrorCode::kMedia, subject_ + whyNot(message.get(), missing));
      case GST_MESSAGE_ELEMENT:
        if (auto lack = describeMissingPlugin(message.get())) missing = std::move(lack);
        break;
      default:  // it is ready, or over, without a picture
        return fail(ErrorCode::kMedia, subject_ + " has no video");
    }
  }
  return fail(ErrorCode::kMedia, subject_ + " yields no picture within 5 s");
}

Result<void> PipelineSource::checkSize() const {
  const Owned<GstPad> pad(gst_element_get_static_pad(sink_.get(), "sink"));
  const Owned<GstCaps> caps(gst_pad_get_current_caps(pad.get()));
  GstVideoInfo info;
  if (!caps || gst_video_info_from_caps(&info, caps.get()) == FALSE) {
    return fail(ErrorCode::kMedia, subject_ + " yields pictures of an unknown format");
  }
  const int width = GST_VIDEO_INFO_WIDTH(&info);
  const int height = GST_VIDEO_INFO_HEIGHT(&info);
  log().info("{} yields {}x{}", subject_, width, height);
  if (stamp_ && (width < stamp::kWidth || height < stamp::kHeight)) {
    return fail(ErrorCode::kInvalidArgument, subject_ + " yields " + std::to_string(width) + "x" +
                                                 std::to_string(height) +
                                                 ", too small for ?stamp, which takes 512x32");
  }
  return {};
}

void PipelineSource::connectSink() {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_preroll = onPreroll;
  callbacks.new_sample = onSample;
  // The source outlives its streaming threads: shutDown() waits for them.
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &callbacks, this, nullptr);
  const Owned<GstPad> pad(gst_element_get_static_pad(sink_.get(), "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, onSinkQuery, nullptr, nullptr);
  if (loop_) gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, onSinkBuffer, this, nullptr);
}

// Gives a time to a picture that has none.
GstPadProbeReturn PipelineSource::onSinkBuffer(GstPad* /*pad*/, GstPadProbeInfo* info,
                                               gpointer data) {
  auto* self = static_cast<PipelineSource*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) {
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) = self->lastPts_ + kUntimedInterval;
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
  }
  self->lastPts_ = GST_BUFFER_PTS(buffer);
  return GST_PAD_PROBE_OK;
}

GstFlowReturn PipelineSource::onPreroll(GstAppSink* /*sink*/, gpointer self) {
  static_cast<PipelineSource*>(self)->announceFirstPicture();
  return GST_FLOW_OK;
}

GstFlowReturn PipelineSource::onSample(GstAppSink* sink, gpointer data) {
  auto* self = static_cast<PipelineSource*>(data);
  self->announceFirstPicture();
  const Owned<GstSample> sample(gst_app_sink_try_pull_sample(sink, 0));
  if (!sample || !self->pushing_) return GST_FLOW_OK;
  if (const auto picture = self->reader_.read(sample.get())) self->push(*picture);
  return GST_FLOW_OK;
}

void PipelineSource::announceFirstPicture() {
  if (!announced_.exchange(true)) post(kFirstPicture);
}

void PipelineSource::watchBus() {
  constexpr auto kTypes = static_cast<GstMessageType>(GST_MESSAGE_APPLICATION | GST_MESSAGE_ERROR |
                                                      GST_MESSAGE_WARNING | GST_MESSAGE_EOS);
  while (const auto message = nextMessage(kTypes, std::nullopt)) {
    if (!handle(message.get())) break;
  }
  pushing_ = false;
}

// Whether to go on.
bool PipelineSource::handle(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      log().warn("{} has failed: {}", subject_, describeFailure(message));
      return false;
    case GST_MESSAGE_WARNING:
      log().debug("{}: {}", subject_, describeFailure(message));
      return true;
    case GST_MESSAGE_EOS:
      if (loop_) return rewind();
      log().warn("{} has ended", subject_);
      return false;
    default:
      return gst_message_has_name(message, kStop) == FALSE;
  }
}

bool PipelineSource::rewind() {
  if (nextMessage(GST_MESSAGE_APPLICATION, passBegan_ + kShortestPass)) return false;
  passBegan_ = monotonicNow();
  if (gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0) != FALSE) {
    return true;
  }
  // What can't seek begins anew.
  gst_element_set_state(pipeline_.get(), GST_STATE_READY);
  return gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

void PipelineSource::post(const char* name) {
  gst_element_post_message(
      pipeline_.get(),
      gst_message_new_application(GST_OBJECT(pipeline_.get()), gst_structure_new_empty(name)));
}

// Waits for ever without a deadline.
Owned<GstMessage> PipelineSource::nextMessage(GstMessageType types,
                                              std::optional<Time> deadline) const {
  GstClockTime timeout = GST_CLOCK_TIME_NONE;
  if (deadline) {
    const std::chrono::nanoseconds left = *deadline - monotonicNow();
    timeout = static_cast<GstClockTime>(std::max(left, std::chrono::nanoseconds(0)).count());
  }
  return Owned<GstMessage>(gst_bus_timed_pop_filtered(bus_.get(), timeout, types));
}

}  // namespace rtcpub::media
