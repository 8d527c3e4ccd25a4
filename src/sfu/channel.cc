#include "sfu/channel.h"

#include <algorithm>
#include <utility>

#include "log/log.h"
#include "sfu/member.h"
#include "sfu/router/codec_reports.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {
namespace {

/// Labels between a client and the server.
constexpr std::string_view kReservedPrefix = "rtcpub.";

}  // namespace

Channel::Channel(std::string id, Network& network, Events events)
    : id_(std::move(id)),
      events_(std::move(events)),
      router_(*this),
      wakeUp_([&network](Time::duration delay,
                         std::function<void()> task) { network.postAfter(delay, std::move(task)); },
              [this] { onDue(); }) {}

Member* Channel::member(MemberId id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : found->second;
}

void Channel::join(Member& client, Time now) {
  Member*& place = members_[client.id()];
  if (place != nullptr) forget(*place);  // it begins anew
  place = &client;
  if (client.role() == spider::Role::kSubscriber) {
    subscribers_.push_back(&client);
    router_.addSubscriber(client.id(), client.media());
    return;
  }
  if (!seat_.join(client.id(), client.admission().network)) {
    log().info("client {}: waits for its transport to take channel {}", client.id(), id_);
    return;
  }
  seat(client, now);
}

/// In the room and for data messages at once.
void Channel::seat(Member& client, Time now) {
  dropKept();
  publisher_ = &client;
  clock_ = {};
  router_.setPublisher(client.id(), client.media(), now);
  events_.published(client.id());
}

/// What subscribers said to the publisher before, and what was kept since that had no room for it,
/// isn't for the next one.
void Channel::dropKept() {
  publisher_ = nullptr;
  for (auto* subscriber : subscribers_) subscriber->transport().resumeData();
}

void Channel::leave(Member& client) {
  const auto found = members_.find(client.id());
  if (found == members_.end() || found->second != &client) return;
  members_.erase(found);
  forget(client);
  const auto next = seat_.leave(client.id());
  if (!next) return;
  const Time now = monotonicNow();
  seat(*member(*next), now);
  if (publisher_->transport().ready()) router_.onPublisherReady(now);
  armTimer(now);
}

/// All but whose seat it is.
void Channel::forget(Member& client) {
  toldCodecs_.erase(client.id());
  if (publisher_ == &client) {
    publisher_ = nullptr;
    clock_ = {};
    router_.removePublisher(client.id());
  } else if (client.role() == spider::Role::kSubscriber) {
    std::erase(subscribers_, &client);
    router_.removeSubscriber(client.id());
  }
}

std::optional<MemberId> Channel::tooMany(const Member& newcomer) const {
  return seat_.tooMany(newcomer.id(), newcomer.admission().network, [this](MemberId id) {
    const Member* client = member(id);
    return client != nullptr && client->transport().lastCheck().has_value();
  });
}

void Channel::renegotiate(Member& client, Time now) {
  if (publisher_ == &client) {
    router_.setPublisher(client.id(), client.media(), now);
    if (client.transport().ready()) router_.onPublisherReady(now);
  } else if (client.role() == spider::Role::kSubscriber) {
    router_.removeSubscriber(client.id());
    router_.addSubscriber(client.id(), client.media());
    if (client.transport().ready()) router_.onSubscriberReady(client.id(), now);
  }
  armTimer(now);
}

void Channel::onReady(Member& client) {
  const Time now = monotonicNow();
  if (seat_.take(client.id())) seat(client, now);
  if (publisher_ == &client) {
    router_.onPublisherReady(now);
  } else if (client.role() == spider::Role::kSubscriber) {
    router_.onSubscriberReady(client.id(), now);
  }
  tellCodecs();
  armTimer(now);
}

void Channel::onAway(Member& client) {
  if (client.role() == spider::Role::kSubscriber) router_.pauseSubscriber(client.id());
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
  if (from.role() != spider::Role::kSubscriber) return;
  const Time now = monotonicNow();
  router_.onEstimate(from.id(), bitsPerSecond, now);
  limitPublisher(now);
  armTimer(now);
}

void Channel::onDataMessage(Member& from, const DataView& message) {
  if (message.label == clock_sync::kLabel) {
    onClockMessage(from, message.data);
  } else if (!message.label.starts_with(kReservedPrefix)) {
    relay(from, message);
  }
}

void Channel::relay(Member& from, const DataView& message) {
  if (from.role() == spider::Role::kSubscriber) {
    // A command waits for a publisher that is still connecting: both may have come at once.
    if (publisher_ != nullptr) publisher_->transport().sendData(message);
  } else if (publisher_ == &from) {
    for (auto* subscriber : subscribers_) {
      // What was said before it came isn't for it.
      if (subscriber->transport().dataUp()) subscriber->transport().sendData(message);
    }
  }
}

std::ptrdiff_t Channel::roomForData(const Member& from) const {
  if (from.role() == spider::Role::kSubscriber) {
    return publisher_ == nullptr ? PTRDIFF_MAX : publisher_->transport().roomForData(from.id());
  }
  if (publisher_ != &from) return PTRDIFF_MAX;
  const Time now = monotonicNow();
  std::ptrdiff_t room = PTRDIFF_MAX;
  std::ptrdiff_t roomOfSlow = PTRDIFF_MAX;
  bool somebodyKeepsUp = false;
  for (const auto* subscriber : subscribers_) {
    const auto& transport = subscriber->transport();
    if (!transport.dataUp() || subscriber->away()) continue;
    const bool keepsUp = transport.keepsUp(now);
    somebodyKeepsUp |= keepsUp;
    auto& least = keepsUp ? room : roomOfSlow;
    least = std::min(least, transport.roomForData(from.id()));
  }
  return somebodyKeepsUp ? room : roomOfSlow;
}

void Channel::onDataTaken(const Member& by) {
  if (by.role() == spider::Role::kSubscriber) {
    if (publisher_ != nullptr) publisher_->transport().resumeData();
  } else if (publisher_ == &by) {
    for (auto* subscriber : subscribers_) subscriber->transport().resumeData();
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
    log().warn("client {} on {} sees nothing: the publisher sends {}, it takes {}", id, id_,
               report.sent, listOf(report.taken));
  }
  toldCodecs_[id] = report;
  events_.codecs(id, report);
}

void Channel::addLoads(std::vector<ViewerLoad>& loads, Time now) {
  const std::size_t before = loads.size();
  router_.addLoads(loads, now);
  for (std::size_t i = before; i < loads.size(); ++i) {
    const Member* client = member(loads[i].client);
    const auto ms = client == nullptr ? std::nullopt : client->transport().counters().rttMs;
    if (ms) loads[i].rtt = std::chrono::microseconds(static_cast<std::int64_t>(*ms * 1000));
  }
}

void Channel::thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now) {
  router_.thin(plan, burst, now);
  armTimer(now);
}

std::string Channel::codec() const {
  if (publisher_ == nullptr) return {};
  const std::string key = publisher_->transport().counters().codec;
  return key.substr(0, key.find('/'));
}

SubscriberCounters Channel::counters(MemberId subscriber) const {
  return router_.counters(subscriber);
}

const CodecReport* Channel::codecReport(MemberId subscriber) const {
  const auto found = toldCodecs_.find(subscriber);
  return found == toldCodecs_.end() ? nullptr : &found->second;
}

void Channel::sendRtp(MemberId to, const OutgoingPacket& packet) {
  if (auto* client = member(to)) {
    ++packetsOut_;
    client->transport().sendRtp(packet);
  }
}

void Channel::sendSenderReport(MemberId to, const OutgoingSenderReport& report) {
  if (auto* client = member(to)) client->transport().sendSenderReport(report, monotonicNow());
}

void Channel::requestKeyFrame(MemberId publisher) {
  if (auto* client = member(publisher)) client->transport().requestKeyFrame();
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
