#include "element.h"

#include <algorithm>

namespace rtcpub::fake {
namespace {

struct State {
  std::unique_ptr<Behaviour> behaviour;
  std::vector<GValue> values;  // of the properties, in their order
  Fault fault;
  int frames = 0;  // the streaming thread's
};

struct Element {
  GstBin bin;
  State* state;
};

struct ElementClass {
  GstBinClass parent;
  const ElementSpec* spec;
};

GstElementClass* parentClass() {
  return static_cast<GstElementClass*>(g_type_class_peek(GST_TYPE_BIN));
}

const ElementSpec& specOf(gpointer self) {
  return *reinterpret_cast<ElementClass*>(G_OBJECT_GET_CLASS(self))->spec;
}

// What is to happen to a buffer when the fault's time has come.
GstPadProbeReturn strike(Element* self, GstPadProbeInfo* info) {
  State& state = *self->state;
  if (state.fault.then == Fault::Then::kStall) return GST_PAD_PROBE_DROP;
  if (state.fault.then == Fault::Then::kError) {
    GST_ELEMENT_ERROR(self, RESOURCE, READ, ("The device has gone."), ("as the test wants"));
  }
  gst_buffer_unref(GST_PAD_PROBE_INFO_BUFFER(info));
  info->data = nullptr;
  GST_PAD_PROBE_INFO_FLOW_RETURN(info) =
      state.fault.then == Fault::Then::kError ? GST_FLOW_ERROR : GST_FLOW_EOS;
  return GST_PAD_PROBE_HANDLED;
}

GstPadProbeReturn onBuffer(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<Element*>(data);
  State& state = *self->state;
  if (state.fault.then == Fault::Then::kNothing) return GST_PAD_PROBE_OK;
  return ++state.frames > state.fault.frames ? strike(self, info) : GST_PAD_PROBE_OK;
}

// Whether the state can change, given why the device says that it can't.
bool allow(Element* self, Fault::Open why) {
  if (why == Fault::Open::kFine) return true;
  if (self->state->behaviour->refuse(why)) return false;
  self->state->fault = {.then = Fault::Then::kEnd};
  return true;
}

bool openDevice(Element* self) {
  State& state = *self->state;
  state.frames = 0;
  state.fault = takeFault(specOf(self).name, state.behaviour->device());
  const Fault::Open wanted = state.fault.open;
  const bool now = wanted != Fault::Open::kFine && !state.behaviour->foundOutLate(wanted);
  return allow(self, now ? wanted : state.behaviour->open());
}

bool startDevice(Element* self) {
  State& state = *self->state;
  const Fault::Open wanted = state.fault.open;
  return allow(self, wanted != Fault::Open::kFine ? wanted : state.behaviour->start());
}

GstStateChangeReturn changeState(GstElement* element, GstStateChange change) {
  auto* self = reinterpret_cast<Element*>(element);
  Behaviour& behaviour = *self->state->behaviour;
  const bool opening = change == GST_STATE_CHANGE_NULL_TO_READY;
  const bool starting = change == GST_STATE_CHANGE_READY_TO_PAUSED;
  if ((opening && !openDevice(self)) || (starting && !startDevice(self))) {
    return GST_STATE_CHANGE_FAILURE;
  }
  const GstStateChangeReturn result = parentClass()->change_state(element, change);
  const bool failed = result == GST_STATE_CHANGE_FAILURE;
  if ((starting && failed) || change == GST_STATE_CHANGE_PAUSED_TO_READY) behaviour.stop();
  if ((opening && failed) || change == GST_STATE_CHANGE_READY_TO_NULL) behaviour.close();
  return result;
}

void setProperty(GObject* object, guint id, const GValue* value, GParamSpec* /*spec*/) {
  State& state = *reinterpret_cast<Element*>(object)->state;
  g_value_copy(value, &state.values[id - 1]);
  if (state.behaviour) state.behaviour->changed();
}

void getProperty(GObject* object, guint id, GValue* value, GParamSpec* /*spec*/) {
  g_value_copy(&reinterpret_cast<Element*>(object)->state->values[id - 1], value);
}

void finalize(GObject* object) {
  auto* self = reinterpret_cast<Element*>(object);
  for (GValue& value : self->state->values) g_value_unset(&value);
  delete self->state;
  G_OBJECT_CLASS(parentClass())->finalize(object);
}

void addTemplate(GstElementClass* element, const char* name, GstPadDirection direction,
                 const char* text) {
  GstCaps* caps = gst_caps_from_string(text);
  gst_element_class_add_pad_template(element,
                                     gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps));
  gst_caps_unref(caps);
}

void initClass(gpointer klass, gpointer data) {
  const auto* spec = static_cast<const ElementSpec*>(data);
  static_cast<ElementClass*>(klass)->spec = spec;
  auto* object = G_OBJECT_CLASS(klass);
  object->set_property = setProperty;
  object->get_property = getProperty;
  object->finalize = finalize;
  guint id = 0;
  for (const Property& property : spec->properties) {
    g_object_class_install_property(object, ++id, makeParamSpec(property, spec->name));
  }
  auto* element = GST_ELEMENT_CLASS(klass);
  element->change_state = changeState;
  gst_element_class_set_metadata(element, spec->title, spec->klass,
                                 "Stands in for the vendor's element in tests", "RTCPub");
  if (spec->sinkCaps != nullptr) addTemplate(element, "sink", GST_PAD_SINK, spec->sinkCaps);
  addTemplate(element, "src", GST_PAD_SRC, spec->sourceCaps);
}

GstPad* expose(GstElement* self, GstElement* inner, const char* name) {
  GstPad* target = gst_element_get_static_pad(inner, name);
  GstPadTemplate* templ = gst_element_get_pad_template(self, name);
  GstPad* pad = gst_ghost_pad_new_from_template(name, target, templ);
  gst_object_unref(target);
  gst_element_add_pad(self, pad);
  return pad;
}

void initInstance(GTypeInstance* instance, gpointer klass) {
  auto* self = reinterpret_cast<Element*>(instance);
  auto* element = reinterpret_cast<GstElement*>(instance);
  const ElementSpec& spec = *static_cast<ElementClass*>(klass)->spec;
  self->state = new State;
  for (const Property& property : spec.properties) {
    GParamSpec* param = g_object_class_find_property(G_OBJECT_CLASS(klass), property.name.c_str());
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_PARAM_SPEC_VALUE_TYPE(param));
    g_param_value_set_default(param, &value);
    self->state->values.push_back(value);
  }
  auto behaviour = spec.behaviour(element);
  const Behaviour::Ends ends = behaviour->build(&self->bin);
  if (ends.first != nullptr) expose(element, ends.first, "sink");
  GstPad* source = expose(element, ends.last, "src");
  gst_pad_add_probe(source, GST_PAD_PROBE_TYPE_BUFFER, onBuffer, self, nullptr);
  if (ends.first == nullptr) GST_OBJECT_FLAG_SET(element, GST_ELEMENT_FLAG_SOURCE);
  self->state->behaviour = std::move(behaviour);
}

}  // namespace

bool registerElement(GstPlugin* plugin, const ElementSpec& spec) {
  GTypeInfo info{};
  info.class_size = sizeof(ElementClass);
  info.class_init = initClass;
  info.class_data = &spec;
  info.instance_size = sizeof(Element);
  info.instance_init = initInstance;
  const std::string typeName = "RtcpubFake-" + spec.name;
  const GType type =
      g_type_register_static(GST_TYPE_BIN, typeName.c_str(), &info, static_cast<GTypeFlags>(0));
  return gst_element_register(plugin, spec.name.c_str(), GST_RANK_PRIMARY, type) != FALSE;
}

GstElement* add(GstBin* bin, const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element == nullptr) g_error("the fake elements need %s", factory);
  gst_bin_add(bin, element);
  return element;
}

GstElement* addFilter(GstBin* bin, const char* caps) {
  GstElement* filter = add(bin, "capsfilter");
  setCaps(filter, caps);
  return filter;
}

void setCaps(GstElement* filter, const std::string& text) {
  GstCaps* caps = gst_caps_from_string(text.c_str());
  if (caps == nullptr) g_error("these are no caps: %s", text.c_str());
  g_object_set(filter, "caps", caps, nullptr);
  gst_caps_unref(caps);
}

std::string textOf(GstElement* element, const char* property) {
  auto* value = valueOf<gchar*>(element, property);
  std::string text = value != nullptr ? value : "";
  g_free(value);
  return text;
}

}  // namespace rtcpub::fake
