#include "caps_bridge.h"
#include "specs.h"

namespace rtcpub::fake {
namespace {

// NVIDIA counts its turns in another order than videoflip does: 1 is counter-clockwise.
const std::vector<Choice>& turns() {
  static const std::vector<Choice> choices{
      {0, "none"},          {1, "counterclockwise"},   {2, "rotate-180"},
      {3, "clockwise"},     {4, "horizontal-flip"},    {5, "upper-right-diagonal"},
      {6, "vertical-flip"}, {7, "upper-left-diagonal"}};
  return choices;
}

const char* const kFormats =
    "format=(string){I420,UYVY,YUY2,YVYU,NV12,NV16,NV24,GRAY8,BGRx,RGBA,Y42B,Y444}";

const std::string& converterCaps() {
  static const std::string caps =
      std::string("video/x-raw(memory:NVMM),") + kFormats + "; video/x-raw," + kFormats;
  return caps;
}

/// Scales, converts and turns, from and to either memory.
class NvidiaConverter final : public Behaviour {
 public:
  explicit NvidiaConverter(GstElement* self) : self_(self) {}

  Ends build(GstBin* bin) override {
    GstElement* input = addFilter(bin, converterCaps().c_str());
    GstElement* scale = add(bin, "videoscale");
    g_object_set(scale, "add-borders", FALSE, nullptr);
    turn_ = add(bin, "videoflip");
    GstElement* output = addFilter(bin, converterCaps().c_str());
    gst_element_link_many(input, addBridge(bin, Bridge::kToSystem), scale,
                          addFilter(bin, "video/x-raw,pixel-aspect-ratio=1/1"),
                          add(bin, "videoconvert"), turn_, add(bin, "videoconvert"),
                          addBridge(bin, Bridge::kFromSystem), output, nullptr);
    return {input, output};
  }

  bool refuse(Fault::Open /*why*/) override {
    GST_ELEMENT_ERROR(self_, RESOURCE, FAILED, ("Could not open the converter."), (nullptr));
    return true;
  }

  void changed() override {
    const auto turn = static_cast<std::size_t>(valueOf<gint>(self_, "flip-method"));
    gst_util_set_object_arg(G_OBJECT(turn_), "method", turns()[turn].nick);
  }

 private:
  GstElement* const self_;
  GstElement* turn_ = nullptr;
};

}  // namespace

ElementSpec nvidiaConverter() {
  return {"nvvidconv",
          "NvVidConv Plugin",
          "Filter/Converter/Video/Scaler",
          converterCaps().c_str(),
          converterCaps().c_str(),
          {choice("flip-method", 0, turns()), boolean("silent"), boolean("qos"),
           count("output-buffers", 4, 1), integer("left", 0, 0), integer("right", 0, 0),
           integer("top", 0, 0), integer("bottom", 0, 0), boolean("bl-output", true),
           choice("interpolation-method", 0,
                  {{0, "Nearest"},
                   {1, "Bilinear"},
                   {2, "5-Tap"},
                   {3, "10-Tap"},
                   {4, "Smart"},
                   {5, "Nicest"}}),
           choice("compute-hw", 0, {{0, "Default"}, {1, "GPU"}, {2, "VIC"}}),
           choice("nvbuf-memory-type", 0,
                  {{0, "nvbuf-mem-default"},
                   {1, "nvbuf-mem-cuda-pinned"},
                   {2, "nvbuf-mem-cuda-device"},
                   {4, "nvbuf-mem-surface-array"}})},
          [](GstElement* self) { return std::make_unique<NvidiaConverter>(self); }};
}

}  // namespace rtcpub::fake
