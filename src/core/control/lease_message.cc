#include "core/control/lease_message.h"

#include <array>
#include <utility>

#include "core/control/command.h"
#include "core/data/label.h"
#include "core/limits/json_shape.h"
#include "core/text/json_members.h"
#include "core/text/text.h"

namespace rtcpub::control {
namespace {

using json::Json;
using json::member;
using json::stringMember;

constexpr std::size_t kMaxCodeBytes = 40;
constexpr std::size_t kMaxMessageBytes = 400;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kProtocol, std::string(kLeaseLabel) + ": " + what);
}

tl::unexpected<Error> unknown() {
  return fail(ErrorCode::kUnsupported, std::string(kLeaseLabel) + ": an unknown message");
}

Result<Json> parseObject(std::string_view text) {
  if (text.size() > kMaxTextBytes) return refuse("the message is over 4 KiB long");
  if (!json::isSmall(text)) return refuse("the message is nested too deeply, or in too many parts");
  auto message = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!message.is_object()) return refuse("the message is not a JSON object");
  return message;
}

/// What is absent, or of another type, is empty.
std::string words(const Json& object, const char* name, std::size_t mostBytes) {
  if (!object.is_object()) return {};
  const auto* text = stringMember(object, name);
  return text == nullptr ? std::string() : forPeople(*text, mostBytes);
}

Result<LeaseMessageToServer> parseRequest(const Json& body) {
  return LeaseRequest{.takeOver = json::flagMember(body, "take_over")};
}

Result<LeaseMessageToServer> parseReply(const Json& body) {
  const auto to = json::countMember(body, "to");
  if (!to) return refuse("a reply needs \"to\", a member's number");
  return LeaseReply{.to = *to, .give = json::flagMember(body, "give")};
}

/// False where it is there and isn't whole.
bool readDriver(const Json& body, const char* name, std::optional<Driver>& driver) {
  const Json* const value = member(body, name);
  if (value == nullptr) return true;
  if (!value->is_object()) return false;
  const auto id = json::countMember(*value, "id");
  if (!id) return false;
  driver = Driver{.id = *id, .name = words(*value, "name", kMaxNameBytes)};
  return true;
}

Result<LeaseMessageToClient> parseDrive(const Json& body) {
  DriveNotice notice;
  const auto lease = json::countMember(body, "lease");
  if (!lease || !readDriver(body, "driver", notice.driver) ||
      !readDriver(body, "asking", notice.asking)) {
    return refuse("\"drive\" needs a lease's number, and members with theirs");
  }
  notice.lease = *lease;
  notice.mine = json::flagMember(body, "mine");
  notice.gated = json::flagMember(body, "gated");
  const Json* const emergency = member(body, "emergency");
  if (emergency == nullptr) return notice;
  // One that can't be read is one all the same.
  notice.emergency.emplace(DriveNotice::Emergency{
      .by = words(*emergency, "by", kMaxNameBytes),
      .why = words(*emergency, "why", kMaxWhyBytes),
      .confirmed = emergency->is_object() && json::flagMember(*emergency, "confirmed")});
  return notice;
}

Result<LeaseMessageToClient> parseRefused(const Json& body) {
  if (stringMember(body, "code") == nullptr) return refuse("\"refused\" needs a code");
  return LeaseRefused{.code = words(body, "code", kMaxCodeBytes),
                      .message = words(body, "message", kMaxMessageBytes)};
}

Result<LeaseMessageToClient> parseStopOrder(const Json& body) {
  const auto number = json::countMember(body, "number");
  if (!number || *number == 0) return refuse("an emergency stop needs a number");
  return StopOrder{.number = *number,
                   .by = words(body, "by", kMaxNameBytes),
                   .why = words(body, "why", kMaxWhyBytes)};
}

Result<LeaseMessageToClient> parseClearOrder(const Json& body) {
  const auto number = json::countMember(body, "number");
  if (!number || *number == 0) return refuse("the end of an emergency stop needs its number");
  return ClearOrder{.number = *number};
}

template <typename Message>
struct Form {
  const char* name;
  Result<Message> (*parse)(const Json& body);
};

template <typename Message, std::size_t kForms>
Result<Message> parseAny(const Json& message, const std::array<Form<Message>, kForms>& forms) {
  for (const auto& form : forms) {
    const Json* const body = member(message, form.name);
    if (body == nullptr) continue;
    if (!body->is_object()) return refuse(std::string(form.name) + " is not an object");
    return form.parse(*body);
  }
  return unknown();
}

std::string dump(const char* name, Json body) {
  return Json{{name, std::move(body)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json jsonOf(const Driver& driver) { return Json{{"id", driver.id}, {"name", driver.name}}; }

struct Formatter {
  std::string operator()(const LeaseRequest& request) const {
    Json body = Json::object();
    if (request.takeOver) body["take_over"] = true;
    return dump("request", std::move(body));
  }
  std::string operator()(const LeaseRelease& /*release*/) const {
    return dump("release", Json::object());
  }
  std::string operator()(const LeaseReply& reply) const {
    return dump("reply", Json{{"to", reply.to}, {"give", reply.give}});
  }
  std::string operator()(const EmergencyStop& stop) const {
    return dump("estop", Json{{"why", forPeople(stop.why, kMaxWhyBytes)}});
  }
  std::string operator()(const EmergencyClear& /*clear*/) const {
    return dump("clear", Json::object());
  }
  std::string operator()(const DriveNotice& notice) const {
    Json body{{"lease", notice.lease}, {"mine", notice.mine}, {"gated", notice.gated}};
    if (notice.driver) body["driver"] = jsonOf(*notice.driver);
    if (notice.asking) body["asking"] = jsonOf(*notice.asking);
    if (notice.emergency) {
      body["emergency"] = Json{{"by", notice.emergency->by},
                               {"why", notice.emergency->why},
                               {"confirmed", notice.emergency->confirmed}};
    }
    return dump("drive", std::move(body));
  }
  std::string operator()(const LeaseRefused& refused) const {
    return dump("refused", Json{{"code", refused.code}, {"message", refused.message}});
  }
  std::string operator()(const StopOrder& stop) const {
    return dump("estop", Json{{"number", stop.number}, {"by", stop.by}, {"why", stop.why}});
  }
  std::string operator()(const ClearOrder& clear) const {
    return dump("clear", Json{{"number", clear.number}});
  }
};

}  // namespace

Result<LeaseMessageToServer> parseLeaseMessageToServer(std::string_view text) {
  static constexpr std::array<Form<LeaseMessageToServer>, 4> kForms{{
      {"request", parseRequest},
      {"release", [](const Json&) -> Result<LeaseMessageToServer> { return LeaseRelease{}; }},
      {"reply", parseReply},
      {"clear", [](const Json&) -> Result<LeaseMessageToServer> { return EmergencyClear{}; }},
  }};
  const auto message = parseObject(text);
  if (!message) return tl::unexpected(message.error());
  if (const auto stop = message->find("estop"); stop != message->end()) {
    return EmergencyStop{.why = words(*stop, "why", kMaxWhyBytes)};
  }
  return parseAny(*message, kForms);
}

Result<LeaseMessageToClient> parseLeaseMessageToClient(std::string_view text) {
  static constexpr std::array<Form<LeaseMessageToClient>, 4> kForms{{
      {"estop", parseStopOrder},
      {"clear", parseClearOrder},
      {"drive", parseDrive},
      {"refused", parseRefused},
  }};
  const auto message = parseObject(text);
  if (!message) return tl::unexpected(message.error());
  return parseAny(*message, kForms);
}

std::string format(const LeaseMessageToServer& message) { return std::visit(Formatter{}, message); }

std::string format(const LeaseMessageToClient& message) { return std::visit(Formatter{}, message); }

std::string forPeople(std::string_view text, std::size_t mostBytes) {
  std::string said;
  while (!text.empty()) {
    const std::size_t length = text::utf8Length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    if (said.size() + character.size() > mostBytes) break;
    if (length == 0 || text::hasControl(character)) {
      said += ' ';
    } else {
      said += character;
    }
    text.remove_prefix(character.size());
  }
  return said;
}

}  // namespace rtcpub::control
