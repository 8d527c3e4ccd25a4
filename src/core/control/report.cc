#include "core/control/report.h"

#include <algorithm>
#include <cmath>

#include "core/control/command.h"
#include "core/limits/json_shape.h"
#include "core/text/json_members.h"

namespace rtcpub::control {
namespace {

using json::Json;
using json::member;
using json::stringMember;

constexpr std::size_t kMostVerdicts = 32;
constexpr int kMostMilliseconds = 60'000;
constexpr std::size_t kMaxWords = 256;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kProtocol, "gate's report: " + what);
}

/// The value of this name, up to `last`.
template <class T>
std::optional<T> named(const Json& object, const char* member, T last) {
  const std::string* const text = stringMember(object, member);
  if (text == nullptr) return std::nullopt;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<T>(i)) == *text) return static_cast<T>(i);
  }
  return std::nullopt;
}

void readVerdicts(const Json& object, GateReport& report) {
  const Json* const verdicts = member(object, "verdicts");
  if (verdicts == nullptr || !verdicts->is_object()) return;
  for (const auto& [name, count] : verdicts->items()) {
    if (report.verdicts.size() >= kMostVerdicts) return;
    if (name.size() > kMaxAxisName || !count.is_number_unsigned()) continue;
    report.verdicts[name] = std::min(count.get<std::uint64_t>(), json::kMostExact);
  }
}

void readPeriod(const Json& object, const char* name, std::chrono::milliseconds& period) {
  const auto read = json::integerMember(object, name, kMostMilliseconds);
  if (read) period = std::chrono::milliseconds(*read);
}

void readSettings(const Json& object, ControlOptions& options) {
  const Json* const settings = member(object, "settings");
  if (settings == nullptr || !settings->is_object()) return;
  readPeriod(*settings, "life", options.life);
  readPeriod(*settings, "warn", options.warn);
  readPeriod(*settings, "stop", options.stop);
  readPeriod(*settings, "blind", options.blind);
  options.allowBlind = json::flagMember(*settings, "allow_blind");
  auto axes = json::stringsMember(*settings, "speed_axes", kMaxAxes);
  if (axes) options.speedAxes = *std::move(axes);
}

}  // namespace

Result<GateReport> parseReport(std::string_view text) {
  if (text.size() > kMaxTextBytes) return refuse("it is over 4096 bytes long");
  if (!json::isSmall(text)) return refuse("it has too many parts");
  const Json message = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!message.is_object()) return refuse("it is no JSON object");
  const Json* const object = member(message, "gate");
  if (object == nullptr || !object->is_object()) return refuse("there is none in it");
  const auto state = named(*object, "state", GateState::kEmergency);
  if (!state) return refuse("state is none that is known");
  GateReport report{.state = *state};
  report.reason = named(*object, "reason", StopReason::kNotReady).value_or(StopReason::kNone);
  report.lease = json::countMember(*object, "lease").value_or(0);
  report.sequence = json::countMember(*object, "seq").value_or(0);
  report.delayMs = json::numberMember(*object, "delay", 0, 1e9);
  report.factor = json::numberMember(*object, "factor", 0, 1).value_or(1);
  report.stops = json::countMember(*object, "stops").value_or(0);
  report.emergency = json::countMember(*object, "estop").value_or(0);
  const std::string* const by = stringMember(*object, "by");
  if (by != nullptr) report.by = by->substr(0, kMaxWords);
  readVerdicts(*object, report);
  readSettings(*object, report.settings);
  return report;
}

std::string format(const GateReport& report) {
  Json object{{"state", name(report.state)},
              {"reason", name(report.reason)},
              {"lease", report.lease},
              {"seq", report.sequence}};
  if (report.delayMs) object["delay"] = std::round(*report.delayMs * 10) / 10;
  object["factor"] = std::round(report.factor * 1000) / 1000;
  object["verdicts"] = report.verdicts;
  object["stops"] = report.stops;
  object["estop"] = report.emergency;
  object["by"] = report.by;
  const auto& settings = report.settings;
  object["settings"] = {{"life", settings.life.count()},      {"warn", settings.warn.count()},
                        {"stop", settings.stop.count()},      {"blind", settings.blind.count()},
                        {"allow_blind", settings.allowBlind}, {"speed_axes", settings.speedAxes}};
  return Json{{"gate", std::move(object)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub::control
