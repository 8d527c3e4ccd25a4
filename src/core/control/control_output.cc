#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "rtcpub/control.h"

namespace rtcpub {
namespace {

/// Motors take no finer ones, and a line stays short.
double rounded(double value) { return std::round(value * 10'000) / 10'000; }

}  // namespace

std::string toJson(const ControlOutput& output) {
  using Json = nlohmann::ordered_json;
  if (output.neutral || !output.until) {
    return Json{{"neutral", true}, {"reason", name(output.reason)}}.dump();
  }
  Json object{{"axes", Json::object()}, {"slow_down", output.slowDown}};
  for (const auto& [axis, value] : output.axes) object["axes"][axis] = rounded(value);
  object["until"] = output.until->time_since_epoch().count();
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub
