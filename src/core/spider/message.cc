#include "core/spider/message.h"

#include <utility>

#include "core/limits/json_shape.h"
#include "core/sdp/limits.h"
#include "core/text/json_members.h"
#include "core/text/text.h"

namespace rtcpub::spider {
namespace {

using json::integerMember;
using json::Json;
using json::member;
using json::stringMember;
using json::stringsMember;
using Labels = std::vector<std::string>;

/// Room for the largest SDP that is read, with its ends of lines escaped.
constexpr std::size_t kMaxTextBytes = 2 * sdp::kMaxSize;
constexpr std::size_t kMaxCandidateBytes = sdp::kMaxLine;
constexpr int kMaxMembers = 1'000'000;
/// More codecs, and longer names, than there are.
constexpr std::size_t kMaxCodecs = 64;
constexpr std::size_t kMaxCodecName = 64;
/// As many data channels as a client has, at most.
constexpr std::size_t kMaxOpen = 64;
constexpr std::string_view kClose = "close";
constexpr std::string_view kLinePrefix = "a=";
constexpr std::string_view kCandidatePrefix = "candidate:";

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::kProtocol, std::move(message));
}

tl::unexpected<Error> unknown(std::string message) {
  return fail(ErrorCode::kUnsupported, std::move(message));
}

/// Discarded when it isn't JSON, or more of it than any message has. Never throws.
Json parseJson(std::string_view text) {
  if (!json::isSmall(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Without the "a=" and the line's end that some clients send with it.
Result<std::string> parseCandidateLine(std::string_view line) {
  if (line.starts_with(kLinePrefix)) line.remove_prefix(kLinePrefix.size());
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return std::string();
  if (line.size() > kMaxCandidateBytes) return refuse("a candidate is over 2048 bytes long");
  if (!line.starts_with(kCandidatePrefix)) {
    return refuse("a candidate must begin with \"candidate:\"");
  }
  if (text::hasControl(line)) return refuse("a candidate must be one line");
  return std::string(line);
}

Result<Message> parseCandidate(const std::string& data) {
  auto line = parseCandidateLine(data);
  if (!line) return tl::unexpected(line.error());
  return Candidate{*std::move(line), {}, {}, {}};
}

/// RTCIceCandidateInit of the WebRTC specification.
Result<Message> parseCandidate2(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return refuse("the data of candidate2 is not the text of a JSON object");
  const auto* line = stringMember(json, "candidate");
  if (line == nullptr) return refuse("candidate2 needs \"candidate\", a string");

  Candidate candidate;
  for (const auto& [name, field] :
       {std::pair("sdpMid", &candidate.mid), std::pair("usernameFragment", &candidate.ufrag)}) {
    if (member(json, name) == nullptr) continue;
    const auto* value = stringMember(json, name);
    if (value == nullptr) return refuse(std::string(name) + " of candidate2 must be a string");
    *field = *value;
  }
  if (member(json, "sdpMLineIndex") != nullptr) {
    candidate.mLineIndex = integerMember(json, "sdpMLineIndex", 65535);
    if (!candidate.mLineIndex) {
      return refuse("sdpMLineIndex of candidate2 must be a number from 0 to 65535");
    }
  }
  auto parsed = parseCandidateLine(*line);
  if (!parsed) return tl::unexpected(parsed.error());
  candidate.line = *std::move(parsed);
  return candidate;
}

Result<Message> parseJoins(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return unknown("joins in an unknown form");
  const auto* channel = stringMember(json, "channel");
  const auto publishers = integerMember(json, "publishers", kMaxMembers);
  const auto subscribers = integerMember(json, "subscribers", kMaxMembers);
  if (channel == nullptr || !publishers || !subscribers) return unknown("joins in an unknown form");
  return Joins{*channel, *publishers, *subscribers,
               stringsMember(json, "open", kMaxOpen).value_or(Labels{})};
}

Result<Message> parseServerError(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return unknown("error in an unknown form");
  const auto* code = stringMember(json, "code");
  const auto* message = stringMember(json, "message");
  if (code == nullptr || message == nullptr) return unknown("error in an unknown form");
  return ServerError{*code, *message};
}

Result<Message> parseNotice(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return unknown("notice in an unknown form");
  const auto* code = stringMember(json, "code");
  const auto* message = stringMember(json, "message");
  if (code == nullptr || message == nullptr) return unknown("notice in an unknown form");
  return Notice{*code, *message};
}

/// What is absent of the numbers is 0: `takers` may name other codecs than are known here.
Result<Message> parseCodecs(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return unknown("codecs in an unknown form");
  const auto* sent = stringMember(json, "sent");
  auto taken = stringsMember(json, "taken", kMaxCodecs);
  const auto viewers = integerMember(json, "viewers", kMaxMembers);
  const auto lacking = integerMember(json, "lacking", kMaxMembers);
  const auto* takers = member(json, "takers");
  if (sent == nullptr || !taken || !viewers || !lacking || takers == nullptr ||
      !takers->is_object()) {
    return unknown("codecs in an unknown form");
  }
  for (auto& name : *taken) name = text::printable(name, kMaxCodecName);
  const auto count = [takers](const char* name) {
    return integerMember(*takers, name, kMaxMembers).value_or(0);
  };
  return Codecs{{.sent = text::printable(*sent, kMaxCodecName),
                 .taken = *std::move(taken),
                 .viewers = *viewers,
                 .lacking = *lacking,
                 .h264 = count("h264"),
                 .vp8 = count("vp8"),
                 .vp9 = count("vp9")}};
}

Result<Message> parseDriver(const std::string& data) {
  const auto json = parseJson(data);
  if (!json.is_object()) return unknown("driver in an unknown form");
  const auto* const emergency = member(json, "emergency");
  DriverNews news{.emergency = emergency != nullptr && *emergency == Json(true)};
  const auto* const driver = member(json, "driver");
  if (driver == nullptr) return news;
  const auto* const id = driver->is_object() ? member(*driver, "id") : nullptr;
  if (id == nullptr || !id->is_number_unsigned()) return unknown("driver in an unknown form");
  const auto* const name = stringMember(*driver, "name");
  news.driver = DriverNews::Person{id->get<std::uint64_t>(), name == nullptr ? "" : *name};
  return news;
}

Result<Message> parseData(const std::string& type, const std::string& data) {
  if (type == "answer") return Answer{data};
  if (type == "candidate") return parseCandidate(data);
  if (type == "candidate2") return parseCandidate2(data);
  if (type == "joins") return parseJoins(data);
  if (type == "codecs") return parseCodecs(data);
  if (type == "notice") return parseNotice(data);
  if (type == "driver") return parseDriver(data);
  return parseServerError(data);
}

bool needsData(std::string_view type) {
  return type == "offer" || type == "answer" || type == "candidate" || type == "candidate2" ||
         type == "joins" || type == "error" || type == "codecs" || type == "notice" ||
         type == "driver";
}

std::string wrap(std::string_view type, std::string_view data) {
  return dump(Json{{"type", type}, {"data", data}});
}

struct Formatter {
  std::string operator()(const Offer& offer) const {
    if (offer.open.empty()) return wrap("offer", offer.sdp);
    return dump(Json{{"type", "offer"}, {"data", offer.sdp}, {"open", offer.open}});
  }
  std::string operator()(const Answer& answer) const { return wrap("answer", answer.sdp); }
  std::string operator()(const Candidate& candidate) const {
    Json init{{"candidate", candidate.line}};
    if (candidate.mid) init["sdpMid"] = *candidate.mid;
    if (candidate.mLineIndex) init["sdpMLineIndex"] = *candidate.mLineIndex;
    if (candidate.ufrag) init["usernameFragment"] = *candidate.ufrag;
    return wrap("candidate2", dump(init));
  }
  std::string operator()(const Joins& joins) const {
    Json data{{"channel", joins.channel},
              {"publishers", joins.publishers},
              {"subscribers", joins.subscribers}};
    if (!joins.open.empty()) data["open"] = joins.open;
    return wrap("joins", dump(data));
  }
  std::string operator()(const Ping& /*ping*/) const { return dump(Json{{"type", "ping"}}); }
  std::string operator()(const ServerError& error) const {
    return wrap("error", dump(Json{{"code", error.code}, {"message", error.message}}));
  }
  std::string operator()(const Codecs& codecs) const {
    const auto& report = codecs.report;
    return wrap(
        "codecs",
        dump(Json{{"sent", report.sent},
                  {"taken", report.taken},
                  {"viewers", report.viewers},
                  {"lacking", report.lacking},
                  {"takers", {{"h264", report.h264}, {"vp8", report.vp8}, {"vp9", report.vp9}}}}));
  }
  std::string operator()(const Notice& notice) const {
    return wrap("notice", dump(Json{{"code", notice.code}, {"message", notice.message}}));
  }
  std::string operator()(const DriverNews& news) const {
    Json data{{"driver", nullptr}, {"emergency", news.emergency}};
    if (news.driver) data["driver"] = {{"id", news.driver->id}, {"name", news.driver->name}};
    return wrap("driver", dump(data));
  }
  std::string operator()(const Close& /*close*/) const { return std::string(kClose); }
};

}  // namespace

Result<Message> parse(std::string_view text) {
  if (text == kClose) return Close{};
  if (text.size() > kMaxTextBytes) return refuse("the message is over 128 KiB long");
  if (!json::isSmall(text)) return refuse("the message is nested too deeply, or in too many parts");
  const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return refuse("the message is not JSON");
  if (!json.is_object()) return refuse("the message is not a JSON object");
  const auto* type = stringMember(json, "type");
  if (type == nullptr) return refuse("the message needs \"type\", a string");
  const auto* data = stringMember(json, "data");
  if (data == nullptr && member(json, "data") != nullptr) {
    return refuse("\"data\" of " + text::quote(*type) + " must be a string");
  }
  if (*type == "ping") return Ping{};
  if (!needsData(*type)) return unknown("unknown message type " + text::quote(*type));
  if (data == nullptr) return refuse("\"data\" of " + text::quote(*type) + " is missing");
  // Beside `data`, where servers of other makes don't look; in another form it is somebody else's.
  if (*type == "offer")
    return Offer{*data, stringsMember(json, "open", kMaxOpen).value_or(Labels{})};
  return parseData(*type, *data);
}

std::string format(const Message& message) { return std::visit(Formatter{}, message); }

}  // namespace rtcpub::spider
