#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/spider/message.h"

namespace rtcpub {

/// One connected client of the server; never reused while the server runs.
using MemberId = std::uint64_t;

/// The server's rooms as far as signalling goes: who is in which channel. Pure.
/// One publisher a channel; any number of subscribers, before or after the publisher.
class Lobby {
 public:
  struct Notify {
    MemberId to;
    spider::Message message;
  };
  /// The client gets its message (an error), `close`, and is dropped.
  struct Evict {
    MemberId client;
    spider::ServerError why;
  };
  using Action = std::variant<Notify, Evict>;

  struct Channel {
    std::string id;
    bool publisher = false;
    int subscribers = 0;
  };

  /// A client takes its place: a subscriber when its offer was answered, a publisher when the media
  /// plane gives it the channel, in the place of the one before. Again (it comes back) it is told
  /// who is there, and nobody else anything.
  /// A client is in one place only: with another role or channel it leaves the old one first.
  /// Whoever is evicted is out at once; leave() of it changes nothing any more.
  [[nodiscard]] std::vector<Action> enter(MemberId client, spider::Role role,
                                          const std::string& channel);
  [[nodiscard]] std::vector<Action> leave(MemberId client);
  /// It renegotiates, or comes back by another WebSocket: tells it who is there, if it has a place.
  [[nodiscard]] std::vector<Action> greet(MemberId client) const;
  /// Sorted by id; channels without anyone are gone.
  [[nodiscard]] std::vector<Channel> channels() const;

 private:
  struct Place {
    std::string channel;
    spider::Role role = spider::Role::kSubscriber;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct Members {
    std::optional<MemberId> publisher;
    std::set<MemberId> subscribers;
  };

  static spider::Joins joins(const std::string& channel, const Members& members);
  /// Appends `joins` for each member.
  static void tellAll(const std::string& channel, const Members& members,
                      std::vector<Action>& actions);

  std::map<MemberId, Place> places_;
  std::map<std::string, Members> channels_;  ///< none without a member
};

}  // namespace rtcpub
