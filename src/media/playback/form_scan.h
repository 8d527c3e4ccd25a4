#pragma once

#include <gst/gst.h>

#include <functional>
#include <optional>
#include <string>

#include "core/h264/h264.h"

namespace rtcpub::media {

/// Why an access unit can't be sent as it comes: "has B-frames, …", the end of a sentence that
/// begins with the source. Nothing if it can.
std::optional<std::string> misfitOf(const h264::AccessUnit& unit);

/// Looks at the first access units of H264 that pass a pad, and at what is said of them, and tells
/// whether they can be sent as they come: not with B-frames, not in another form than 8-bit 4:2:0,
/// and not if they are to be shown turned, or with pixels that aren't square, since viewers do
/// neither. It says so as soon as the parameter sets rule that out, or when enough were seen.
///
/// Runs on: GStreamer's streaming thread; what it says is called there.
class FormScan {
 public:
  /// Nothing if they can be sent; else why they can't, as misfitOf says it.
  using Report = std::function<void(const std::optional<std::string>&)>;

  /// Begins; the pad must outlive neither of them.
  static void begin(GstPad* pad, int enough, Report report);

 private:
  FormScan(int enough, Report report) : left_(enough), report_(std::move(report)) {}
  static GstPadProbeReturn onData(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  /// Whether all is known that will be.
  [[nodiscard]] bool take(GstBuffer* buffer);
  [[nodiscard]] bool takeEvent(GstEvent* event);

  int left_;
  std::optional<std::string> misfit_;
  Report report_;
};

}  // namespace rtcpub::media
