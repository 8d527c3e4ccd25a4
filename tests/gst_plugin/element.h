#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fault.h"
#include "property.h"

namespace rtcpub::fake {

/// What one of the elements does: builds the inside of a bin and maps the properties onto it.
///
/// Runs on: as GStreamer calls an element.
class Behaviour {
 public:
  Behaviour() = default;
  Behaviour(const Behaviour&) = delete;
  Behaviour& operator=(const Behaviour&) = delete;
  virtual ~Behaviour() = default;

  /// Fills the bin; the ends are what its pads shall lead to.
  struct Ends {
    GstElement* first = nullptr;  // without one: a source
    GstElement* last = nullptr;
  };
  virtual Ends build(GstBin* bin) = 0;
  /// Which device is to be opened; "" for an element without devices.
  [[nodiscard]] virtual std::string device() const { return ""; }
  /// NULL to READY and back. Says why it can't be.
  virtual Fault::Open open() { return Fault::Open::kFine; }
  virtual void close() {}
  /// READY to PAUSED and back.
  virtual Fault::Open start() { return Fault::Open::kFine; }
  virtual void stop() {}
  /// Whether this is found out by start(), not by open().
  [[nodiscard]] virtual bool foundOutLate(Fault::Open /*why*/) const { return false; }
  /// Posts what the vendor's element says when its device can't be opened. False if that is
  /// nothing: the stream begins and ends.
  virtual bool refuse(Fault::Open why) = 0;
  /// A property was set.
  virtual void changed() {}
};

/// What is registered under a vendor's name.
struct ElementSpec {
  std::string name;
  const char* title = "";
  const char* klass = "";
  const char* sinkCaps = nullptr;
  const char* sourceCaps = nullptr;
  std::vector<Property> properties;
  std::function<std::unique_ptr<Behaviour>(GstElement* self)> behaviour;
};

/// The specification must live for ever, as GObject's types do.
bool registerElement(GstPlugin* plugin, const ElementSpec& spec);

/// An element of GStreamer's own, put into the bin; the bin owns it.
GstElement* add(GstBin* bin, const char* factory);
/// A caps filter, put into the bin.
GstElement* addFilter(GstBin* bin, const char* caps);
void setCaps(GstElement* filter, const std::string& caps);

/// A property's value.
template <class T>
T valueOf(GstElement* element, const char* property) {
  T value{};
  g_object_get(element, property, &value, nullptr);
  return value;
}
std::string textOf(GstElement* element, const char* property);

}  // namespace rtcpub::fake
