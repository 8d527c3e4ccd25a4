#include "sfu/channel.h"

#include <algorithm>
#include <utility>

#include "log/log.h"
#include "sfu/client.h"
#include "sfu/router/codec_reports.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {
namespace {

/// Labels between a client and the server.
constexpr std::string_view kReservedPrefix = "rtcpub.";

}  // namespace

Channel::Channel(std::string id, Network& network, TellCodecs tellCodecs)
    : id_(std::move(id)), network_(network), tellCodecs_(std::move(tellCodecs)), room_(*this) {}

Client* Channel::member(ClientId id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : found->second;
}

void Channel::join(Client& client, Time now) {
  members_[client.id()] = &client;
  if (client.role() == spider::Role::kPublisher) {
    publisher_ = &client;
    clock_ = {};
    room_.setPublisher(client.id(), client.media(), now);
  } else {
    subscribers_.push_back(&client);
    room_.addSubscriber(client.id(), client.media());
  }
}

void Channel::leave(Client& client) {
  const auto found = members_.find(client.id());
  if (found == members_.end() || found->second != &client) return;
  members_.erase(found);
  toldCodecs_.erase(client.id());
  if (publisher_ == &client) {
    publisher_ = nullptr;
    clock_ = {};
    room_.removePublisher(client.id());
  } else if (client.role() == spider::Role::kSubscriber) {
    std::erase(subscribers_, &client);
    room_.removeSubscriber(client.id());
  }
}

void Channel::renegotiate(Client& client, Time now) {
  if (publisher_ == &client) {
    room_.setPublisher(client.id(), client.media(), now);
    if (client.transport().ready()) room_.onPublisherReady(now);
  } else if (client.role() == spider::Role::kSubscriber) {
    room_.removeSubscriber(client.id());
    room_.addSubscriber(client.id(), client.media());
    if (client.transport().ready()) room_.onSubscriberReady(client.id(), now);
  }
  armTimer(now);
}

void Channel::onReady(Client& client) {
  const Time now = monotonicNow();
  if (publisher_ == &client) {
    room_.onPublisherReady(now);
  } else if (client.role() == spider::Role::kSubscriber) {
    room_.onSubscriberReady(client.id(), now);
  }
  tellCodecs();
  armTimer(now);
}

void Channel::onAway(Client& client) {
  if (client.role() == spider::Role::kSubscriber) room_.pauseSubscriber(client.id());
}

void Channel::onMedia(Client& from, const IncomingPacket& packet) {
  if (publisher_ != &from) return;
  ++packetsIn_;
  const Time now = monotonicNow();
  room_.onPacket(packet, now);
  armTimer(now);
}

void Channel::onVideoSourceChanged(Client& from, std::uint32_t ssrc) {
  if (publisher_ == &from) room_.onVideoSourceChanged(ssrc);
}

void Channel::onSenderReport(Client& from, const SenderReport& report) {
  if (publisher_ == &from) room_.onSenderReport(report, monotonicNow());
}

void Channel::onKeyFrameNeeded(Client& from) {
  if (publisher_ != &from) return;
  const Time now = monotonicNow();
  room_.onKeyFrameNeeded(now);
  armTimer(now);
}

void Channel::onPictureLost(Client& from) {
  const Time now = monotonicNow();
  room_.onPictureLost(from.id(), now);
  armTimer(now);
}

void Channel::onNack(Client& from, std::uint32_t ssrc,
                     std::span<const std::uint16_t> sequenceNumbers) {
  const Time now = monotonicNow();
  room_.onNack(from.id(), ssrc, sequenceNumbers, now);
  armTimer(now);
}

void Channel::onEstimate(Client& from, std::int64_t bitsPerSecond) {
  if (from.role() != spider::Role::kSubscriber) return;
  const Time now = monotonicNow();
  room_.onEstimate(from.id(), bitsPerSecond, now);
  limitPublisher(now);
  armTimer(now);
}

void Channel::onDataMessage(Client& from, std::string_view label, const DataChannelOptions& options,
                            std::string_view data, bool binary) {
  if (label == clock_sync::kLabel) {
    onClockMessage(from, options, data);
  } else if (!label.starts_with(kReservedPrefix)) {
    relay(from, label, options, data, binary);
  }
}

void Channel::relay(Client& from, std::string_view label, const DataChannelOptions& options,
                    std::string_view data, bool binary) {
  if (from.role() == spider::Role::kSubscriber) {
    // A command waits for a publisher that is still connecting: both may have come at once.
    if (publisher_ != nullptr) publisher_->transport().sendData(label, options, data, binary);
  } else if (publisher_ == &from) {
    for (auto* subscriber : subscribers_) {
      // What was said before it came isn't for it.
      if (!subscriber->transport().dataUp()) continue;
      subscriber->transport().sendData(label, options, data, binary);
    }
  }
}

void Channel::onClockMessage(Client& from, const DataChannelOptions& options,
                             std::string_view data) {
  const auto message = clock_sync::parse(data);
  if (!message) return;
  const Time now = monotonicNow();
  if (const auto* request = std::get_if<clock_sync::Request>(&*message)) {
    const clock_sync::Reply reply{request->t0Us, now.time_since_epoch().count(),
                                  clock_.offsetUs(now)};
    from.transport().sendData(clock_sync::kLabel, options, clock_sync::format(reply), false);
  } else if (publisher_ == &from) {
    const auto rtt = clock_.onReply(std::get<clock_sync::Reply>(*message), now);
    if (rtt) from.transport().setRtt(*rtt);
  }
}

void Channel::onSecond(Time now) {
  tellCodecs();
  if (publisher_ == nullptr) return;
  publisher_->transport().sendReports(now);
  limitPublisher(now);
  if (publisher_->transport().hasOpened(clock_sync::kLabel)) {
    publisher_->transport().sendData(clock_sync::kLabel, {}, clock_.ask(now), false);
  }
}

void Channel::tellCodecs() {
  const auto reports = room_.codecReports();
  for (const auto& [id, report] : reports) tellViewer(id, report);
  if (publisher_ == nullptr) return;
  const CodecReport sum = sumOf(reports);
  auto& told = toldCodecs_[publisher_->id()];
  if (std::exchange(told, sum) != sum) tellCodecs_(publisher_->id(), sum);
}

/// From the first time on that it lacks something.
void Channel::tellViewer(ClientId id, const CodecReport& report) {
  const auto told = toldCodecs_.find(id);
  const bool known = told != toldCodecs_.end();
  if (known ? told->second == report : report.lacking == 0) return;
  if (report.lacking != 0 && (!known || told->second.lacking == 0)) {
    log().warn("client {} on {} sees nothing: the publisher sends {}, it takes {}", id, id_,
               report.sent, listOf(report.taken));
  }
  toldCodecs_[id] = report;
  tellCodecs_(id, report);
}

std::string Channel::codec() const {
  if (publisher_ == nullptr) return {};
  const std::string key = publisher_->transport().counters().codec;
  return key.substr(0, key.find('/'));
}

SubscriberCounters Channel::counters(ClientId subscriber) const {
  return room_.counters(subscriber);
}

const CodecReport* Channel::codecReport(ClientId subscriber) const {
  const auto found = toldCodecs_.find(subscriber);
  return found == toldCodecs_.end() ? nullptr : &found->second;
}

void Channel::sendRtp(ClientId to, const OutgoingPacket& packet) {
  if (auto* client = member(to)) {
    ++packetsOut_;
    client->transport().sendRtp(packet);
  }
}

void Channel::sendSenderReport(ClientId to, const OutgoingSenderReport& report) {
  if (auto* client = member(to)) client->transport().sendSenderReport(report, monotonicNow());
}

void Channel::requestKeyFrame(ClientId publisher) {
  if (auto* client = member(publisher)) client->transport().requestKeyFrame();
}

void Channel::limitPublisher(Time now) {
  if (publisher_ == nullptr) return;
  if (const auto limit = room_.publisherLimit(now)) publisher_->transport().limitRate(*limit);
}

void Channel::armTimer(Time now) {
  const auto deadline = room_.deadline();
  if (!deadline || (armed_ && *armed_ <= *deadline)) return;
  armed_ = deadline;
  const auto delay = std::max(*deadline - now, std::chrono::microseconds(0));
  network_.postAfter(delay, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    armed_.reset();
    const Time then = monotonicNow();
    room_.onTime(then);
    armTimer(then);
  });
}

}  // namespace rtcpub::sfu
