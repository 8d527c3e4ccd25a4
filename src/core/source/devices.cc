#include "rtcpub/devices.h"

#include <nlohmann/json.hpp>

#include "core/codec.h"

namespace rtcpub {

namespace {

using Json = nlohmann::ordered_json;

Json describe(const Camera& camera) {
  Json modes = Json::array();
  for (const Camera::Mode& mode : camera.modes) {
    Json each{{"format", mode.format}, {"width", mode.width}, {"height", mode.height}};
    if (mode.fps > 0) each["fps"] = mode.fps;
    modes.push_back(std::move(each));
  }
  return {{"name", camera.name}, {"uri", camera.uri}, {"modes", std::move(modes)}};
}

Json describe(const EncoderDescription& encoder) {
  Json json{{"name", encoder.name},
            {"codec", name(kindOf(encoder.codec))},
            {"hardware", encoder.hardware},
            {"available", encoder.available},
            {"chosen", encoder.chosen}};
  if (!encoder.hint.empty()) json["hint"] = encoder.hint;
  return json;
}

}  // namespace

std::string toJson(const Devices& devices) {
  Json cameras = Json::array();
  for (const Camera& camera : devices.cameras) cameras.push_back(describe(camera));
  Json encoders = Json::array();
  for (const auto& encoder : devices.encoders) encoders.push_back(describe(encoder));
  const Json json{
      {"cameras", std::move(cameras)}, {"encoders", std::move(encoders)}, {"hints", devices.hints}};
  // A camera's name may be in any encoding.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub
