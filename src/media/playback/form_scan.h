#pragma once

#include <gst/gst.h>

#include <functional>

namespace rtcpub::media {

/// Looks at the first access units of H264 that pass a pad, and says whether they can be sent as
/// they come: not with B-frames, and not in another form than 8-bit 4:2:0. It says so as soon as
/// the parameter sets rule both out, or when enough were seen.
///
/// Runs on: GStreamer's streaming thread; what it says is called there.
class FormScan {
 public:
  enum class Finding { kFit, kBFrames, kOtherForm };
  using Report = std::function<void(Finding)>;

  /// Begins; the pad must outlive neither of them.
  static void begin(GstPad* pad, int enough, Report report);

 private:
  FormScan(int enough, Report report) : left_(enough), report_(std::move(report)) {}
  static GstPadProbeReturn onData(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  /// What is known now, if it is.
  [[nodiscard]] bool take(GstBuffer* buffer, Finding& finding);

  int left_;
  Report report_;
};

}  // namespace rtcpub::media
