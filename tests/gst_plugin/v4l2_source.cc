#include <cerrno>

#include "camera_bin.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

// The messages are those of gst-plugins-good/sys/v4l2/v4l2_calls.c and gstv4l2object.c.
class V4l2Source final : public CameraBin {
 public:
  explicit V4l2Source(GstElement* self) : CameraBin(self, Api::kV4l2) {}

  [[nodiscard]] std::string device() const override { return textOf(self(), "device"); }

  // Opening works while somebody else is streaming; setting a format doesn't.
  [[nodiscard]] bool foundOutLate(Fault::Open why) const override {
    return why == Fault::Open::kBusy;
  }

  bool refuse(Fault::Open why) override {
    const std::string path = device();
    if (why == Fault::Open::kMissing) {
      GST_ELEMENT_ERROR(self(), RESOURCE, NOT_FOUND, ("Cannot identify device '%s'.", path.c_str()),
                        ("system error: %s", g_strerror(ENOENT)));
    } else if (why == Fault::Open::kDenied) {
      GST_ELEMENT_ERROR(self(), RESOURCE, OPEN_READ_WRITE,
                        ("Could not open device '%s' for reading and writing.", path.c_str()),
                        ("system error: %s", g_strerror(EACCES)));
    } else {
      GST_ELEMENT_ERROR(self(), RESOURCE, BUSY, ("Device '%s' is busy", path.c_str()),
                        ("Call to S_FMT failed for YUYV @ 640x480: %s", g_strerror(EBUSY)));
    }
    return true;
  }

  void changed() override {
    g_object_set(picture(), "num-buffers", valueOf<gint>(self(), "num-buffers"), nullptr);
  }

 protected:
  [[nodiscard]] bool isWanted(const Camera& camera) const override { return camera.id == device(); }
};

}  // namespace

ElementSpec v4l2Source() {
  return {"v4l2src",
          "Video (video4linux2) Source",
          "Source/Video",
          nullptr,
          "image/jpeg; video/x-h264,stream-format=(string){byte-stream,avc},alignment=(string)au; "
          "video/x-raw; video/x-bayer",
          {text("device", "/dev/video0"), text("device-name"), integer("device-fd", -1),
           choice("io-mode", 0,
                  {{0, "auto"},
                   {1, "rw"},
                   {2, "mmap"},
                   {3, "userptr"},
                   {4, "dmabuf"},
                   {5, "dmabuf-import"}}),
           structure("extra-controls"), boolean("do-timestamp"), integer("num-buffers", -1),
           text("pixel-aspect-ratio"), boolean("force-aspect-ratio", true),
           integer("brightness", 0, -kMaxInt), integer("contrast", 0, -kMaxInt),
           integer("saturation", 0, -kMaxInt), integer("hue", 0, -kMaxInt)},
          [](GstElement* self) { return std::make_unique<V4l2Source>(self); }};
}

}  // namespace rtcpub::fake
