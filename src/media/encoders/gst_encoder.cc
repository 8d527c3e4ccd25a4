#include "media/encoders/gst_encoder.h"

#include <gst/video/video.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/h264/h264.h"
#include "log/log.h"
#include "media/encoders/picture_buffer.h"
#include "media/gst/gst_init.h"
#include "media/gst/gst_messages.h"
#include "media/gst/mapped_buffer.h"

namespace rtcpub::media {

namespace {

// More pictures than this are not given to an encoder before it gives one out: delay would grow.
constexpr std::size_t kMaxPending = 3;
// An encoder that gives nothing out for that long has failed. One in software doesn't hang, but is
// slow where others want the processor, too.
constexpr std::chrono::seconds kHardwarePatience{2};
constexpr std::chrono::seconds kSoftwarePatience{10};
// Changes of the bitrate below this part are not worth an encoder's while.
constexpr double kLeastChange = 0.02;

GstClockTime interval(const EncoderSettings& settings) { return GST_SECOND / settings.fps; }

Result<Owned<GstElement>> launch(const EncoderCandidate& candidate) {
  const std::string name(candidate.element);
  const Owned<GstElementFactory> factory(gst_element_factory_find(name.c_str()));
  if (!factory) {
    return fail(ErrorCode::kNotFound,
                name + " isn't here: it takes " + std::string(candidate.needs));
  }
  GError* rawError = nullptr;
  GstElement* raw = gst_parse_launch(encoderPipeline(candidate).c_str(), &rawError);
  const Owned<GError> error(rawError);
  Owned<GstElement> pipeline(raw != nullptr ? GST_ELEMENT(gst_object_ref_sink(raw)) : nullptr);
  if (error) return fail(ErrorCode::kMedia, name + " can't be used: " + error->message);
  return pipeline;
}

void setProperties(GstElement* encoder, const ElementProperties& properties) {
  for (const auto& [name, value] : properties) {
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(encoder), name.c_str()) == nullptr) {
      log().debug("{} has no property {} here", GST_OBJECT_NAME(gst_element_get_factory(encoder)),
                  name);
      continue;
    }
    gst_util_set_object_arg(G_OBJECT(encoder), name.c_str(), value.c_str());
  }
}

Owned<GstElement> child(const Owned<GstElement>& pipeline, const char* name) {
  return Owned<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
}

// x264 calls the begin of each round of intra refresh a key frame, too, at which nobody can join.
bool isKeyFrame(GstBuffer* buffer, h264::Bytes bytes) {
  return GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE &&
         h264::inspect(bytes).idr;
}

}  // namespace

Result<std::unique_ptr<VideoEncoder>> GstEncoder::open(const EncoderCandidate& candidate,
                                                       const EncoderSettings& settings,
                                                       Output output) {
  if (auto begun = initGStreamer(); !begun) return tl::unexpected(begun.error());
  auto pipeline = launch(candidate);
  if (!pipeline) return tl::unexpected(pipeline.error());
  auto encoder =
      std::make_unique<GstEncoder>(candidate, settings, std::move(*pipeline), std::move(output));
  if (auto playing = encoder->play(); !playing) return tl::unexpected(playing.error());
  return encoder;
}

GstEncoder::GstEncoder(const EncoderCandidate& candidate, const EncoderSettings& settings,
                       Owned<GstElement> pipeline, Output output)
    : candidate_(candidate),
      settings_(settings),
      name_(candidate.element),
      pipeline_(std::move(pipeline)),
      bus_(gst_element_get_bus(pipeline_.get())),
      input_(child(pipeline_, kEncoderInput)),
      encoder_(child(pipeline_, kEncoderName)),
      sink_(child(pipeline_, kEncoderOutput)),
      output_(std::move(output)),
      scaledKbps_(settings.bitrateKbps) {
  if (candidate.properties != nullptr) {
    setProperties(encoder_.get(), candidate.properties(settings));
  }
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = onSample;
  // The encoder outlives its streaming threads: the destructor waits for them.
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_.get()), &callbacks, this, nullptr);
}

GstEncoder::~GstEncoder() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

Result<void> GstEncoder::play() {
  if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) {
    return {};
  }
  auto healthy = checkHealth();
  return healthy ? fail(ErrorCode::kMedia, name_ + " does not start") : healthy;
}

// An encoder that refreshes makes no key frames but its first one.
Result<void> GstEncoder::restart() {
  gst_element_set_state(pipeline_.get(), GST_STATE_READY);
  {
    std::lock_guard lock(mutex_);
    pending_.clear();
  }
  next_ = 0;
  format_.reset();
  return play();
}

Result<bool> GstEncoder::encode(const VideoFrame& frame, bool keyFrame) {
  if (keyFrame && settings_.intraRefresh && next_ != 0) {
    if (auto again = restart(); !again) return tl::unexpected(again.error());
  }
  const auto now = stallClock_.onPicture(monotonicNow());
  if (auto healthy = checkHealth(); !healthy) return tl::unexpected(healthy.error());
  if (auto going = checkStall(now); !going) return tl::unexpected(going.error());
  {
    std::lock_guard lock(mutex_);
    if (pending_.size() >= kMaxPending) return false;
    pending_.push_back({next_, frame.time, now});
  }
  updateCaps(frame.format);
  if (keyFrame && next_ != 0) askForKeyFrame();
  auto buffer = toGst(frame, candidate_.hardware);
  if (!buffer) return fail(ErrorCode::kMedia, name_ + ": there is no memory for a picture");
  GST_BUFFER_PTS(buffer.get()) = next_;
  GST_BUFFER_DURATION(buffer.get()) = interval(settings_);
  next_ += interval(settings_);
  if (gst_app_src_push_buffer(GST_APP_SRC(input_.get()), buffer.release()) != GST_FLOW_OK) {
    return fail(ErrorCode::kMedia, name_ + " takes no more pictures");
  }
  return true;
}

void GstEncoder::setRates(int bitrateKbps, double fps) {
  // Each picture's share is what counts: the encoder believes in the settings' rate of pictures.
  const double scale = fps > 0 ? settings_.fps / fps : 1;
  const int scaled = std::max(1, static_cast<int>(std::lround(bitrateKbps * scale)));
  if (std::abs(scaled - scaledKbps_) < scaledKbps_ * kLeastChange) return;
  scaledKbps_ = scaled;
  if (candidate_.unitsPerKbps != 0) {
    g_object_set(encoder_.get(), "bitrate", static_cast<guint>(scaled * candidate_.unitsPerKbps),
                 nullptr);
    return;
  }
  const Owned<GstStructure> controls(
      gst_structure_from_string(v4l2Controls(scaled, settings_.keyFrameInterval).c_str(), nullptr));
  g_object_set(encoder_.get(), "extra-controls", controls.get(), nullptr);
}

Result<void> GstEncoder::checkHealth() {
  const Owned<GstMessage> error(gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ERROR));
  if (!error) return {};
  return fail(ErrorCode::kMedia, name_ + " has failed: " + describeFailure(error.get()));
}

Result<void> GstEncoder::checkStall(std::chrono::microseconds now) {
  const auto patience = candidate_.hardware ? kHardwarePatience : kSoftwarePatience;
  std::lock_guard lock(mutex_);
  if (pending_.empty() || now - pending_.front().begun < patience) return {};
  return fail(ErrorCode::kMedia, name_ + " has failed: it gives no picture out");
}

void GstEncoder::updateCaps(PixelFormat format) {
  if (format_ == format) return;
  format_ = format;
  const Owned<GstCaps> caps(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, gst_video_format_to_string(toGst(format)), "width",
      G_TYPE_INT, settings_.width, "height", G_TYPE_INT, settings_.height, "framerate",
      GST_TYPE_FRACTION, settings_.fps, 1, "interlace-mode", G_TYPE_STRING, "progressive",
      nullptr));
  gst_app_src_set_caps(GST_APP_SRC(input_.get()), caps.get());
}

void GstEncoder::askForKeyFrame() {
  // In front of the picture in the same queue, so that it means this picture.
  gst_element_send_event(
      input_.get(), gst_video_event_new_downstream_force_key_unit(next_, next_, next_, TRUE, 0));
}

GstFlowReturn GstEncoder::onSample(GstAppSink* sink, gpointer self) {
  const Owned<GstSample> sample(gst_app_sink_try_pull_sample(sink, 0));
  if (sample) static_cast<GstEncoder*>(self)->deliver(sample);
  return GST_FLOW_OK;
}

void GstEncoder::deliver(const Owned<GstSample>& sample) {
  const auto time = takePending(sample.get());
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  if (!time || buffer == nullptr) return;
  const auto mapping = std::make_shared<MappedBuffer>(buffer);
  const auto bytes = mapping->bytes();
  if (bytes.empty()) return;
  output_({.codec = VideoCodec::kH264,
           .data = bytes.data(),
           .size = bytes.size(),
           .keyFrame = isKeyFrame(buffer, bytes),
           .width = settings_.width,
           .height = settings_.height,
           .time = *time,
           .owner = mapping});
}

// The capture time of the picture that came out; older ones that are still pending were left out by
// the encoder.
std::optional<Time> GstEncoder::takePending(GstSample* sample) {
  const GstClockTime runningTime =
      gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                  GST_BUFFER_PTS(gst_sample_get_buffer(sample)));
  std::lock_guard lock(mutex_);
  // An encoder may round its times: half an interval tells two pictures apart.
  while (!pending_.empty() &&
         pending_.front().runningTime + interval(settings_) / 2 < runningTime) {
    pending_.pop_front();
  }
  if (pending_.empty()) return std::nullopt;
  const Time time = pending_.front().time;
  pending_.pop_front();
  return time;
}

}  // namespace rtcpub::media
