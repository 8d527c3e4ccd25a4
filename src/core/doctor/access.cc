#include "core/doctor/access.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/doctor/diagnosis.h"
#include "core/doctor/diagnosis_text.h"
#include "core/limits/json_shape.h"
#include "core/text/text.h"

namespace rtcpub::doctor {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestReason = 200;
constexpr std::size_t kLongestName = 60;
constexpr std::size_t kLongestCode = 40;
/// Hardly worth to set out with.
constexpr std::int64_t kShort = 600;  // seconds

std::string textOf(const Json& object, const char* member, std::size_t limit) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return {};
  return text::printable(found->get_ref<const std::string&>(), limit);
}

Rights rightsOf(const Json& object) {
  Rights rights;
  const auto found = object.find("rights");
  if (found == object.end() || !found->is_array()) return rights;
  for (const auto& each : *found) {
    // What a newer server may know besides is nothing that is needed here.
    if (!each.is_string()) continue;
    if (const auto right = parseRights(each.get_ref<const std::string&>()))
      rights = rights | *right;
  }
  return rights;
}

std::string inTime(std::int64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  if (seconds < 172'800) return std::to_string(seconds / 3600) + " h";
  return inDays(seconds / 86'400);
}

std::string listed(Rights rights) {
  std::vector<std::string> names;
  for (const Right right : {Right::kPublish, Right::kView, Right::kDrive, Right::kAdmin}) {
    if (rights.has(right)) names.emplace_back(name(right));
  }
  return joined(names);
}

/// What to do about a refusal, a whole sentence.
std::string adviceOn(const std::string& code, bool given) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 5> kAdvice{
      {{"expired", "Ask whoever runs the server for a new token (token = …)."},
       {"not-yet-valid", "Compare this token's maker's clock with the server's: one may be wrong."},
       {"wrong-channel", "Name a channel that the token is for, or ask for another token."},
       {"no-right", "Ask for a token with the right to publish (token = …)."},
       {"wrong-audience", "It is for another server: ask for one of this server's (token = …)."}}};
  if (!given) {
    return "Give a token with the right to publish (token = …): whoever runs the server makes it.";
  }
  for (const auto& [known, advice] : kAdvice) {
    if (code == known) return advice;
  }
  return "See that it is whole, and of this server; else ask for a new one (token = …).";
}

Check judgeGrant(const AccessFinding& finding, bool given, std::int64_t now) {
  Check check{.name = "token", .result = CheckResult::kOk};
  check.found = given ? "it lets " + listed(finding.rights) : "none is needed";
  if (given && !finding.name.empty()) check.found += ", as " + finding.name;
  if (!finding.rights.has(Right::kPublish)) {
    check.result = CheckResult::kFailed;
    check.found += ", but not publish";
    check.advice = adviceOn("no-right", true);
    return check;
  }
  if (!finding.until) return check;
  const auto left = *finding.until - now;
  check.figures["seconds_left"] = static_cast<double>(left);
  if (left < 0) return check;  // the clocks differ, which has a check of its own
  check.found += ", for " + inTime(left) + " more";
  if (left < kShort) {
    check.result = CheckResult::kWarning;
    check.advice = "When it ends, so does what it lets: ask for a new one.";
  }
  return check;
}

}  // namespace

AccessFinding readAccess(unsigned status, std::string_view body) {
  AccessFinding finding{.status = status};
  if (!json::isSmall(body)) return finding;
  const auto answer = Json::parse(body, nullptr, false);
  if (!answer.is_object()) return finding;
  finding.rights = rightsOf(answer);
  finding.name = textOf(answer, "name", kLongestName);
  finding.code = textOf(answer, "code", kLongestCode);
  finding.reason = textOf(answer, "error", kLongestReason);
  const auto until = answer.find("until");
  if (until != answer.end() && until->is_number_integer())
    finding.until = until->get<std::int64_t>();
  return finding;
}

Check judgeAccess(const Result<AccessFinding>& finding, bool given, std::int64_t now) {
  if (!finding) return notChecked("token", sentence(finding.error().message));
  switch (finding->status) {
    case 200:
      if (!finding->rights.empty()) return judgeGrant(*finding, given, now);
      break;
    case 401:
    case 403: {
      Check check{.name = "token", .result = CheckResult::kFailed};
      check.found = given ? "refused" : "the server asks for one";
      if (!finding->reason.empty()) check.found += ": " + finding->reason;
      check.advice = adviceOn(finding->code, given);
      return check;
    }
    case 429:
      return notChecked("token", "The server has refused this address too often; wait a minute.");
    default:
      break;
  }
  return notChecked("token", given ? "This server doesn't say what a token lets: it may be older, "
                                     "or another's."
                                   : "This server doesn't say whether it asks for one.");
}

}  // namespace rtcpub::doctor
