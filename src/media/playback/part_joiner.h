#pragma once

#include <gst/gst.h>

#include "core/h264/picture_join.h"
#include "media/gst/gst_owned.h"

namespace rtcpub::media {

/// Sees to it that what an RTP depayloader of H264 or H265 yields are whole pictures, wherever the
/// markers stand.
///
/// Runs on: the depayloader's streaming thread.
class PartJoiner {
 public:
  /// Watches all depayloaders that the pipeline has, or gets later, for as long as they live.
  static void watch(GstBin* pipeline);

 private:
  explicit PartJoiner(PartCodec codec) : codec_(codec) {}
  static void attach(GstElement* element);
  static GstPadProbeReturn onData(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  GstPadProbeReturn takeEvent(GstPad* pad, GstEvent* event);
  GstPadProbeReturn takeBuffer(GstPad* pad, GstPadProbeInfo* info);
  void send(GstPad* pad);
  [[nodiscard]] PicturePart partOf(GstPad* pad, GstBuffer* buffer) const;

  const PartCodec codec_;
  PictureJoin join_;
  Owned<GstBuffer> held_;
};

}  // namespace rtcpub::media
