#include "h264_bin.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "caps_bridge.h"

namespace rtcpub::fake {
namespace {

constexpr guint kDefaultVbv = 600;  // x264enc's own, in milliseconds
constexpr int kSps = 7;             // NAL unit types, ITU-T H.264 table 7-1
constexpr int kPps = 8;

// Where the next start code 00 00 01 begins, from `from` on; the end if there is none.
std::size_t nextStart(const std::uint8_t* data, std::size_t size, std::size_t from) {
  for (std::size_t i = from; i + 3 <= size; ++i) {
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) return i;
  }
  return size;
}

// The access unit without its SPS and PPS.
std::vector<std::uint8_t> withoutHeaders(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> kept;
  for (std::size_t begin = nextStart(data, size, 0); begin < size;) {
    const std::size_t end = nextStart(data, size, begin + 3);
    const int type = begin + 3 < size ? data[begin + 3] & 0x1F : 0;
    if (type != kSps && type != kPps) {
      kept.push_back(0);
      kept.insert(kept.end(), data + begin, data + end);
    }
    begin = end;
  }
  return kept;
}

GstBuffer* stripped(GstBuffer* buffer) {
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return buffer;
  const auto kept = withoutHeaders(map.data, map.size);
  gst_buffer_unmap(buffer, &map);
  GstBuffer* result = gst_buffer_new_allocate(nullptr, kept.size(), nullptr);
  gst_buffer_fill(result, 0, kept.data(), kept.size());
  constexpr auto kCopied =
      static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS);
  gst_buffer_copy_into(result, buffer, kCopied, 0, static_cast<gsize>(-1));
  gst_buffer_unref(buffer);
  return result;
}

void addProbe(GstElement* element, const char* name, GstPadProbeType type,
              GstPadProbeCallback callback, gpointer data) {
  GstPad* pad = gst_element_get_static_pad(element, name);
  gst_pad_add_probe(pad, type, callback, data, nullptr);
  gst_object_unref(pad);
}

}  // namespace

guint vbvMilliseconds(double bits, double kbps) {
  if (bits <= 0 || kbps <= 0) return kDefaultVbv;
  return static_cast<guint>(std::clamp(bits / kbps, 1.0, 10000.0));
}

Behaviour::Ends H264Bin::build(GstBin* bin) {
  GstElement* input = addFilter(bin, sinkCaps_);
  coder_ = add(bin, "x264enc");
  gst_util_set_object_arg(G_OBJECT(coder_), "tune", "zerolatency");
  gst_util_set_object_arg(G_OBJECT(coder_), "speed-preset", "ultrafast");
  GstElement* output = addFilter(bin, sourceCaps_);
  gst_element_link_many(input, addBridge(bin, Bridge::kToSystem), coder_,
                        addFilter(bin, "video/x-h264,stream-format=(string)byte-stream"),
                        addBridge(bin, Bridge::kAnyLevel), output, nullptr);
  addProbe(input, "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, onInputEvent, this);
  addProbe(output, "src", GST_PAD_PROBE_TYPE_BUFFER, onOutput, this);
  return {input, output};
}

Fault::Open H264Bin::open() {
  headersSent_ = false;
  changed();
  return Fault::Open::kFine;
}

bool H264Bin::refuse(Fault::Open why) {
  if (why == Fault::Open::kBusy) {
    GST_ELEMENT_ERROR(self_, RESOURCE, BUSY, ("The encoder is busy."), (nullptr));
  } else if (why == Fault::Open::kDenied) {
    GST_ELEMENT_ERROR(self_, RESOURCE, OPEN_READ_WRITE,
                      ("Could not open the encoder's device: permission denied."), (nullptr));
  } else {
    GST_ELEMENT_ERROR(self_, RESOURCE, NOT_FOUND, ("The encoder's device isn't there."), (nullptr));
  }
  return true;
}

void H264Bin::changed() {
  const Settings wanted = settings();
  g_object_set(coder_, "bitrate", std::max(wanted.kbps, 1U), "vbv-buf-capacity",
               wanted.vbvMilliseconds, nullptr);
  repeatHeaders_ = wanted.repeatHeaders;
  if (GST_STATE(coder_) > GST_STATE_READY) return;  // the rest is fixed from then on
  g_object_set(coder_, "key-int-max", wanted.keyFrameInterval, "bframes", wanted.betweenFrames,
               nullptr);
}

GstPadProbeReturn H264Bin::onOutput(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<H264Bin*>(data);
  if (self->headersSent_ && !self->repeatHeaders_) {
    info->data = stripped(GST_PAD_PROBE_INFO_BUFFER(info));
  }
  self->headersSent_ = true;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn H264Bin::onInputEvent(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<H264Bin*>(data);
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_CAPS || self->accepts()) {
    return GST_PAD_PROBE_OK;
  }
  GST_ELEMENT_ERROR(self->self_, RESOURCE, FAILED, ("Failed to process frame."),
                    ("Maybe be due to not enough memory or failing driver"));
  return GST_PAD_PROBE_DROP;
}

}  // namespace rtcpub::fake
