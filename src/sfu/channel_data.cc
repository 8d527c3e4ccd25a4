// Messages of data channels, between a channel's members, and between them and the server.
#include <algorithm>

#include "core/data/label.h"
#include "core/text/text.h"
#include "log/log.h"
#include "sfu/channel.h"
#include "sfu/member.h"

namespace rtcpub::sfu {

void Channel::onDataMessage(Member& from, const DataView& message) {
  if (message.label == clock_sync::kLabel) {
    onClockMessage(from, message.data);
  } else if (message.label == kControlLabel || message.label == kLeaseLabel) {
    control_.onMessage(from, message, monotonicNow());
  } else if (!isReservedLabel(message.label)) {
    forward(from, message);
  }
}

void Channel::onDataChannelOpened(Member& from, const std::string& label) {
  control_.onOpened(from, label, monotonicNow());
}

void Channel::onHadTimeToOpen(Member& from) { control_.onHadTimeToOpen(from, monotonicNow()); }

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
  } else if (message.label == kMotionLabel && control_.takes(from, message, monotonicNow())) {
    return;
  } else if (publisher_ != nullptr) {
    // A command waits for a publisher that is still connecting: both may have come at once.
    publisher_->transport().sendData(message);
  }
}

/// To the publisher. What is said while there is none is nobody's, and no wrong.
bool Channel::maySay(const Member& from, std::string_view label) const {
  if (from.rights().has(Right::kDrive)) return true;
  if (!from.views()) return false;
  const auto& open = seat_.openLabels();
  return publisher_ == nullptr || std::find(open.begin(), open.end(), label) != open.end();
}

void Channel::refuse(Member& from, std::string_view label) {
  ++refusedMessages_;
  if (!from.countRefused() || !from.views()) return;  // another publisher is told by the hub
  log().info("member {} on {}: what it says on {} isn't passed on, since it may not drive",
             from.id(), id_, text::quote(label));
  events_.refused(from.id(), std::string(label));
}

void Channel::refuseDrive(Member& from, control::Refusal why) {
  ++refusedMessages_;
  if (!from.countRefused()) return;
  log().info("member {} on {}: it doesn't drive: {}", from.id(), id_, control::sentence(why));
  events_.notDriver(from.id(), why);
}

/// What it may not say any more, of what waits for the publisher.
void Channel::retract(Member& from) {
  if (publisher_ == nullptr || publisher_ == &from) return;
  const auto dropped = publisher_->transport().dropData([&](const DataMessage& message) {
    return message.sender == from.id() && !maySay(from, message.label);
  });
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

}  // namespace rtcpub::sfu
