#include "app/server/channels_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/server/overload_json.h"

namespace rtcpub {
namespace {

using Figures = std::vector<const sfu::MemberStats*>;

/// Messages of data channels that were dropped, if any were.
void addDropped(nlohmann::ordered_json& json, const sfu::MemberStats& stats) {
  if (stats.droppedMessages > 0) json["dropped_messages"] = stats.droppedMessages;
  if (stats.staleMessages > 0) json["stale_messages"] = stats.staleMessages;
}

/// Of a channel's publisher; nothing to tell while the media plane hasn't told of it yet.
sfu::MemberStats statsOf(const Figures& figures, MemberId id) {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [id](const auto* one) { return one->member == id; });
  return found == figures.end() ? sfu::MemberStats{} : **found;
}

nlohmann::ordered_json publisherJson(const sfu::MemberStats& stats) {
  nlohmann::ordered_json json{{"connected", stats.connected},
                              {"codec", stats.codec},
                              {"kbps", static_cast<std::int64_t>(stats.kbps)},
                              {"packets", stats.packets},
                              {"lost", stats.lost},
                              {"recovered", stats.recovered}};
  if (stats.rttMs) json["rtt_ms"] = *stats.rttMs;
  addDropped(json, stats);
  return json;
}

/// Those that got fewer pictures or messages than there were, since their paths are too narrow.
nlohmann::ordered_json slowViewersJson(const Figures& viewers) {
  auto slow = nlohmann::ordered_json::array();
  for (const auto* viewer : viewers) {
    if (viewer->droppedFrames == 0 && viewer->droppedMessages == 0) continue;
    nlohmann::ordered_json json{{"kbps", static_cast<std::int64_t>(viewer->kbps)},
                                {"dropped_frames", viewer->droppedFrames}};
    if (viewer->estimateKbps)
      json["estimate_kbps"] = static_cast<std::int64_t>(*viewer->estimateKbps);
    addDropped(json, *viewer);
    slow.push_back(std::move(json));
  }
  return slow;
}

/// Those that get less than their paths carry, since the server is overloaded.
std::ptrdiff_t thinnedViewers(const Figures& viewers) {
  return std::count_if(viewers.begin(), viewers.end(),
                       [](const auto* viewer) { return viewer->thinned; });
}

/// Those that see nothing, since they can't take the codec of the video.
nlohmann::ordered_json lackingViewersJson(const Figures& viewers) {
  auto lacking = nlohmann::ordered_json::array();
  for (const auto* viewer : viewers) {
    if (!viewer->lacking) continue;
    nlohmann::ordered_json json{{"sent", viewer->lacking->sent}, {"taken", viewer->lacking->taken}};
    lacking.push_back(std::move(json));
  }
  return lacking;
}

/// Of data channels: what viewers sent without the right to.
std::uint64_t refusedMessages(const Figures& viewers) {
  std::uint64_t sum = 0;
  for (const auto* viewer : viewers) sum += viewer->refusedMessages;
  return sum;
}

/// Of one channel's members: those of its viewers apart.
struct ChannelFigures {
  Figures all;
  Figures viewers;
};

std::unordered_map<std::string_view, ChannelFigures> byChannel(const Hub& hub,
                                                               const sfu::MediaStats& stats) {
  std::unordered_map<std::string_view, ChannelFigures> figures;
  for (const auto& one : stats.members) {
    auto& channel = figures[one.channel];
    channel.all.push_back(&one);
    const auto* member = hub.find(one.member);
    if (member != nullptr && member->views()) channel.viewers.push_back(&one);
  }
  return figures;
}

nlohmann::ordered_json channelJson(const Hub::Channel& channel, const ChannelFigures& figures) {
  nlohmann::ordered_json json{
      {"id", channel.id}, {"publisher", nullptr}, {"subscribers", channel.viewers}};
  if (channel.publisher)
    json["publisher"] = publisherJson(statsOf(figures.all, *channel.publisher));
  auto slow = slowViewersJson(figures.viewers);
  if (!slow.empty()) json["slow_viewers"] = std::move(slow);
  const auto thinned = thinnedViewers(figures.viewers);
  if (thinned > 0) json["thinned_viewers"] = thinned;
  auto lacking = lackingViewersJson(figures.viewers);
  if (!lacking.empty()) json["viewers_without_codec"] = std::move(lacking);
  const auto refused = refusedMessages(figures.viewers);
  if (refused > 0) json["refused_messages"] = refused;
  if (channel.driver) {
    json["driver"] = {{"id", channel.driver->id}, {"name", channel.driver->name}};
  }
  if (channel.emergency) json["emergency"] = true;
  return json;
}

}  // namespace

std::string channelsJson(const Hub& hub, const sfu::MediaStats& stats,
                         const ChannelFilter& mayView) {
  auto figures = byChannel(hub, stats);
  auto channels = nlohmann::ordered_json::array();
  for (const auto& channel : hub.channels()) {
    if (mayView(channel.id)) channels.push_back(channelJson(channel, figures[channel.id]));
  }
  nlohmann::ordered_json json{{"channels", std::move(channels)}};
  if (stats.overload) json["overloaded"] = overloadJson(*stats.overload);
  return json.dump();
}

std::string membersJson(const Hub& hub, const ChannelFilter& mayAdmin) {
  auto members = nlohmann::ordered_json::array();
  for (const auto& [id, member] : hub.members()) {
    if (!mayAdmin(member.channel)) continue;
    auto rights = nlohmann::ordered_json::array();
    for (const auto right : {Right::kPublish, Right::kView, Right::kDrive, Right::kAdmin}) {
      if (member.rights.has(right)) rights.push_back(name(right));
    }
    nlohmann::ordered_json json{{"id", id},
                                {"channel", member.channel},
                                {"name", member.name},
                                {"rights", std::move(rights)},
                                {"present", member.present}};
    if (member.publishes()) json["publishing"] = !hub.waits(id);
    members.push_back(std::move(json));
  }
  return nlohmann::ordered_json{{"members", std::move(members)}}.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace rtcpub
