#include "sfu/channel.h"

#include <algorithm>
#include <utility>

#include "log/log.h"
#include "sfu/member.h"
#include "sfu/router/codec_reports.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {

Channel::Channel(std::string id, Network& network, Events events)
    : id_(std::move(id)),
      events_(std::move(events)),
      router_(*this),
      control_(*this, network),
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
    Member& before = *std::exchange(place->member, &member);
    forget(before);  // it begins anew
    control_.onGone(member.id(), now);
    if (before.publishes() != member.publishes()) vacate(member.id(), now);
  } else {
    members_.insert(place, {member.id(), &member});
  }
  if (member.views()) router_.addViewer(member.id(), member.media());
  if (seat_.publisher() == member.id()) seat(member, now);
}

void Channel::stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels,
                    Time now) {
  seat_.stamp(publisher, std::move(openLabels));
  settle(now);
}

/// One whose transport stands already was overtaken by that: the hub is about to hear of it.
void Channel::stampHeir(MemberId heir, std::vector<std::string> openLabels, Time now) {
  const Member* member = find(heir);
  if (member == nullptr || !member->publishes()) return;
  seat_.stampHeir(heir, std::move(openLabels));
  if (member->transport().ready()) (void)seat_.onStands(heir);
  settle(now);
}

/// What it took ahead of the hub goes back.
void Channel::vacate(MemberId id, Time now) {
  const auto before = seat_.publisher();
  seat_.leave(id);
  if (seat_.publisher() != before) settle(now);
}

/// Whoever has the channel is seated, and nothing waits for it that nobody may say to it.
void Channel::settle(Time now) {
  const auto publisher = seat_.publisher();
  Member* member = publisher ? find(*publisher) : nullptr;
  if (member == publisher_) {
    for (const auto& place : members_) retract(*place.member);
    return;
  }
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
  if (!rights.has(Right::kDrive)) control_.onGone(member.id(), now);
  if (viewed == member.views()) return;
  router_.removeViewer(member.id());
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
  control_.onSeated(member, now);
}

void Channel::unseat() {
  if (publisher_ == nullptr) return;
  router_.removePublisher(publisher_->id());
  publisher_ = nullptr;
  clock_ = {};
  control_.onUnseated(monotonicNow());
}

void Channel::leave(Member& member) {
  const auto place = placeOf(member.id());
  if (place == members_.end() || place->member != &member) return;
  members_.erase(place);
  forget(member);
  vacate(member.id(), monotonicNow());
  control_.onGone(member.id(), monotonicNow());
}

/// All but its place, and who has the channel.
void Channel::forget(Member& member) {
  toldCodecs_.erase(member.id());
  if (publisher_ == &member) unseat();
  if (member.views()) router_.removeViewer(member.id());
}

void Channel::renegotiate(Member& member, Time now) {
  if (publisher_ == &member) {
    router_.setPublisher(member.id(), member.media(), now);
    if (member.transport().ready()) router_.onPublisherReady(now);
  }
  if (member.views()) {
    router_.removeViewer(member.id());
    watch(member, now);
  }
  armTimer(now);
}

void Channel::watch(Member& member, Time now) {
  router_.addViewer(member.id(), member.media());
  if (member.transport().ready()) router_.onViewerReady(member.id(), now);
}

void Channel::onStands(Member& member) {
  if (seat_.onStands(member.id())) seat(member, monotonicNow());
  onReady(member);
}

void Channel::onReady(Member& member) {
  const Time now = monotonicNow();
  if (publisher_ == &member) router_.onPublisherReady(now);
  if (member.views()) router_.onViewerReady(member.id(), now);
  tellCodecs();
  armTimer(now);
}

void Channel::onAway(Member& member) {
  if (member.views()) router_.pauseViewer(member.id());
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
    const Member* viewer = find(loads[i].member);
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

std::optional<std::int64_t> Channel::capturedNtpUs(MemberId viewer, std::uint32_t rtp) const {
  return router_.capturedNtpUs(viewer, rtp, monotonicNow());
}

ViewerCounters Channel::counters(MemberId viewer) const { return router_.counters(viewer); }

const CodecReport* Channel::codecReport(MemberId viewer) const {
  const auto found = toldCodecs_.find(viewer);
  return found == toldCodecs_.end() ? nullptr : &found->second;
}

MediaTotals Channel::totals() const {
  MediaTotals sum{.keyFramesAsked = keyFramesAsked_,
                  .sentPackets = packetsOut_,
                  .sentBytes = bytesOut_,
                  .picturesLost = picturesLost_,
                  .droppedMessages = {.noRight = refusedMessages_},
                  .control = control_.totals()};
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
