#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/access/admission.h"
#include "core/hub/member_id.h"
#include "net/routes.h"

namespace rtcpub {

/// What the API tells of and acts on, from whoever knows it. Texts are JSON.
struct ApiSources {
  std::function<AccessTime()> now;
  /// The channels that match, as whoever views them may see them.
  std::function<std::string(const ChannelPatterns&)> channels;
  /// Who is in those that match.
  std::function<std::string(const ChannelPatterns&)> members;
  /// Where a member is; nothing: it isn't in.
  std::function<std::optional<std::string>(MemberId)> channelOf;
  std::function<void(MemberId)> remove;
  /// By what whoever asks finds ways for media, with credentials for as long as his rights hold.
  std::function<std::string(const net::HttpRequest&, std::optional<Time> until)> iceServers;
  /// Of the server's key, as clients pin it; empty: systems trust its certificate.
  std::function<std::string()> fingerprint;
};

/// The door for programs and pages that ask by HTTP: `/api/…` (docs/protocol.md). Runs on: the
/// signalling loop.
class ApiDoor {
 public:
  /// `admission` outlives this.
  ApiDoor(Admission& admission, ApiSources sources);

  /// They refer to this object.
  [[nodiscard]] std::vector<net::Route> routes();

 private:
  using Granted = tl::expected<Grant, Refusal>;

  Granted ask(const net::HttpRequest& request, std::optional<Right> action,
              const std::string& channel = {});
  Granted askAdmin(const net::HttpRequest& request);

  net::HttpResponse access(const net::HttpRequest& request);
  net::HttpResponse channels(const net::HttpRequest& request);
  net::HttpResponse ice(const net::HttpRequest& request);
  [[nodiscard]] net::HttpResponse identity(const net::HttpRequest& request) const;
  net::HttpResponse members(const net::HttpRequest& request);
  net::HttpResponse remove(const net::HttpRequest& request);

  Admission& admission_;
  const ApiSources sources_;
};

}  // namespace rtcpub
