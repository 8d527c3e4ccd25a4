#include "core/ice/ice_api.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "core/text/text.h"

namespace rtcpub {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestText = 512;

bool isIceUrl(const std::string& url) {
  static constexpr std::array<std::string_view, 4> kSchemes{"stun:", "stuns:", "turn:", "turns:"};
  return url.size() <= kLongestText && !text::hasControl(url) &&
         std::ranges::any_of(kSchemes, [&](auto scheme) { return url.starts_with(scheme); });
}

/// The member if it is a text of reasonable length, else nothing.
std::string textOf(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return {};
  const auto& value = found->get_ref<const std::string&>();
  return value.size() <= kLongestText ? value : std::string();
}

void append(std::vector<IceServer>& servers, const Json& entry) {
  if (!entry.is_object() || !entry.contains("urls")) return;
  const auto& urls = entry["urls"];
  for (const auto& url : urls.is_array() ? urls : Json::array({urls})) {
    if (servers.size() == kMaxIceServers) return;
    if (!url.is_string() || !isIceUrl(url.get_ref<const std::string&>())) continue;
    servers.push_back(
        {url.get<std::string>(), textOf(entry, "username"), textOf(entry, "credential")});
  }
}

}  // namespace

Result<std::vector<IceServer>> parseIceAnswer(std::string_view json) {
  const auto answer = Json::parse(json, nullptr, false);
  if (!answer.is_object() || !answer.contains("iceServers") || !answer["iceServers"].is_array()) {
    return fail(ErrorCode::kProtocol, "the server's list of ICE servers is none");
  }
  std::vector<IceServer> servers;
  for (const auto& entry : answer["iceServers"]) append(servers, entry);
  return servers;
}

}  // namespace rtcpub
