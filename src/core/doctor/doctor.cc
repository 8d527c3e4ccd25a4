#include "rtcpub/doctor.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace rtcpub {
namespace {

using Json = nlohmann::ordered_json;

Json toObject(const Check& check) {
  Json object{{"name", check.name}, {"result", name(check.result)}, {"found", check.found}};
  if (!check.advice.empty()) object["advice"] = check.advice;
  for (const auto& [figure, value] : check.figures) {
    if (std::isfinite(value)) object["figures"][figure] = std::round(value * 1000) / 1000;
  }
  return object;
}

}  // namespace

const char* name(CheckResult result) {
  switch (result) {
    case CheckResult::kOk:
      return "ok";
    case CheckResult::kWarning:
      return "warning";
    case CheckResult::kFailed:
      return "failed";
    case CheckResult::kUnknown:
      break;
  }
  return "unknown";
}

std::string toJson(const Diagnosis& diagnosis) {
  Json checks = Json::array();
  for (const Check& check : diagnosis.checks) checks.push_back(toObject(check));
  const Json json{{"can_publish", diagnosis.obstacles.empty()},
                  {"obstacles", diagnosis.obstacles},
                  {"checks", std::move(checks)}};
  // A certificate's names may be in any encoding.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub
