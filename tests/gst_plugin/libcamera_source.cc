#include <cerrno>

#include "camera_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

// The messages are those of libcamera's src/gstreamer/gstlibcamerasrc.cpp.
class LibcameraSource final : public CameraBin {
 public:
  explicit LibcameraSource(GstElement* self) : CameraBin(self, Api::kLibcamera) {}

  [[nodiscard]] std::string device() const override { return textOf(self(), "camera-name"); }

  bool refuse(Fault::Open why) override {
    const std::string name = device();
    if (why == Fault::Open::kMissing && name.empty()) {
      GST_ELEMENT_ERROR(self(), RESOURCE, NOT_FOUND,
                        ("Could not find any supported camera on this system."),
                        ("libcamera::CameraMananger::cameras() is empty"));
    } else if (why == Fault::Open::kMissing) {
      GST_ELEMENT_ERROR(self(), RESOURCE, NOT_FOUND,
                        ("Could not find a camera named '%s'.", name.c_str()),
                        ("libcamera::CameraMananger::get() returned nullptr"));
    } else {
      const int error = why == Fault::Open::kDenied ? EACCES : EBUSY;
      GST_ELEMENT_ERROR(self(), RESOURCE, BUSY,
                        ("Camera name '%s' is already in use.", name.c_str()),
                        ("libcamera::Camera::acquire() failed: %s", g_strerror(error)));
    }
    return true;
  }

 protected:
  // Without a name it is the first one.
  [[nodiscard]] bool isWanted(const Camera& camera) const override {
    return device().empty() || camera.id == device();
  }
};

}  // namespace

// Not a GstBaseSrc: it has neither num-buffers nor do-timestamp.
ElementSpec libcameraSource() {
  return {"libcamerasrc",
          "libcamera Source",
          "Source/Video",
          nullptr,
          "video/x-raw; image/jpeg; video/x-bayer",
          {text("camera-name")},
          [](GstElement* self) { return std::make_unique<LibcameraSource>(self); }};
}

}  // namespace rtcpub::fake
