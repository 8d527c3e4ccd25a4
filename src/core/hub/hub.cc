#include "core/hub/hub.h"

#include <algorithm>
#include <utility>

namespace rtcpub {
namespace {

/// What a member is to its channel can't change: it begins anew then.
bool isSamePlace(const Membership& a, const Membership& b) {
  return a.channel == b.channel && a.rights.has(Right::kPublish) == b.rights.has(Right::kPublish);
}

}  // namespace

// --- Doors

Hub::Actions Hub::enter(MemberId id, Membership membership) {
  Actions actions;
  auto known = members_.find(id);
  if (known != members_.end() && !isSamePlace(known->second, membership)) {
    actions = leave(id);
    known = members_.end();
  }
  deserted_.leave(id);
  const std::string channel = membership.channel;
  const bool wasIn = known != members_.end();
  if (wasIn) {
    update(id, known->second, std::move(membership), actions);
    known->second.heard = false;
    drives_.onGone(channel, id);  // what it drove by is no more
    auto& order = channels_.at(channel).members;
    std::erase(order, id);
    order.push_back(id);
  } else {
    insert(id, std::move(membership));
  }
  const Member& member = members_.at(id);
  auto& seats = channels_.at(channel);
  if (member.publishes() && !seats.publisher) {
    seat(id, channel, seats, actions);
    tellAll(channel, actions);
  } else if (waits(id)) {
    stampHeir(id, actions);
    makeRoomToWait(id, channel, actions);
  } else if (wasIn) {
    tell(id, actions);
  } else if (isCounted(id, seats)) {
    tellAll(channel, actions);
    tellDriver(id, actions);
  }
  return withDrives(std::move(actions));
}

Hub::Actions Hub::renegotiate(MemberId id, std::vector<std::string> openLabels) {
  const auto known = members_.find(id);
  if (known == members_.end()) return {};
  Actions actions;
  Membership same = known->second;
  same.openLabels = std::move(openLabels);
  update(id, known->second, std::move(same), actions);
  tell(id, actions);
  return actions;
}

Hub::Actions Hub::resume(MemberId id, Membership membership) {
  const auto known = members_.find(id);
  if (known == members_.end()) return {};
  if (!isSamePlace(known->second, membership)) return enter(id, std::move(membership));
  deserted_.leave(id);
  Actions actions;
  update(id, known->second, std::move(membership), actions);
  if (known->second.codecs) actions.emplace_back(NotifyCodecs{id, *known->second.codecs});
  tell(id, actions);
  tellDriver(id, actions);
  return withDrives(std::move(actions));
}

Hub::Actions Hub::desert(MemberId id) {
  const auto known = members_.find(id);
  if (known == members_.end() || deserted(id)) return {};
  const auto out = deserted_.enter(id, known->second.network, 0);
  if (!out) return {};
  return evict(*out, {.code = "media-lost", .message = "too many others have lost signalling"});
}

Hub::Actions Hub::leave(MemberId id) {
  const auto known = members_.find(id);
  if (known == members_.end()) return {};
  const std::string channel = known->second.channel;
  const bool published = publisherOf(channel) == id;
  const bool matters = extract(id);
  Actions actions;
  settle(channel, published, actions);
  if (matters) tellAll(channel, actions);
  return withDrives(std::move(actions));
}

Hub::Actions Hub::remove(MemberId id) {
  return evict(id, {.code = "removed", .message = "whoever runs this channel has removed it"});
}

Hub::Actions Hub::evict(MemberId id, Farewell why) {
  if (!contains(id)) return {};
  Actions actions{Evict{id, std::move(why)}};
  auto rest = leave(id);
  std::move(rest.begin(), rest.end(), std::back_inserter(actions));
  return actions;
}

// --- The media plane

void Hub::onHeard(MemberId id) {
  if (const auto known = members_.find(id); known != members_.end()) known->second.heard = true;
}

Hub::Actions Hub::onStands(MemberId id) {
  if (!waits(id)) return {};
  const std::string channel = members_.at(id).channel;
  auto& seats = channels_.at(channel);
  const MemberId before = *seats.publisher;
  Actions actions;
  seat(id, channel, seats, actions);
  extract(before);
  actions.emplace_back(
      Evict{before, {.code = "replaced", .message = "a newer publisher took channel " + channel}});
  tellAll(channel, actions);
  return withDrives(std::move(actions));
}

Hub::Actions Hub::onPresence(MemberId id, bool present) {
  const auto known = members_.find(id);
  if (known == members_.end() || std::exchange(known->second.present, present) == present) {
    return {};
  }
  Actions actions;
  if (known->second.views()) tellAll(known->second.channel, actions);
  if (!present) drives_.onGone(known->second.channel, id);
  return withDrives(std::move(actions));
}

Hub::Actions Hub::onCodecs(MemberId id, CodecReport report) {
  const auto known = members_.find(id);
  if (known == members_.end()) return {};
  known->second.codecs = report;
  return {NotifyCodecs{id, std::move(report)}};
}

// --- Time

std::optional<Time> Hub::deadline() const {
  const auto answer = drives_.deadline();
  if (ends_.empty()) return answer;
  return std::min(ends_.begin()->first, answer.value_or(Time::max()));
}

Hub::Actions Hub::onTime(const AccessTime& now) {
  struct Change {
    bool publisherLeft = false;
    bool matters = false;
  };
  Actions actions;
  std::map<std::string, Change> changes;
  while (const auto id = ended(now)) {
    const std::string channel = members_.at(*id).channel;
    auto& change = changes[channel];
    change.publisherLeft |= publisherOf(channel) == *id;
    change.matters |= extract(*id);
    actions.emplace_back(
        Evict{*id, {.code = "expired", .message = "the token by which it was let in has expired"}});
  }
  for (const auto& [channel, change] : changes) {
    settle(channel, change.publisherLeft, actions);
    if (change.matters) tellAll(channel, actions);
  }
  drives_.onTime(now.monotonic);
  return withDrives(std::move(actions));
}

// --- Who is in

const Hub::Member* Hub::find(MemberId id) const {
  const auto known = members_.find(id);
  return known == members_.end() ? nullptr : &known->second;
}

std::optional<MemberId> Hub::publisherOf(std::string_view channel) const {
  const auto known = channels_.find(channel);
  return known == channels_.end() ? std::nullopt : known->second.publisher;
}

bool Hub::waits(MemberId id) const {
  const Member* member = find(id);
  return member != nullptr && member->publishes() && publisherOf(member->channel) != id;
}

std::vector<Hub::Channel> Hub::channels() const {
  std::vector<Channel> channels;
  channels.reserve(channels_.size());
  for (const auto& [id, seats] : channels_) {
    const int viewers = attendance(id, seats).viewers;
    if (!seats.publisher && viewers == 0) continue;
    const auto drive = drives_.stateOf(id);
    channels.push_back({.id = id,
                        .publisher = seats.publisher,
                        .viewers = viewers,
                        .driver = driver(drive.lease.driver),
                        .emergency = drive.emergency});
  }
  return channels;
}

// --- How it keeps them

void Hub::insert(MemberId id, Membership membership) {
  channels_[membership.channel].members.push_back(id);
  schedule(id, membership);
  members_.emplace(id, Member{std::move(membership)});
}

/// Of the same place.
void Hub::update(MemberId id, Member& member, Membership membership, Actions& actions) {
  const bool otherRights = member.rights != membership.rights;
  const bool otherLabels = member.openLabels != membership.openLabels;
  unschedule(id, member);
  static_cast<Membership&>(member) = std::move(membership);
  schedule(id, member);
  if (otherRights) {
    actions.emplace_back(StampRights{id, member.rights});
    drives_.onRights(member.channel, id, member.rights);
  }
  auto& seats = channels_.at(member.channel);
  if (!otherLabels) return;
  if (waits(id)) return stampHeir(id, actions);
  if (seats.publisher != id) return;
  actions.emplace_back(StampChannel{member.channel, id, member.openLabels});
  const auto who = attendance(member.channel, seats);
  for (const MemberId other : seats.members) {  // the member itself is told besides
    if (other != id && isCounted(other, seats)) actions.emplace_back(Notify{other, who});
  }
}

void Hub::schedule(MemberId id, const Membership& membership) {
  if (membership.until) ends_.emplace(*membership.until, id);
  if (membership.expires) expiries_.emplace(*membership.expires, id);
}

void Hub::unschedule(MemberId id, const Membership& membership) {
  if (membership.until) ends_.erase({*membership.until, id});
  if (membership.expires) expiries_.erase({*membership.expires, id});
}

/// One whose rights have.
std::optional<MemberId> Hub::ended(const AccessTime& now) const {
  if (!ends_.empty() && ends_.begin()->first <= now.monotonic) return ends_.begin()->second;
  if (!expiries_.empty() && expiries_.begin()->first <= now.unixTime) {
    return expiries_.begin()->second;
  }
  return std::nullopt;
}

bool Hub::extract(MemberId id) {
  const auto node = members_.extract(id);
  const Member& member = node.mapped();
  unschedule(id, member);
  deserted_.leave(id);
  auto& seats = channels_.at(member.channel);
  std::erase(seats.members, id);
  drives_.onGone(member.channel, id);
  if (seats.publisher != id) return member.views() && member.present;
  seats.publisher.reset();
  return true;
}

void Hub::settle(const std::string& channel, bool publisherLeft, Actions& actions) {
  const auto at = channels_.find(channel);
  auto& seats = at->second;
  const auto waiting = waitingFor(seats);
  if (publisherLeft && !waiting.empty()) {
    seat(waiting.back(), channel, seats, actions);
  } else if (publisherLeft) {
    actions.emplace_back(StampChannel{channel, std::nullopt, {}});
    drives_.onPublisher(channel, false);
  }
  if (!seats.members.empty()) return;
  drives_.forget(channel);
  channels_.erase(at);
}

void Hub::seat(MemberId id, const std::string& channel, Seats& seats, Actions& actions) {
  seats.publisher = id;
  actions.emplace_back(StampChannel{channel, id, members_.at(id).openLabels, true});
  drives_.onPublisher(channel, true);
}

void Hub::stampHeir(MemberId id, Actions& actions) const {
  const Member& member = members_.at(id);
  actions.emplace_back(StampHeir{member.channel, id, member.openLabels});
}

/// Of the network of which most wait, so that a flood harms its own, the oldest goes of those from
/// which nothing came, or else its oldest.
void Hub::makeRoomToWait(MemberId newcomer, const std::string& channel, Actions& actions) {
  const auto waiting = waitingFor(channels_.at(channel));
  if (waiting.size() <= kMaxWaiting) return;
  std::map<std::optional<NetworkKey>, std::size_t> waitingOf;
  for (const MemberId id : waiting) ++waitingOf[members_.at(id).network];
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(waitingOf.begin(), waitingOf.end(), fewer)->second;
  std::optional<MemberId> out;
  for (const MemberId id : waiting) {
    const Member& member = members_.at(id);
    if (id == newcomer || waitingOf[member.network] != most) continue;
    if (!out || !member.heard) out = id;
    if (!member.heard) break;
  }
  if (!out) return;
  extract(*out);
  actions.emplace_back(Evict{
      *out,
      {.code = "media-lost", .message = "too many others want to publish on channel " + channel}});
}

/// The oldest first.
std::vector<MemberId> Hub::waitingFor(const Seats& seats) const {
  std::vector<MemberId> waiting;
  for (const MemberId id : seats.members) {
    if (id != seats.publisher && members_.at(id).publishes()) waiting.push_back(id);
  }
  return waiting;
}

/// Whether it is among those that are there, and told of each other.
bool Hub::isCounted(MemberId id, const Seats& seats) const {
  const Member& member = members_.at(id);
  return seats.publisher == id || (member.views() && member.present);
}

Attendance Hub::attendance(const std::string& channel, const Seats& seats) const {
  Attendance who{.channel = channel, .publishers = seats.publisher ? 1 : 0};
  if (seats.publisher) who.openLabels = members_.at(*seats.publisher).openLabels;
  who.viewers = static_cast<int>(
      std::count_if(seats.members.begin(), seats.members.end(), [this](MemberId id) {
        const Member& member = members_.at(id);
        return member.views() && member.present;
      }));
  return who;
}

void Hub::tell(MemberId id, Actions& actions) const {
  const std::string& channel = members_.at(id).channel;
  const auto& seats = channels_.at(channel);
  if (isCounted(id, seats)) actions.emplace_back(Notify{id, attendance(channel, seats)});
}

void Hub::tellAll(const std::string& channel, Actions& actions) const {
  const auto at = channels_.find(channel);
  if (at == channels_.end()) return;  // nobody is left
  const auto who = attendance(channel, at->second);
  for (const MemberId id : at->second.members) {
    if (isCounted(id, at->second)) actions.emplace_back(Notify{id, who});
  }
}

}  // namespace rtcpub
