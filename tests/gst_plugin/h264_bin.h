#pragma once

#include <string>

#include "element.h"

namespace rtcpub::fake {

/// The inside of an encoder's element: x264enc, told what the vendor's properties mean.
///
/// Runs on: as Behaviour.
class H264Bin : public Behaviour {
 public:
  H264Bin(GstElement* self, const char* sinkCaps, const char* sourceCaps)
      : self_(self), sinkCaps_(sinkCaps), sourceCaps_(sourceCaps) {}

  Ends build(GstBin* bin) override;
  Fault::Open open() override;
  bool refuse(Fault::Open why) override;
  void changed() override;

 protected:
  /// What x264enc understands.
  struct Settings {
    guint kbps = 2000;            // 1,000 bits a second
    guint keyFrameInterval = 30;  // frames
    guint betweenFrames = 0;      // B-frames
    guint vbvMilliseconds = 600;  // how long it takes to send what the buffer holds
    bool repeatHeaders = true;    // SPS and PPS with every key frame, not the first one alone
  };
  [[nodiscard]] virtual Settings settings() const = 0;
  /// Whether the caps that the neighbours agreed on would work on the real thing.
  [[nodiscard]] virtual bool accepts() const { return true; }
  [[nodiscard]] GstElement* self() const { return self_; }

 private:
  static GstPadProbeReturn onOutput(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn onInputEvent(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  GstElement* const self_;
  const char* const sinkCaps_;
  const char* const sourceCaps_;
  GstElement* coder_ = nullptr;
  bool repeatHeaders_ = true;
  bool headersSent_ = false;  // the streaming thread's
};

/// How many milliseconds it takes to send so many bits; 0: as long as x264enc has by itself.
guint vbvMilliseconds(double bits, double kbps);

}  // namespace rtcpub::fake
