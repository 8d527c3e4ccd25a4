// The URLs of the Spider protocol and the names in them.
#include <utility>

#include "core/codec.h"
#include "core/hub/channel_id.h"
#include "core/spider/message.h"
#include "core/text/query.h"
#include "core/text/text.h"

namespace rtcpub::spider {
namespace {

constexpr std::string_view kPublisherPath = "/live/ws/pub";
constexpr std::string_view kSubscriberPath = "/live/ws/sub";
constexpr int kMaxBitrateKbps = 1'000'000;
constexpr int kMaxKeyFrameInterval = 1'000'000;

Result<Role> parseRole(std::string_view path) {
  if (path == kPublisherPath) return Role::kPublisher;
  if (path == kSubscriberPath) return Role::kSubscriber;
  return fail(ErrorCode::kNotFound, "there is nothing at " + text::quote(path) +
                                        "; publishers connect to /live/ws/pub, subscribers to "
                                        "/live/ws/sub");
}

Result<std::string> readChannel(const query::Parameters& parameters) {
  const auto channel = parameters.find("channel");
  if (channel == parameters.end()) {
    return fail(ErrorCode::kInvalidArgument, "the channel is missing: add ?channel=ID to the URL");
  }
  if (const auto valid = checkChannelId(channel->second); !valid) {
    return tl::unexpected(valid.error());
  }
  return channel->second;
}

Result<std::optional<int>> readNumber(const query::Parameters& parameters, const char* name,
                                      int max) {
  const auto at = parameters.find(name);
  if (at == parameters.end()) return std::nullopt;
  const auto number = text::parseInteger(at->second, 1, max);
  if (!number) {
    return fail(ErrorCode::kInvalidArgument, std::string(name) + " must be a number from 1 to " +
                                                 std::to_string(max) + ", not " +
                                                 text::quote(at->second));
  }
  return number;
}

Result<std::optional<VideoCodec>> readCodec(const query::Parameters& parameters) {
  const auto at = parameters.find("vcodec");
  if (at == parameters.end()) return std::nullopt;
  const auto codec = parseVideoCodec(at->second);
  if (!codec) return tl::unexpected(codec.error());
  return *codec;
}

}  // namespace

Result<ConnectRequest> parseTarget(std::string_view target) {
  const auto [path, queryText] = text::splitAt(target, '?');
  const auto role = parseRole(path);
  if (!role) return tl::unexpected(role.error());
  const auto parameters = query::parse(queryText.value_or(""));
  if (!parameters) return tl::unexpected(parameters.error());

  auto channel = readChannel(*parameters);
  if (!channel) return tl::unexpected(channel.error());
  const auto bitrate = readNumber(*parameters, "brate", kMaxBitrateKbps);
  if (!bitrate) return tl::unexpected(bitrate.error());
  const auto interval = readNumber(*parameters, "ktime", kMaxKeyFrameInterval);
  if (!interval) return tl::unexpected(interval.error());
  const auto codec = readCodec(*parameters);
  if (!codec) return tl::unexpected(codec.error());
  return ConnectRequest{*role, *std::move(channel), *bitrate, *interval, *codec};
}

std::string formatTarget(const ConnectRequest& request) {
  std::string out(request.role == Role::kPublisher ? kPublisherPath : kSubscriberPath);
  out += "?channel=" + query::percentEncode(request.channel);
  if (request.bitrateKbps) out += "&brate=" + std::to_string(*request.bitrateKbps);
  if (request.keyFrameInterval) out += "&ktime=" + std::to_string(*request.keyFrameInterval);
  if (request.codec) out += "&vcodec=" + std::string(name(*request.codec));
  return out;
}

}  // namespace rtcpub::spider
