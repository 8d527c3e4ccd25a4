#include "sfu/channel.h"

#include <algorithm>
#include <utility>

#include "core/data/label.h"
#include "core/text/text.h"
#include "log/log.h"
#include "sfu/member.h"
#include "sfu/router/codec_reports.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {

Channel::Channel(std::string id, Network& network, Events events)
    : id_(std::move(id)),
      events_(std::move(events)),
      router_(*this),
      wakeUp_([&network](Time::duration delay,
                         std::function<void()> task) { network.postAfter(delay, std::move(task)); },
              [this] { onDue(); }) {}

std::vector<Channel::Place>::iterator Channel::placeOf(MemberId id) {
  return std::lower_bound(members_.begin(), members_.end(), id,
                          [](const Place& place, MemberId sought) { return place.id < sought; });
}

Member* Channel::find(MemberId id) {
  const auto place = placeOf(id);
  return place == members_.end() || place->id != id ? nullptr : place->member;
}

void Channel::join(Member& member, Time now) {
  const auto place = placeOf(member.id());
  if (place != members_.end() && place->id == member.id()) {
    forget(*place->member);  // it begins anew
    place->member = &member;
  } else {
    members_.insert(place, {member.id(), &member});
  }
  if (member.views()) router_.addSubscriber(member.id(), member.media());
  if (stamped_ == member.id()) seat(member, now);
}

void Channel::stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels,
                    Time now) {
  openLabels_ = std::move(openLabels);
  if (std::exchange(stamped_, publisher) == publisher) {
    for (const auto& place : members_) retract(*place.member);
    return;
  }
  Member* member = publisher ? find(*publisher) : nullptr;
  if (member == nullptr) return unseat();
  seat(*member, now);
  if (member->transport().ready()) router_.onPublisherReady(now);
  member->transport().resumeData();
  tellCodecs();
  armTimer(now);
}

void Channel::stampRights(Member& member, Rights rights, Time now) {
  const bool viewed = member.views();
  member.setRights(rights);
  retract(member);
  if (viewed == member.views()) return;
  router_.removeSubscriber(member.id());
  if (member.views()) watch(member, now);
  armTimer(now);
}

/// In the router and for data messages at once. What viewers said to the publisher before, and what
/// was kept since that had no room for it, isn't for this one.
void Channel::seat(Member& member, Time now) {
  publisher_ = nullptr;
  for (const auto& place : members_) {
    if (place.member->views()) place.member->transport().resumeData();
  }
  publisher_ = &member;
  clock_ = {};
  router_.setPublisher(member.id(), member.media(), now);
}

void Channel::unseat() {
  if (publisher_ == nullptr) return;
  router_.removePublisher(publisher_->id());
  publisher_ = nullptr;
  clock_ = {};
}

void Channel::leave(Member& member) {
  const auto place = placeOf(member.id());
  if (place == members_.end() || place->member != &member) return;
  members_.erase(place);
  forget(member);
}

/// All but its place, and the stamp.
void Channel::forget(Member& member) {
  toldCodecs_.erase(member.id());
  if (publisher_ == &member) unseat();
  if (member.views()) router_.removeSubscriber(member.id());
}

void Channel::renegotiate(Member& member, Time now) {
  if (publisher_ == &member) {
    router_.setPublisher(member.id(), member.media(), now);
    if (member.transport().ready()) router_.onPublisherReady(now);
  }
  if (member.views()) {
    router_.removeSubscriber(member.id());
    watch(member, now);
  }
  armTimer(now);
}

void Channel::watch(Member& member, Time now) {
  router_.addSubscriber(member.id(), member.media());
  if (member.transport().ready()) router_.onSubscriberReady(member.id(), now);
}

void Channel::onReady(Member& member) {
  const Time now = monotonicNow();
  if (publisher_ == &member) router_.onPublisherReady(now);
  if (member.views()) router_.onSubscriberReady(member.id(), now);
  tellCodecs();
  armTimer(now);
}

void Channel::onAway(Member& member) {
  if (member.views()) router_.pauseSubscriber(member.id());
}

void Channel::onMedia(Member& from, const IncomingPacket& packet) {
  if (publisher_ != &from) return;
  ++packetsIn_;
  const Time now = monotonicNow();
  router_.onPacket(packet, now);
  armTimer(now);
}

void Channel::onVideoSourceChanged(Member& from, std::uint32_t ssrc) {
  if (publisher_ == &from) router_.onVideoSourceChanged(ssrc);
}

void Channel::onSenderReport(Member& from, const SenderReport& report) {
  if (publisher_ == &from) router_.onSenderReport(report, monotonicNow());
}

void Channel::onKeyFrameNeeded(Member& from) {
  if (publisher_ != &from) return;
  const Time now = monotonicNow();
  router_.onKeyFrameNeeded(now);
  armTimer(now);
}

void Channel::onPictureLost(Member& from) {
  ++picturesLost_;
  const Time now = monotonicNow();
  router_.onPictureLost(from.id(), now);
  armTimer(now);
}

void Channel::onNack(Member& from, std::uint32_t ssrc,
                     std::span<const std::uint16_t> sequenceNumbers) {
  const Time now = monotonicNow();
  router_.onNack(from.id(), ssrc, sequenceNumbers, now);
  armTimer(now);
}

void Channel::onEstimate(Member& from, std::int64_t bitsPerSecond) {
  if (!from.views()) return;
  const Time now = monotonicNow();
  router_.onEstimate(from.id(), bitsPerSecond, now);
  limitPublisher(now);
  armTimer(now);
}

void Channel::onDataMessage(Member& from, const DataView& message) {
  if (message.label == clock_sync::kLabel) {
    onClockMessage(from, message.data);
  } else if (!isReservedLabel(message.label)) {
    forward(from, message);
  }
}

void Channel::forward(Member& from, const DataView& message) {
  if (publisher_ == &from) {
    for (const auto& [id, member] : members_) {
      // What was said before it came isn't for it.
      if (member != &from && member->views() && member->transport().dataUp()) {
        member->transport().sendData(message);
      }
    }
  } else if (!maySay(from, message.label)) {
    refuse(from, message.label);
  } else if (publisher_ != nullptr) {
    // A command waits for a publisher that is still connecting: both may have come at once.
    publisher_->transport().sendData(message);
  }
}

/// To the publisher. What is said while there is none is nobody's, and no wrong.
bool Channel::maySay(const Member& from, std::string_view label) const {
  if (from.rights().has(Right::kDrive)) return true;
  if (!from.views()) return false;
  return publisher_ == nullptr ||
         std::find(openLabels_.begin(), openLabels_.end(), label) != openLabels_.end();
}

void Channel::refuse(Member& from, std::string_view label) {
  ++refusedMessages_;
  if (!from.countRefused() || !from.views()) return;  // another publisher is told by the hub
  log().info("member {} on {}: what it says on {} isn't passed on, since it may not drive",
             from.id(), id_, text::quote(label));
  events_.refused(from.id(), std::string(label));
}

/// What it may not say any more, of what waits for the publisher.
void Channel::retract(Member& from) {
  if (publisher_ == nullptr || publisher_ == &from) return;
  const auto dropped = publisher_->transport().dropData(
      from.id(), [&](std::string_view label) { return !maySay(from, label); });
  if (dropped == 0) return;
  refusedMessages_ += dropped;
  log().info(
      "member {} on {}: {} messages that waited for the publisher are dropped, since it may "
      "not send them any more",
      from.id(), id_, dropped);
  from.transport().resumeData();  // there is room
}

std::ptrdiff_t Channel::roomForData(const Member& from) const {
  if (publisher_ != &from) {
    if (!from.views()) return 0;
    return publisher_ == nullptr ? PTRDIFF_MAX : publisher_->transport().roomForData(from.id());
  }
  const Time now = monotonicNow();
  std::ptrdiff_t room = PTRDIFF_MAX;
  std::ptrdiff_t roomOfSlow = PTRDIFF_MAX;
  bool somebodyKeepsUp = false;
  for (const auto& [id, member] : members_) {
    const auto& transport = member->transport();
    if (member == &from || !member->views() || !transport.dataUp() || member->away()) continue;
    const bool keepsUp = transport.keepsUp(now);
    somebodyKeepsUp |= keepsUp;
    auto& least = keepsUp ? room : roomOfSlow;
    least = std::min(least, transport.roomForData(from.id()));
  }
  return somebodyKeepsUp ? room : roomOfSlow;
}

void Channel::onDataTaken(const Member& by) {
  if (publisher_ == &by) {
    for (const auto& [id, member] : members_) {
      if (member != &by && member->views()) member->transport().resumeData();
    }
  } else if (publisher_ != nullptr && by.views()) {
    publisher_->transport().resumeData();
  }
}

void Channel::onClockMessage(Member& from, std::string_view data) {
  const auto message = clock_sync::parse(data);
  if (!message) return;
  const Time now = monotonicNow();
  if (const auto* request = std::get_if<clock_sync::Request>(&*message)) {
    const clock_sync::Reply reply{request->t0Us, now.time_since_epoch().count(),
                                  clock_.offsetUs(now)};
    sendClockMessage(from, clock_sync::format(reply), now);
  } else if (publisher_ == &from) {
    const auto rtt = clock_.onReply(std::get<clock_sync::Reply>(*message), now);
    if (rtt) from.transport().setRtt(*rtt);
  }
}

/// The next one says more than one that is late.
void Channel::sendClockMessage(Member& to, std::string_view data, Time now) {
  constexpr std::chrono::milliseconds kLife = clock_sync::kInterval;
  const DataChannelOptions options{.maxPacketLifeTimeMs = static_cast<int>(kLife.count())};
  to.transport().sendData({.label = clock_sync::kLabel,
                           .options = options,
                           .data = data,
                           .since = now,
                           .sender = kServer});
}

void Channel::onSecond(Time now) {
  tellCodecs();
  router_.forgetOld(now);
  if (publisher_ == nullptr) return;
  publisher_->transport().sendReports(now);
  limitPublisher(now);
  if (publisher_->transport().hasOpened(clock_sync::kLabel)) {
    sendClockMessage(*publisher_, clock_.ask(now), now);
  }
}

void Channel::tellCodecs() {
  const auto reports = router_.codecReports();
  for (const auto& [id, report] : reports) tellViewer(id, report);
  if (publisher_ == nullptr) return;
  const CodecReport sum = sumOf(reports);
  auto& told = toldCodecs_[publisher_->id()];
  if (std::exchange(told, sum) != sum) events_.codecs(publisher_->id(), sum);
}

/// From the first time on that it lacks something.
void Channel::tellViewer(MemberId id, const CodecReport& report) {
  const auto told = toldCodecs_.find(id);
  const bool known = told != toldCodecs_.end();
  if (known ? told->second == report : report.lacking == 0) return;
  if (report.lacking != 0 && (!known || told->second.lacking == 0)) {
    log().warn("member {} on {} sees nothing: the publisher sends {}, it takes {}", id, id_,
               report.sent, listOf(report.taken));
  }
  toldCodecs_[id] = report;
  events_.codecs(id, report);
}

void Channel::addLoads(std::vector<ViewerLoad>& loads, Time now) {
  const std::size_t before = loads.size();
  router_.addLoads(loads, now);
  for (std::size_t i = before; i < loads.size(); ++i) {
    const Member* viewer = find(loads[i].client);
    const auto ms = viewer == nullptr ? std::nullopt : viewer->transport().counters().rttMs;
    if (ms) loads[i].rtt = std::chrono::microseconds(static_cast<std::int64_t>(*ms * 1000));
  }
}

void Channel::thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now) {
  router_.thin(plan, burst, now);
  armTimer(now);
}

std::string Channel::codec() const {
  if (publisher_ == nullptr) return {};
  const auto codec = publisher_->transport().counters().codec;
  return codec ? std::string(name(codec->kind)) : "";
}

SubscriberCounters Channel::counters(MemberId viewer) const { return router_.counters(viewer); }

const CodecReport* Channel::codecReport(MemberId viewer) const {
  const auto found = toldCodecs_.find(viewer);
  return found == toldCodecs_.end() ? nullptr : &found->second;
}

MediaTotals Channel::totals() const {
  MediaTotals sum{.keyFramesAsked = keyFramesAsked_,
                  .sentPackets = packetsOut_,
                  .sentBytes = bytesOut_,
                  .picturesLost = picturesLost_,
                  .droppedMessages = {.noRight = refusedMessages_}};
  sum += past_;
  sum += router_.totals();
  for (const auto& [id, member] : members_) sum += member->transport().counters().totals;
  return sum;
}

void Channel::sendRtp(MemberId to, const OutgoingPacket& packet) {
  if (auto* member = find(to)) {
    ++packetsOut_;
    bytesOut_ += packet.data.size();
    member->transport().sendRtp(packet);
  }
}

void Channel::sendSenderReport(MemberId to, const OutgoingSenderReport& report) {
  if (auto* member = find(to)) member->transport().sendSenderReport(report, monotonicNow());
}

void Channel::requestKeyFrame(MemberId publisher) {
  if (auto* member = find(publisher)) {
    ++keyFramesAsked_;
    member->transport().requestKeyFrame();
  }
}

void Channel::limitPublisher(Time now) {
  if (publisher_ == nullptr) return;
  if (const auto limit = router_.publisherLimit(now)) publisher_->transport().limitRate(*limit);
}

void Channel::armTimer(Time now) {
  if (const auto deadline = router_.deadline()) wakeUp_.set(*deadline, now);
}

void Channel::onDue() {
  const Time now = monotonicNow();
  router_.onTime(now);
  armTimer(now);
}

}  // namespace rtcpub::sfu
