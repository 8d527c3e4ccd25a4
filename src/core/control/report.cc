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

constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
constexpr std::size_t kMostVerdicts = 32;
constexpr int kMostMilliseconds = 60'000;
constexpr std::size_t kMaxWords = 256;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kProtocol, "gate's report: " + what);
}

std::optional<std::uint64_t> number(const Json& object, const char* name) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
  const auto read = value->get<std::uint64_t>();
  if (read > kMost) return std::nullopt;
  return read;
}

std::optional<double> fraction(const Json& object, const char* name, double least, double most) {
  const Json* const value = member(object, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double read = value->get<double>();
  if (!(read >= least && read <= most)) return std::nullopt;
  return read;
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
    report.verdicts[name] = std::min(count.get<std::uint64_t>(), kMost);
  }
}

void readPeriod(const Json& object, const char* name, std::chrono::milliseconds& period) {
  const auto read = json::integerMember(object, name, kMostMilliseconds);
  if (read) period = std::chrono::milliseconds(*read);
}

void readSettings(const Json& object, GateReport& report) {
  const Json* const settings = member(object, "settings");
  if (settings == nullptr || !settings->is_object()) return;
  readPeriod(*settings, "life", report.life);
  readPeriod(*settings, "warn", report.warn);
  readPeriod(*settings, "stop", report.stop);
  readPeriod(*settings, "blind", report.blind);
  const Json* const blind = member(*settings, "allow_blind");
  report.allowBlind = blind != nullptr && blind->is_boolean() && blind->get<bool>();
  auto axes = json::stringsMember(*settings, "speed_axes", kMaxAxes);
  if (axes) report.speedAxes = *std::move(axes);
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
  report.lease = number(*object, "lease").value_or(0);
  report.sequence = number(*object, "seq").value_or(0);
  report.delayMs = fraction(*object, "delay", 0, 1e9);
  report.factor = fraction(*object, "factor", 0, 1).value_or(1);
  report.stops = number(*object, "stops").value_or(0);
  report.emergency = number(*object, "estop").value_or(0);
  const std::string* const by = stringMember(*object, "by");
  if (by != nullptr) report.by = by->substr(0, kMaxWords);
  readVerdicts(*object, report);
  readSettings(*object, report);
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
  object["settings"] = {{"life", report.life.count()},      {"warn", report.warn.count()},
                        {"stop", report.stop.count()},      {"blind", report.blind.count()},
                        {"allow_blind", report.allowBlind}, {"speed_axes", report.speedAxes}};
  return Json{{"gate", std::move(object)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub::control
