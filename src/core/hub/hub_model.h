#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/hub/hub.h"

namespace rtcpub::hub_test {

/// The rules once more, in the plainest words.
struct Model {
  struct Member {
    Membership grant;  ///< the last one
    bool present = true;
    int came = 0;  ///< when its newest transport did
  };
  std::map<MemberId, Member> members;
  std::map<std::string, MemberId> publishers;
  int clock = 0;

  [[nodiscard]] bool publishes(MemberId id) const {
    return members.at(id).grant.rights.has(Right::kPublish);
  }
  [[nodiscard]] bool has(MemberId id, const std::string& channel) const {
    const auto at = publishers.find(channel);
    return at != publishers.end() && at->second == id;
  }
  void enter(MemberId id, const Membership& grant) {
    const auto known = members.find(id);
    if (known != members.end() && (known->second.grant.channel != grant.channel ||
                                   publishes(id) != grant.rights.has(Right::kPublish))) {
      leave(id);
    }
    auto& member = members[id];
    member.grant = grant;
    member.came = ++clock;
    if (publishes(id)) publishers.try_emplace(grant.channel, id);
  }
  void stand(MemberId id) {
    if (!members.contains(id) || !publishes(id)) return;
    const std::string channel = members.at(id).grant.channel;
    if (has(id, channel)) return;
    members.erase(publishers.at(channel));
    publishers[channel] = id;
  }
  void leave(MemberId id) {
    const auto gone = members.extract(id);
    if (gone.empty()) return;
    const std::string& channel = gone.mapped().grant.channel;
    if (!has(id, channel)) return;
    publishers.erase(channel);
    std::optional<MemberId> next;
    for (const auto& [other, member] : members) {
      if (member.grant.channel != channel || !publishes(other)) continue;
      if (!next || members.at(*next).came < member.came) next = other;
    }
    if (next) publishers[channel] = *next;
  }
  [[nodiscard]] std::set<MemberId> expired(const AccessTime& now) const {
    std::set<MemberId> ids;
    for (const auto& [id, member] : members) {
      const auto& grant = member.grant;
      if (grant.until && *grant.until <= now.monotonic) ids.insert(id);
      if (grant.expires && *grant.expires <= now.unixTime) ids.insert(id);
    }
    return ids;
  }
  [[nodiscard]] bool isCounted(MemberId id) const {
    const auto& member = members.at(id);
    const bool views = member.grant.rights.has(Right::kView) && member.present;
    return views || has(id, member.grant.channel);
  }
  [[nodiscard]] Attendance attendance(const std::string& channel) const {
    Attendance who{.channel = channel};
    const auto at = publishers.find(channel);
    if (at != publishers.end()) {
      who.publishers = 1;
      who.openLabels = members.at(at->second).grant.openLabels;
    }
    for (const auto& [id, member] : members) {
      if (member.grant.channel == channel && member.grant.rights.has(Right::kView) &&
          member.present) {
        ++who.viewers;
      }
    }
    return who;
  }
};

}  // namespace rtcpub::hub_test
