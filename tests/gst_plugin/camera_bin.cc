#include "camera_bin.h"

#include <gst/video/video.h>

#include "caps_bridge.h"

namespace rtcpub::fake {
namespace {

// Limited range (ITU-R BT.601).
constexpr guint8 kWhite = 235;

// Brightens the luma of the square; of what each pixel's luma is one byte in the first plane.
void markCorner(GstVideoFrame& frame) {
  const int side = GST_VIDEO_FRAME_HEIGHT(&frame) / 4;
  const int step = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, 0);
  auto* luma = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&frame, 0));
  const int stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, 0);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) luma[y * stride + x * step] = kWhite;
  }
}

GstPadProbeReturn onPicture(GstPad* pad, GstPadProbeInfo* info, gpointer /*data*/) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  GstVideoInfo format;
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  info->data = buffer;
  GstVideoFrame frame;
  if (gst_video_info_from_caps(&format, caps) != FALSE && GST_VIDEO_INFO_IS_YUV(&format) &&
      gst_video_frame_map(&frame, &format, buffer, GST_MAP_READWRITE) != FALSE) {
    markCorner(frame);
    gst_video_frame_unmap(&frame);
  }
  gst_caps_unref(caps);
  return GST_PAD_PROBE_OK;
}

// A camera that encodes doesn't take requests that come as GStreamer's events.
GstPadProbeReturn onRequest(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*data*/) {
  return gst_video_event_is_force_key_unit(GST_PAD_PROBE_INFO_EVENT(info)) != FALSE
             ? GST_PAD_PROBE_DROP
             : GST_PAD_PROBE_OK;
}

void addProbe(GstElement* element, GstPadProbeType type, GstPadProbeCallback callback) {
  GstPad* pad = gst_element_get_static_pad(element, "src");
  gst_pad_add_probe(pad, type, callback, nullptr, nullptr);
  gst_object_unref(pad);
}

// Whether the neighbours take what the camera can do shows when the first picture comes, not
// before.
void link(GstElement* from, GstElement* to) {
  gst_element_link_pads_full(from, "src", to, "sink", GST_PAD_LINK_CHECK_NOTHING);
}

GstElement* addCoder(GstBin* bin, Coding coding) {
  if (coding == Coding::kRaw) return nullptr;
  if (coding == Coding::kJpeg) return add(bin, "jpegenc");
  GstElement* coder = add(bin, "x264enc");
  gst_util_set_object_arg(G_OBJECT(coder), "tune", "zerolatency");
  gst_util_set_object_arg(G_OBJECT(coder), "speed-preset", "ultrafast");
  g_object_set(coder, "key-int-max", 30U, nullptr);
  return coder;
}

}  // namespace

CameraBin::~CameraBin() { CameraBin::stop(); }

Behaviour::Ends CameraBin::build(GstBin* bin) {
  picture_ = add(bin, "videotestsrc");
  g_object_set(picture_, "is-live", TRUE, nullptr);
  gst_util_set_object_arg(G_OBJECT(picture_), "pattern", "solid-color");
  addProbe(picture_, GST_PAD_PROBE_TYPE_BUFFER, onPicture);
  modes_ = addFilter(bin, "ANY");
  output_ = addFilter(bin, "ANY");
  addProbe(output_, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, onRequest);
  gst_element_link(picture_, modes_);
  if (api_ == Api::kArgus) {
    gst_element_link_many(modes_, addBridge(bin, Bridge::kFromSystem), output_, nullptr);
  }
  return {nullptr, output_};
}

std::optional<Camera> CameraBin::findCamera() const {
  for (const Camera& camera : presentCameras()) {
    if (camera.api == api_ && isWanted(camera)) return camera;
  }
  return std::nullopt;
}

Fault::Open CameraBin::open() {
  const auto camera = findCamera();
  if (!camera) return Fault::Open::kMissing;
  open_ = *camera;
  g_object_set(picture_, "foreground-color", camera->colour, nullptr);
  setCaps(modes_, camera->rawCaps);
  setCaps(output_, camera->caps);
  if (api_ != Api::kArgus) encode(GST_BIN(self_), camera->coding);
  return Fault::Open::kFine;
}

Fault::Open CameraBin::start() {
  acquired_ = open_ && acquireCamera(*open_);
  return acquired_ ? Fault::Open::kFine : Fault::Open::kBusy;
}

void CameraBin::stop() {
  if (acquired_) releaseCamera(*open_);
  acquired_ = false;
}

void CameraBin::encode(GstBin* bin, Coding coding) {
  coder_ = addCoder(bin, coding);
  if (coder_ == nullptr) return link(modes_, output_);
  link(modes_, coder_);
  link(coder_, output_);
}

void CameraBin::close() {
  if (!open_) return;
  open_.reset();
  if (api_ == Api::kArgus) return;
  if (coder_ != nullptr) {
    gst_element_set_state(coder_, GST_STATE_NULL);
    gst_bin_remove(GST_BIN(self_), coder_);
    coder_ = nullptr;
  } else {
    gst_element_unlink(modes_, output_);
  }
}

}  // namespace rtcpub::fake
