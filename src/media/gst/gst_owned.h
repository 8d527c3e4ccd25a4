#pragma once

#include <gst/gst.h>

#include <memory>

namespace rtcpub::media {

/// How what GStreamer and GLib hand out is given back.
struct Release {
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GstPad* pad) const { gst_object_unref(pad); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
  void operator()(GstBuffer* buffer) const { gst_buffer_unref(buffer); }
  void operator()(GstClock* clock) const { gst_object_unref(clock); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstStructure* structure) const { gst_structure_free(structure); }
  void operator()(GstElementFactory* factory) const { gst_object_unref(factory); }
  void operator()(GstParseContext* context) const { gst_parse_context_free(context); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(gchar* text) const { g_free(text); }
  void operator()(gchar** texts) const { g_strfreev(texts); }
};

/// The one owner of a reference.
template <class T>
using Owned = std::unique_ptr<T, Release>;

}  // namespace rtcpub::media
