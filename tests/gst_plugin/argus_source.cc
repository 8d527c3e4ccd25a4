#include "camera_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

class ArgusSource final : public CameraBin {
 public:
  explicit ArgusSource(GstElement* self) : CameraBin(self, Api::kArgus) {}

  [[nodiscard]] std::string device() const override {
    return std::to_string(valueOf<gint>(self(), "sensor-id"));
  }

  [[nodiscard]] bool foundOutLate(Fault::Open /*why*/) const override { return true; }

  Fault::Open start() override { return missing_ ? Fault::Open::kMissing : CameraBin::start(); }

  // The sensor is looked for when capturing begins.
  Fault::Open open() override {
    missing_ = CameraBin::open() == Fault::Open::kMissing;
    return Fault::Open::kFine;
  }

  // Argus tells its reasons on standard error, GStreamer the end of the stream.
  bool refuse(Fault::Open why) override {
    const char* reason = "Failed to create CaptureSession";
    if (why == Fault::Open::kMissing) reason = "No cameras available";
    if (why == Fault::Open::kDenied) reason = "Failed to create CameraProvider";
    g_printerr("Error generated. gstnvarguscamerasrc.cpp, execute: %s\n", reason);
    return false;
  }

  void changed() override {
    g_object_set(picture(), "num-buffers", valueOf<gint>(self(), "num-buffers"), nullptr);
  }

 protected:
  [[nodiscard]] bool isWanted(const Camera& camera) const override { return camera.id == device(); }

 private:
  bool missing_ = false;
};

}  // namespace

ElementSpec argusSource() {
  return {"nvarguscamerasrc",
          "NvArgusCameraSrc",
          "Video/Capture",
          nullptr,
          "video/x-raw(memory:NVMM),format=(string)NV12",
          {integer("sensor-id", 0, 0, 255),
           integer("sensor-mode", -1, -1, 255),
           boolean("do-timestamp", true),
           boolean("silent", true),
           boolean("show-latency"),
           integer("num-buffers", -1),
           count("timeout", 0, 0, kMaxInt),
           nanoseconds("acquire-wait", 5e9, 5e9),
           nanoseconds("event-wait", 3e9, 3e9),
           choice("wbmode", 1,
                  {{0, "off"},
                   {1, "auto"},
                   {2, "incandescent"},
                   {3, "fluorescent"},
                   {4, "warm-fluorescent"},
                   {5, "daylight"},
                   {6, "cloudy-daylight"},
                   {7, "twilight"},
                   {8, "shade"},
                   {9, "manual"}}),
           choice("tnr-mode", 1,
                  {{0, "NoiseReduction_Off"},
                   {1, "NoiseReduction_Fast"},
                   {2, "NoiseReduction_HighQuality"}}),
           choice("ee-mode", 1,
                  {{0, "EdgeEnhancement_Off"},
                   {1, "EdgeEnhancement_Fast"},
                   {2, "EdgeEnhancement_HighQuality"}}),
           choice("aeantibanding", 1,
                  {{0, "AeAntibandingMode_Off"},
                   {1, "AeAntibandingMode_Auto"},
                   {2, "AeAntibandingMode_50HZ"},
                   {3, "AeAntibandingMode_60HZ"}}),
           real("saturation", 1, 0, 2),
           real("tnr-strength", -1, -1, 1),
           real("ee-strength", -1, -1, 1),
           real("exposurecompensation", 0, -2, 2),
           text("exposuretimerange"),
           text("gainrange"),
           text("ispdigitalgainrange"),
           text("aeregion"),
           boolean("aelock"),
           boolean("awblock")},
          [](GstElement* self) { return std::make_unique<ArgusSource>(self); }};
}

}  // namespace rtcpub::fake
