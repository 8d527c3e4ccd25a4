#include "media/playback/part_joiner.h"

#include <optional>
#include <string_view>

#include "media/gst/mapped_buffer.h"

namespace rtcpub::media {

namespace {

std::optional<PartCodec> codecOf(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  if (factory == nullptr) return std::nullopt;
  const std::string_view name = GST_OBJECT_NAME(factory);
  if (name == "rtph264depay") return PartCodec::kH264;
  if (name == "rtph265depay") return PartCodec::kH265;
  return std::nullopt;
}

PartFraming framingOf(GstPad* pad) {
  const Owned<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (!caps || gst_caps_is_empty(caps.get()) != FALSE) return PartFraming::kStartCodes;
  const char* format =
      gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "stream-format");
  const bool codes = format == nullptr || std::string_view(format) == "byte-stream";
  return codes ? PartFraming::kStartCodes : PartFraming::kLengths;
}

// A held picture must not be overtaken by what is said of the pictures behind it.
bool endsPicture(GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
    case GST_EVENT_SEGMENT:
    case GST_EVENT_EOS:
      return true;
    default:
      return false;
  }
}

}  // namespace

void PartJoiner::watch(GstBin* pipeline) {
  const auto onAdded = +[](GstBin* /*pipeline*/, GstBin* /*bin*/, GstElement* element,
                           gpointer /*data*/) { attach(element); };
  g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(onAdded), nullptr);
  GstIterator* elements = gst_bin_iterate_recurse(pipeline);
  const auto onElement = +[](const GValue* value, gpointer /*data*/) {
    attach(static_cast<GstElement*>(g_value_get_object(value)));
  };
  (void)gst_iterator_foreach(elements, onElement, nullptr);
  gst_iterator_free(elements);
}

void PartJoiner::attach(GstElement* element) {
  const auto codec = codecOf(element);
  if (!codec) return;
  const Owned<GstPad> pad(gst_element_get_static_pad(element, "src"));
  gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      onData, new PartJoiner(*codec),
      [](gpointer joiner) { delete static_cast<PartJoiner*>(joiner); });
}

GstPadProbeReturn PartJoiner::onData(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<PartJoiner*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
    return self->takeEvent(pad, GST_PAD_PROBE_INFO_EVENT(info));
  }
  return self->takeBuffer(pad, info);
}

GstPadProbeReturn PartJoiner::takeEvent(GstPad* pad, GstEvent* event) {
  if (held_ && endsPicture(event)) {
    send(pad);
    join_.onReleased();
  }
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn PartJoiner::takeBuffer(GstPad* pad, GstPadProbeInfo* info) {
  using Held = PictureJoin::Step::Held;
  using Part = PictureJoin::Step::Part;
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto step = join_.take(partOf(pad, buffer));
  if (step.held == Held::kSend) send(pad);
  if (step.held == Held::kDrop) held_.reset();
  if (step.gap) {
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
  }
  switch (step.part) {
    case Part::kSend:
      return GST_PAD_PROBE_OK;
    case Part::kHold:
      held_.reset(gst_buffer_ref(buffer));
      return GST_PAD_PROBE_DROP;
    case Part::kJoin:
      held_.reset(gst_buffer_append(held_.release(), gst_buffer_ref(buffer)));
      return GST_PAD_PROBE_DROP;
    default:
      return GST_PAD_PROBE_DROP;
  }
}

// What became of it the next part is told, too.
void PartJoiner::send(GstPad* pad) {
  const Owned<GstPad> peer(gst_pad_get_peer(pad));
  if (peer) (void)gst_pad_chain(peer.get(), held_.release());
  held_.reset();
}

PicturePart PartJoiner::partOf(GstPad* pad, GstBuffer* buffer) const {
  PicturePart part = inspectPart(MappedBuffer(buffer).bytes(), codec_, framingOf(pad));
  part.gap = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  return part;
}

}  // namespace rtcpub::media
