#include "media/playback/form_scan.h"

#include <utility>

#include "media/gst/gst_owned.h"
#include "media/gst/mapped_buffer.h"

namespace rtcpub::media {

namespace {

// One thing about pixels is rounding: 213:160 for 4:3, say.
constexpr double kSquare = 0.01;

std::string formOf(const h264::AccessUnit& unit) {
  if (!unit.sps) return "has H264 whose parameters can't be read";
  if (unit.sps->bits > 8) return "has " + std::to_string(unit.sps->bits) + " bits a sample";
  switch (unit.sps->chroma) {
    case 0:
      return "has H264 without colours";
    case 2:
      return "has the colours of 4:2:2";
    default:
      return "has the colours of 4:4:4";
  }
}

// How a file wants its pictures to be shown, if it isn't as they are.
std::optional<std::string> turnOf(GstEvent* event) {
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  gchar* rawText = nullptr;
  if (gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &rawText) == FALSE) {
    return std::nullopt;
  }
  const Owned<gchar> text(rawText);
  const std::string turn(text.get());
  if (turn == "rotate-0") return std::nullopt;
  return "is to be shown turned (" + turn + "), which no viewer would do";
}

std::optional<std::string> shapeOf(GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  gint across = 1;
  gint down = 1;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_get_fraction(structure, "pixel-aspect-ratio", &across, &down) == FALSE ||
      across <= 0 || down <= 0) {
    return std::nullopt;
  }
  const double shape = static_cast<double>(across) / down;
  if (shape > 1 - kSquare && shape < 1 + kSquare) return std::nullopt;
  return "has pixels that are not square (" + std::to_string(across) + ":" + std::to_string(down) +
         "), but would be shown so";
}

}  // namespace

std::optional<std::string> misfitOf(const h264::AccessUnit& unit) {
  if (unit.bSlices) return "has B-frames, which can't be sent without delay";
  if (unit.plain420) return std::nullopt;
  return formOf(unit) + ", which WebRTC lacks";
}

void FormScan::begin(GstPad* pad, int enough, Report report) {
  const auto release = [](gpointer scan) { delete static_cast<FormScan*>(scan); };
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      onData, new FormScan(enough, std::move(report)), release);
}

GstPadProbeReturn FormScan::onData(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FormScan*>(data);
  const bool event = (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0;
  const bool over = event ? self->takeEvent(GST_PAD_PROBE_INFO_EVENT(info))
                          : self->take(GST_PAD_PROBE_INFO_BUFFER(info));
  if (!over) return GST_PAD_PROBE_OK;
  self->report_(self->misfit_);
  return GST_PAD_PROBE_REMOVE;
}

bool FormScan::take(GstBuffer* buffer) {
  const h264::AccessUnit unit = h264::inspect(MappedBuffer(buffer).bytes());
  misfit_ = misfitOf(unit);
  return --left_ <= 0 || misfit_ || (unit.sps && unit.sps->rulesOutBFrames());
}

bool FormScan::takeEvent(GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_EOS:
      return true;
    case GST_EVENT_CAPS:
      misfit_ = shapeOf(event);
      return misfit_.has_value();
    case GST_EVENT_TAG:
      misfit_ = turnOf(event);
      return misfit_.has_value();
    default:
      return false;
  }
}

}  // namespace rtcpub::media
