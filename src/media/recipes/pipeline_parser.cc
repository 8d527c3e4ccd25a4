#include "media/recipes/pipeline_parser.h"

#include "core/text/redact.h"
#include "core/text/text.h"
#include "media/gst/gst_messages.h"

namespace rtcpub::media {

namespace {

// What the text lacks, or why it doesn't parse.
std::string parseFailure(GstParseContext* context, const GError* error) {
  const Owned<gchar*> missing(gst_parse_context_get_missing_elements(context));
  if (!missing) return redact(error->message);
  const std::string element = *missing;
  return "GStreamer has no element \"" + element + "\"" + installHint(element);
}

std::string nameOf(GstElement* element) {
  return GST_OBJECT_NAME(gst_element_get_factory(element));
}

bool takes(GParamSpec* property, const std::string& text) {
  GValue value = G_VALUE_INIT;
  g_value_init(&value, property->value_type);
  const bool taken = gst_value_deserialize_with_pspec(&value, text.c_str(), property) != FALSE &&
                     g_param_value_validate(property, &value) == FALSE;
  g_value_unset(&value);
  return taken;
}

Result<void> setProperty(GstElement* element, const std::string& name, const std::string& value) {
  GParamSpec* property = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name.c_str());
  const std::string type = nameOf(element);
  if (property == nullptr || (property->flags & G_PARAM_WRITABLE) == 0) {
    return fail(ErrorCode::kInvalidArgument,
                "video source: there is no option " + text::quote(name) +
                    "; besides size, fps, flip, format and stamp it takes the properties that "
                    "`gst-inspect-1.0 " +
                    type + "` lists");
  }
  if (!takes(property, value)) {
    return fail(ErrorCode::kInvalidArgument, "video source: the option " + text::quote(name) +
                                                 ", a property of " + type + ", takes a " +
                                                 g_type_name(property->value_type) + ", not " +
                                                 text::quote(value));
  }
  gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value.c_str());
  return {};
}

}  // namespace

Result<Owned<GstElement>> parsePipeline(const std::string& text, const std::string& subject) {
  const Owned<GstParseContext> context(gst_parse_context_new());
  GError* rawError = nullptr;
  GstElement* raw =
      gst_parse_launch_full(text.c_str(), context.get(), GST_PARSE_FLAG_FATAL_ERRORS, &rawError);
  const Owned<GError> error(rawError);
  // A new element's reference is a floating one.
  Owned<GstElement> pipeline(raw != nullptr ? GST_ELEMENT(gst_object_ref_sink(raw)) : nullptr);
  if (error) {
    return fail(ErrorCode::kMedia, subject + ": " + parseFailure(context.get(), error.get()));
  }
  return pipeline;
}

Owned<GstElement> elementOf(const Owned<GstElement>& pipeline, const char* name) {
  return Owned<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
}

Result<void> setProperties(GstElement* element, const query::Parameters& properties) {
  for (const auto& [name, value] : properties) {
    if (auto set = setProperty(element, name, value); !set) return set;
  }
  return {};
}

void setIfKnown(GstElement* element, const char* property, const char* value) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), property) == nullptr) return;
  gst_util_set_object_arg(G_OBJECT(element), property, value);
}

}  // namespace rtcpub::media
