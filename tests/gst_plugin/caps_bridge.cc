#include "caps_bridge.h"

#include <gst/base/gstbasetransform.h>

#include <initializer_list>

namespace rtcpub::fake {
namespace {

struct Transform {
  GstBaseTransform parent;
  Bridge bridge;
};

struct TransformClass {
  GstBaseTransformClass parent;
};

GstCaps* withMemory(GstCaps* caps, const char* feature) {
  GstCaps* result = gst_caps_copy(caps);
  for (guint i = 0; i < gst_caps_get_size(result); ++i) {
    gst_caps_set_features(result, i, gst_caps_features_new(feature, nullptr));
  }
  return result;
}

GstCaps* withEitherMemory(GstCaps* caps) {
  return gst_caps_merge(withMemory(caps, "memory:NVMM"),
                        withMemory(caps, GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY));
}

GstCaps* withoutLevel(GstCaps* caps) {
  GstCaps* result = gst_caps_copy(caps);
  for (guint i = 0; i < gst_caps_get_size(result); ++i) {
    gst_structure_remove_field(gst_caps_get_structure(result, i), "level");
  }
  return result;
}

GstCaps* across(Bridge bridge, GstPadDirection from, GstCaps* caps) {
  if (bridge == Bridge::kAnyLevel) return withoutLevel(caps);
  const bool toSystem = (bridge == Bridge::kToSystem) == (from == GST_PAD_SINK);
  return toSystem ? withMemory(caps, GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY)
                  : withEitherMemory(caps);
}

GstCaps* transformCaps(GstBaseTransform* base, GstPadDirection from, GstCaps* caps,
                       GstCaps* filter) {
  GstCaps* result = across(reinterpret_cast<Transform*>(base)->bridge, from, caps);
  if (filter == nullptr) return result;
  GstCaps* filtered = gst_caps_intersect_full(result, filter, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(result);
  return filtered;
}

GstFlowReturn leave(GstBaseTransform* /*base*/, GstBuffer* /*buffer*/) { return GST_FLOW_OK; }

gboolean sameSize(GstBaseTransform* /*base*/, GstPadDirection /*from*/, GstCaps* /*caps*/,
                  gsize size, GstCaps* /*others*/, gsize* other) {
  *other = size;
  return TRUE;
}

void initClass(gpointer klass, gpointer /*data*/) {
  auto* transform = GST_BASE_TRANSFORM_CLASS(klass);
  transform->transform_caps = transformCaps;
  transform->transform_ip = leave;
  transform->transform_size = sameSize;
  transform->passthrough_on_same_caps = TRUE;
  auto* element = GST_ELEMENT_CLASS(klass);
  for (const auto direction : {GST_PAD_SINK, GST_PAD_SRC}) {
    gst_element_class_add_pad_template(
        element, gst_pad_template_new(direction == GST_PAD_SINK ? "sink" : "src", direction,
                                      GST_PAD_ALWAYS, GST_CAPS_ANY));
  }
  gst_element_class_set_metadata(element, "Caps bridge", "Generic", "Renames memory", "RTCPub");
}

GType bridgeType() {
  static const GType type = [] {
    GTypeInfo info{};
    info.class_size = sizeof(TransformClass);
    info.class_init = initClass;
    info.instance_size = sizeof(Transform);
    return g_type_register_static(GST_TYPE_BASE_TRANSFORM, "RtcpubFakeCapsBridge", &info,
                                  static_cast<GTypeFlags>(0));
  }();
  return type;
}

}  // namespace

GstElement* addBridge(GstBin* bin, Bridge bridge) {
  auto* element = static_cast<GstElement*>(g_object_new(bridgeType(), nullptr));
  reinterpret_cast<Transform*>(element)->bridge = bridge;
  gst_bin_add(bin, element);
  return element;
}

}  // namespace rtcpub::fake
