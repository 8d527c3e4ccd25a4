#include "rtcpub/control.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text/json_members.h"

namespace rtcpub {
namespace {

using json::Json;

constexpr std::array<std::string_view, kVerdicts> kVerdictNames{
    "accepted",  "expired", "out-of-order", "other-lease", "future",   "not-neutral",
    "emergency", "blind",   "not-ready",    "no-clock",    "malformed"};
constexpr std::array<std::string_view, 5> kStateNames{"idle", "stopped", "driven", "warned",
                                                      "emergency"};
constexpr std::array<std::string_view, 7> kReasonNames{
    "", "nobody", "new-driver", "silence", "blind", "emergency", "not-ready"};

template <std::size_t size, class T>
std::string_view nameOf(const std::array<std::string_view, size>& names, T value) {
  const auto at = static_cast<std::size_t>(value);
  return at < size ? names[at] : "unknown";
}

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

double milliseconds(std::chrono::microseconds time) {
  return rounded(std::chrono::duration<double, std::milli>(time).count(), 10);
}

std::string_view name(ControlEvent::Kind kind) {
  switch (kind) {
    case ControlEvent::Kind::kCommand:
      return "command";
    case ControlEvent::Kind::kDriver:
      return "driver";
    case ControlEvent::Kind::kState:
      return "state";
    case ControlEvent::Kind::kCap:
      return "cap";
    case ControlEvent::Kind::kReady:
      return "ready";
    case ControlEvent::Kind::kRealtime:
      return "realtime";
  }
  return "unknown";
}

/// Names and words are others' choice: what isn't UTF-8 must not throw.
std::string dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void addCommand(Json& object, const ControlEvent& event) {
  object["verdict"] = name(event.verdict);
  object["lease"] = event.lease;
  object["seq"] = event.sequence;
  object["axes"] = event.axes;
  if (event.given) object["given"] = event.given->count();
  if (event.age) object["age_ms"] = milliseconds(*event.age);
  if (event.bound) object["bound_ms"] = milliseconds(*event.bound);
  if (event.delay) object["delay_ms"] = milliseconds(*event.delay);
}

}  // namespace

bool isNeutral(const Axes& axes) {
  return std::all_of(axes.begin(), axes.end(), [](const auto& axis) { return axis.second == 0; });
}

std::string_view name(Verdict verdict) { return nameOf(kVerdictNames, verdict); }
std::string_view name(GateState state) { return nameOf(kStateNames, state); }
std::string_view name(StopReason reason) { return nameOf(kReasonNames, reason); }

std::string toJson(const ControlEvent& event) {
  Json object{{"at", event.time.time_since_epoch().count()}, {"event", name(event.kind)}};
  if (event.kind == ControlEvent::Kind::kCommand) addCommand(object, event);
  object["state"] = name(event.state);
  if (event.reason != StopReason::kNone) object["reason"] = name(event.reason);
  if (event.kind != ControlEvent::Kind::kCommand) {
    if (event.lease != 0) object["lease"] = event.lease;
    if (event.driver) {
      object["driver"] = {{"id", event.driver->id}, {"name", event.driver->name}};
    }
  }
  if (event.factor != 1) object["factor"] = rounded(event.factor, 1000);
  if (!event.detail.empty()) object["detail"] = event.detail;
  return dump(object);
}

}  // namespace rtcpub
