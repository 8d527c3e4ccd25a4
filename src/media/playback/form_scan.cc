#include "media/playback/form_scan.h"

#include <utility>

#include "core/h264.h"
#include "media/gst/mapped_buffer.h"

namespace rtcpub::media {

void FormScan::begin(GstPad* pad, int enough, Report report) {
  const auto release = [](gpointer scan) { delete static_cast<FormScan*>(scan); };
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      onData, new FormScan(enough, std::move(report)), release);
}

GstPadProbeReturn FormScan::onData(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FormScan*>(data);
  Finding finding = Finding::kFit;
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) return GST_PAD_PROBE_OK;
  } else if (!self->take(GST_PAD_PROBE_INFO_BUFFER(info), finding)) {
    return GST_PAD_PROBE_OK;
  }
  self->report_(finding);
  return GST_PAD_PROBE_REMOVE;
}

bool FormScan::take(GstBuffer* buffer, Finding& finding) {
  const h264::AccessUnit unit = h264::inspect(MappedBuffer(buffer).bytes());
  if (!unit.plain420) finding = Finding::kOtherForm;
  if (unit.bSlices) finding = Finding::kBFrames;
  return --left_ <= 0 || finding != Finding::kFit || (unit.sps && unit.sps->rulesOutBFrames());
}

}  // namespace rtcpub::media
