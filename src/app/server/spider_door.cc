#include "app/server/spider_door.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/server/overload_json.h"
#include "log/log.h"
#include "net/http_rules.h"

namespace rtcpub {
namespace {

constexpr std::chrono::seconds kPingInterval{30};
constexpr std::chrono::seconds kStatsInterval{1};

using Clients = std::vector<const sfu::MemberStats*>;

/// What the API's user and a WebSocket's client read of an error.
std::string code(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnsupported:
      return "no-common-codec";
    case ErrorCode::kProtocol:
      return "bad-offer";
    default:
      return "refused";
  }
}

/// Messages of data channels that were dropped, if any were.
void addDropped(nlohmann::ordered_json& json, const sfu::MemberStats& stats) {
  if (stats.droppedMessages > 0) json["dropped_messages"] = stats.droppedMessages;
  if (stats.staleMessages > 0) json["stale_messages"] = stats.staleMessages;
}

/// Of a channel's clients the one that has it; one with nothing to tell while the media plane
/// hasn't told of it yet.
sfu::MemberStats publisherOf(const Clients& clients) {
  const auto found = std::find_if(clients.begin(), clients.end(), [](const auto* client) {
    return client->role == spider::Role::kPublisher && !client->waits;
  });
  return found == clients.end() ? sfu::MemberStats{} : **found;
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
nlohmann::ordered_json slowViewersJson(const Clients& clients) {
  auto slow = nlohmann::ordered_json::array();
  for (const auto* client : clients) {
    if (client->role != spider::Role::kSubscriber) continue;
    if (client->droppedFrames == 0 && client->droppedMessages == 0) continue;
    nlohmann::ordered_json json{{"kbps", static_cast<std::int64_t>(client->kbps)},
                                {"dropped_frames", client->droppedFrames}};
    if (client->estimateKbps)
      json["estimate_kbps"] = static_cast<std::int64_t>(*client->estimateKbps);
    addDropped(json, *client);
    slow.push_back(std::move(json));
  }
  return slow;
}

/// Those that get less than their paths carry, since the server is overloaded.
std::ptrdiff_t thinnedViewers(const Clients& clients) {
  return std::count_if(clients.begin(), clients.end(),
                       [](const auto* client) { return client->thinned; });
}

/// Those that see nothing, since they can't take the codec of the video.
nlohmann::ordered_json lackingViewersJson(const Clients& clients) {
  auto lacking = nlohmann::ordered_json::array();
  for (const auto* client : clients) {
    if (!client->lacking) continue;
    nlohmann::ordered_json json{{"sent", client->lacking->sent}, {"taken", client->lacking->taken}};
    lacking.push_back(std::move(json));
  }
  return lacking;
}

}  // namespace

SpiderDoor::SpiderDoor(net::EventLoop& loop) : loop_(loop), pingTimer_(loop), statsTimer_(loop) {}

void SpiderDoor::start(sfu::MediaServer& media) {
  media_ = &media;
  pingTimer_.set(monotonicNow() + kPingInterval, [this] { pingAll(); });
  gatherStats();
}

void SpiderDoor::stop() {
  media_ = nullptr;
  pingTimer_.cancel();
  statsTimer_.cancel();
  for (const auto& [id, client] : std::map(clients_)) client->end();
}

tl::expected<std::unique_ptr<net::WebSocketHandler>, net::HttpResponse> SpiderDoor::admit(
    const net::HttpRequest& request) {
  auto parsed = spider::parseTarget(request.target);
  if (!parsed) {
    const int status = parsed.error().code == ErrorCode::kNotFound ? 404 : 400;
    log().info("{} refused: {}", request.remoteAddress, parsed.error().message);
    return tl::unexpected(net::errorResponse(status, parsed.error().message));
  }
  if (media_ == nullptr) return tl::unexpected(net::errorResponse(503, "the server is stopping"));
  log().info("client {} on {}: {} from {}", nextId_, parsed->channel,
             parsed->role == spider::Role::kPublisher ? "publisher" : "subscriber",
             request.remoteAddress);
  // Programs on this machine are no strangers.
  OfferTurns turns(request.loopback ? nullptr : &offers_, request.remoteAddress);
  return std::make_unique<SpiderSocket>(*this, loop_, nextId_++, std::move(*parsed),
                                        request.loopback && !request.browser, request.localAddress,
                                        std::move(turns));
}

std::string SpiderDoor::channelsJson() const {
  std::unordered_map<std::string_view, Clients> clientsOf;
  for (const auto& client : stats_.clients) clientsOf[client.channel].push_back(&client);
  auto channels = nlohmann::ordered_json::array();
  for (const auto& channel : lobby_.channels()) {
    nlohmann::ordered_json json{
        {"id", channel.id}, {"publisher", nullptr}, {"subscribers", channel.subscribers}};
    const Clients& clients = clientsOf[channel.id];
    if (channel.publisher) json["publisher"] = publisherJson(publisherOf(clients));
    auto slow = slowViewersJson(clients);
    if (!slow.empty()) json["slow_viewers"] = std::move(slow);
    const auto thinned = thinnedViewers(clients);
    if (thinned > 0) json["thinned_viewers"] = thinned;
    auto lacking = lackingViewersJson(clients);
    if (!lacking.empty()) json["viewers_without_codec"] = std::move(lacking);
    channels.push_back(std::move(json));
  }
  nlohmann::ordered_json json{{"channels", std::move(channels)}};
  if (stats_.overload) json["overloaded"] = overloadJson(*stats_.overload);
  return json.dump();
}

void SpiderDoor::onOpened(SpiderSocket& client) { clients_[client.id()] = &client; }

void SpiderDoor::onOffer(SpiderSocket& client, const std::string& sdp) {
  if (media_ == nullptr) return;
  media_->join({.client = client.id(),
                .role = client.request().role,
                .channel = client.request().channel,
                .offer = sdp,
                .codec = client.request().codec,
                .loopback = client.loopback(),
                .called = client.called(),
                .network = networkOf(client.address())},
               [this, asked = &client, life = client.life(),
                id = client.id()](Result<sfu::JoinAnswer> answer) {
                 loop_.post([this, asked, life, id, answer = std::move(answer)] {
                   if (life.expired() || asked->left()) return onUnclaimed(id, answer);
                   onAnswer(*asked, answer);
                   asked->onOfferDone();
                   // It begins anew, or goes: it holds a place.
                   if (!members_.contains(asked->id())) asked->awaitOffer();
                 });
               });
}

void SpiderDoor::refuseOffer(SpiderSocket& client, const spider::ServerError& error) {
  if (members_.contains(client.id())) return client.refuseOffer(error);
  client.refuse(error);
}

/// It left while its answer was being made; what was agreed before stays, unless it has stopped
/// that itself.
void SpiderDoor::onUnclaimed(MemberId id, const Result<sfu::JoinAnswer>& answer) {
  if (answer && !answer->joined) {
    members_.erase(id);
    return perform(lobby_.leave(id));
  }
  const bool isNew = answer && answer->client == id && !members_.contains(id);
  if (isNew && media_ != nullptr) media_->leave(id);
}

void SpiderDoor::onAnswer(SpiderSocket& client, const Result<sfu::JoinAnswer>& answer) {
  if (!answer) {
    return refuseOffer(client, {.code = code(answer.error()), .message = answer.error().message});
  }
  const bool resumes = answer->client != client.id();
  if (resumes && !members_.contains(answer->client)) return refuseGone(client, *answer);
  if (resumes) resume(client, answer->client);
  client.send(spider::Answer{answer->sdp});
  if (!answer->joined) {
    members_.erase(client.id());
    return perform(lobby_.leave(client.id()));
  }
  client.onJoined();
  auto& member = members_.try_emplace(client.id()).first->second;
  member.request = client.request();
  // It may have missed some while it had no WebSocket.
  if (resumes && member.codecs) client.send(spider::Codecs{*member.codecs});
  greet(client.id(), member);
}

/// It proved to be a client from before, which was sent away while the answer was being made.
void SpiderDoor::refuseGone(SpiderSocket& client, const sfu::JoinAnswer& answer) {
  if (media_ != nullptr) media_->leave(answer.client);
  const std::string& channel = client.request().channel;
  const auto channels = lobby_.channels();
  const bool taken = std::any_of(channels.begin(), channels.end(), [&channel](const auto& one) {
    return one.id == channel && one.publisher;
  });
  if (client.request().role == spider::Role::kPublisher && taken) {
    return client.refuse(
        {.code = "replaced", .message = "a newer publisher took channel " + channel});
  }
  client.refuse({.code = "media-lost", .message = "what it comes back to has ended"});
}

/// A publisher has its place when the media plane says so (onPublished).
void SpiderDoor::greet(MemberId id, const Member& member) {
  const bool enters = member.request.role == spider::Role::kSubscriber && member.present;
  perform(enters ? lobby_.enter(id, member.request.role, member.request.channel)
                 : lobby_.greet(id));
}

/// The WebSocket that it had before may not have noticed yet that it broke off.
void SpiderDoor::resume(SpiderSocket& client, MemberId id) {
  clients_.erase(client.id());
  client.resume(id);
  if (SpiderSocket* before = std::exchange(clients_[id], &client)) before->end();
  if (media_ != nullptr) media_->setDeserted(id, false);
}

void SpiderDoor::onGone(SpiderSocket& client) {
  const auto found = clients_.find(client.id());
  if (found == clients_.end() || found->second != &client) return;
  clients_.erase(found);
  if (client.left() || !members_.contains(client.id())) return forget(client.id());
  // Its media may go on.
  if (client.endedByPeer() && media_ != nullptr) media_->setDeserted(client.id(), true);
}

void SpiderDoor::forget(MemberId id) {
  members_.erase(id);
  if (media_ != nullptr) media_->leave(id);
  perform(lobby_.leave(id));
}

void SpiderDoor::onPublished(MemberId id) {
  const auto member = members_.find(id);
  if (member == members_.end()) return;  // it is leaving
  log().info("client {}: publishes on {} from now on", id, member->second.request.channel);
  perform(lobby_.enter(id, spider::Role::kPublisher, member->second.request.channel));
}

/// A viewer that is away is none; a publisher's place is kept.
void SpiderDoor::onPresence(MemberId id, bool present) {
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  auto& member = found->second;
  member.present = present;
  if (member.request.role == spider::Role::kPublisher) return;
  perform(present ? lobby_.enter(id, member.request.role, member.request.channel)
                  : lobby_.leave(id));
}

void SpiderDoor::onCodecs(MemberId id, CodecReport report) {
  const auto member = members_.find(id);
  if (member == members_.end()) return;
  member->second.codecs = std::move(report);
  if (SpiderSocket* client = find(id)) client->send(spider::Codecs{*member->second.codecs});
}

void SpiderDoor::onMediaGone(MemberId id, bool closed, const std::string& reason) {
  members_.erase(id);
  perform(lobby_.leave(id));
  SpiderSocket* client = find(id);
  if (client == nullptr) return;
  if (closed) return client->awaitOffer();  // it begins anew
  client->refuse({.code = "media-lost", .message = reason});
}

void SpiderDoor::perform(const std::vector<Lobby::Action>& actions) {
  for (const auto& action : actions) {
    std::visit([this](const auto& chosen) { perform(chosen); }, action);
  }
}

void SpiderDoor::perform(const Lobby::Notify& action) {
  if (SpiderSocket* client = find(action.to)) client->send(action.message);
}

void SpiderDoor::perform(const Lobby::Evict& action) {
  members_.erase(action.client);
  if (media_ != nullptr) media_->leave(action.client);
  if (SpiderSocket* client = find(action.client)) client->refuse(action.why);
}

SpiderSocket* SpiderDoor::find(MemberId id) const {
  const auto found = clients_.find(id);
  return found == clients_.end() ? nullptr : found->second;
}

void SpiderDoor::pingAll() {
  for (const auto& [id, client] : clients_) client->send(spider::Ping{});
  pingTimer_.set(monotonicNow() + kPingInterval, [this] { pingAll(); });
}

void SpiderDoor::gatherStats() {
  if (media_ == nullptr) return;
  media_->stats([this](sfu::MediaStats stats) {
    loop_.post([this, stats = std::move(stats)] { stats_ = stats; });
  });
  statsTimer_.set(monotonicNow() + kStatsInterval, [this] { gatherStats(); });
}

}  // namespace rtcpub
