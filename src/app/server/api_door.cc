#include "app/server/api_door.h"

#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "app/server/access_request.h"
#include "app/server/refusal_response.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::array kRights{Right::kPublish, Right::kView, Right::kDrive, Right::kAdmin};

/// Such a text is what people are called by, in whatever bytes.
std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string accessJson(const Grant& grant) {
  nlohmann::ordered_json json{
      {"rights", nlohmann::ordered_json::array()}, {"name", grant.name}, {"until", nullptr}};
  for (const Right right : kRights) {
    if (grant.rights.has(right)) json["rights"].push_back(name(right));
  }
  if (grant.expires) {
    json["until"] =
        std::chrono::floor<std::chrono::seconds>(grant.expires->time_since_epoch()).count();
  }
  return dump(json);
}

/// The whole text.
std::optional<MemberId> parseMemberId(std::string_view text) {
  MemberId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

HttpResponse noSuchMember(std::string_view id) {
  return net::errorResponse(404, "there is no member " + text::quote(id), "no-member");
}

}  // namespace

ApiDoor::ApiDoor(Admission& admission, ApiSources sources)
    : admission_(admission), sources_(std::move(sources)) {}

std::vector<net::Route> ApiDoor::routes() {
  const auto route = [this](const std::string& method, const std::string& pattern, auto answer) {
    return net::Route{
        .method = method, .pattern = pattern, .handle = net::atOnce(std::bind_front(answer, this))};
  };
  return {route("GET", "/api/access", &ApiDoor::access),
          route("GET", "/api/channels", &ApiDoor::channels),
          route("GET", "/api/ice", &ApiDoor::ice),
          route("GET", "/api/identity", &ApiDoor::identity),
          route("GET", "/api/members", &ApiDoor::members),
          route("POST", "/api/members/*/remove", &ApiDoor::remove)};
}

ApiDoor::Granted ApiDoor::ask(const HttpRequest& request, std::optional<Right> action,
                              const std::string& channel) {
  return admission_.ask(accessRequest(request, action, channel), sources_.now());
}

/// For whoever looks after some channels: Grant::channels says which.
ApiDoor::Granted ApiDoor::askAdmin(const HttpRequest& request) {
  auto granted = ask(request, std::nullopt);
  if (!granted || granted->rights.has(Right::kAdmin)) return granted;
  // Asked again, so that this refusal is counted, too.
  auto refused = ask(request, Right::kAdmin);
  if (!refused && refused.error().code == "wrong-channel") {
    refused.error().code = "no-right";
    refused.error().message = "this needs the right " + text::quote(name(Right::kAdmin));
  }
  return refused;
}

/// What somebody may do in a channel: a page asks before it dials, since a browser tells it nothing
/// of why a WebSocket was refused.
HttpResponse ApiDoor::access(const HttpRequest& request) {
  const auto query = request.query();
  if (!query) return net::errorResponse(400, query.error().message);
  const auto channel = query->find("channel");
  const auto granted =
      ask(request, std::nullopt, channel == query->end() ? std::string() : channel->second);
  if (!granted) return refusalResponse(granted.error());
  return net::jsonResponse(accessJson(*granted));
}

HttpResponse ApiDoor::channels(const HttpRequest& request) {
  const auto granted = ask(request, Right::kView);
  if (!granted) return refusalResponse(granted.error());
  return net::jsonResponse(sources_.channels(granted->channels));
}

/// A relay costs the server, so it is for those who are let in anywhere.
HttpResponse ApiDoor::ice(const HttpRequest& request) {
  const auto granted = ask(request, std::nullopt);
  if (!granted) return refusalResponse(granted.error());
  return net::jsonResponse(sources_.iceServers(request, granted->until));
}

/// Open: the handshake of TLS shows the key to everybody.
HttpResponse ApiDoor::identity(const HttpRequest& request) const {
  // A proxy has a certificate of its own.
  const std::string toPin = request.proxied ? "" : sources_.fingerprint();
  nlohmann::ordered_json json{{"fingerprint", nullptr}};
  if (!toPin.empty()) json["fingerprint"] = toPin;
  return net::jsonResponse(dump(json));
}

HttpResponse ApiDoor::members(const HttpRequest& request) {
  const auto granted = askAdmin(request);
  if (!granted) return refusalResponse(granted.error());
  return net::jsonResponse(sources_.members(granted->channels));
}

HttpResponse ApiDoor::remove(const HttpRequest& request) {
  const auto granted = askAdmin(request);
  if (!granted) return refusalResponse(granted.error());
  const auto id = parseMemberId(request.segment);
  const auto channel = id ? sources_.channelOf(*id) : std::nullopt;
  // Whether it is in a channel of somebody else's is none of theirs.
  if (!channel || !granted->channels.match(*channel)) return noSuchMember(request.segment);
  sources_.remove(*id);
  return net::jsonResponse(R"({"removed":)" + std::to_string(*id) + "}");
}

}  // namespace rtcpub
