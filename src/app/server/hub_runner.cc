#include "app/server/hub_runner.h"

#include <chrono>
#include <utility>

#include "log/log.h"

namespace rtcpub {
namespace {

constexpr std::chrono::seconds kSecond{1};

}  // namespace

HubRunner::HubRunner(net::EventLoop& loop, std::function<AccessTime()> now)
    : loop_(loop), now_(std::move(now)), end_(loop), second_(loop) {}

sfu::MediaServerEvents HubRunner::mediaEvents() {
  return {
      .heard = [this](MemberId id) { loop_.post([this, id] { hub_.onHeard(id); }); },
      .stands = [this](MemberId id) { loop_.post([this, id] { perform(hub_.onStands(id)); }); },
      .presence =
          [this](MemberId id, bool present) {
            loop_.post([this, id, present] { perform(hub_.onPresence(id, present)); });
          },
      .codecs =
          [this](MemberId id, const CodecReport& report) {
            loop_.post([this, id, report] { perform(hub_.onCodecs(id, report)); });
          },
      .refused =
          [this](MemberId id, const std::string& label) {
            loop_.post([this, id, label] {
              if (door_ != nullptr && hub_.contains(id)) door_->tellRefused(id, label);
            });
          },
      .notDriver =
          [this](MemberId id, control::Refusal why) {
            loop_.post([this, id, why] {
              if (door_ != nullptr && hub_.contains(id)) door_->tellRefused(id, why);
            });
          },
      .lease =
          [this](MemberId id, const control::LeaseMessageToServer& message) {
            loop_.post([this, id, message] {
              perform(hub_.onLeaseMessage(id, message, now_().monotonic));
            });
          },
      .drives = [this](MemberId id) { loop_.post([this, id] { perform(hub_.onDrives(id)); }); },
      .silent =
          [this](const std::string& channel, std::uint64_t lease) {
            loop_.post([this, channel, lease] { perform(hub_.onSilent(channel, lease)); });
          },
      .emergency =
          [this](const std::string& channel, bool inForce) {
            loop_.post([this, channel, inForce] { perform(hub_.onEmergency(channel, inForce)); });
          },
      .gone =
          [this](MemberId id, bool closed, const std::string& reason) {
            loop_.post([this, id, closed, reason] { onGone(id, closed, reason); });
          }};
}

void HubRunner::start(sfu::MediaServer& media, Door& door) {
  media_ = &media;
  door_ = &door;
  onSecond();
}

void HubRunner::stop() {
  media_ = nullptr;
  door_ = nullptr;
  end_.cancel();
  second_.cancel();
}

void HubRunner::enter(MemberId id, Membership membership) {
  perform(hub_.enter(id, std::move(membership)));
}

void HubRunner::renegotiate(MemberId id, std::vector<std::string> openLabels) {
  perform(hub_.renegotiate(id, std::move(openLabels)));
}

void HubRunner::resume(MemberId id, Membership membership) {
  perform(hub_.resume(id, std::move(membership)));
}

void HubRunner::desert(MemberId id) { perform(hub_.desert(id)); }

void HubRunner::leave(MemberId id) {
  if (media_ != nullptr) media_->leave(id);
  perform(hub_.leave(id));
}

bool HubRunner::remove(MemberId id) {
  const bool in = hub_.contains(id);
  perform(hub_.remove(id));
  return in;
}

void HubRunner::onGone(MemberId id, bool closed, const std::string& reason) {
  perform(hub_.leave(id));
  if (door_ == nullptr) return;
  if (closed) return door_->onMediaClosed(id);
  dismiss(id, {.code = "media-lost", .message = reason});
}

void HubRunner::dismiss(MemberId id, const Farewell& why) {
  ++evictions_[why.code];
  door_->dismiss(id, why);
}

void HubRunner::perform(const Hub::Actions& actions) {
  if (media_ == nullptr) return;  // all end
  for (const auto& action : actions) {
    std::visit([this](const auto& chosen) { perform(chosen); }, action);
  }
  armEnd();
}

void HubRunner::perform(const Hub::StampChannel& action) {
  if (action.isNew) {
    log().info("member {}: publishes on {} from now on", *action.publisher, action.channel);
  }
  media_->stampChannel(action.channel, action.publisher, action.openLabels);
}

void HubRunner::perform(const Hub::StampHeir& action) {
  media_->stampHeir(action.channel, action.heir, action.openLabels);
}

void HubRunner::perform(const Hub::StampRights& action) {
  media_->stampRights(action.member, action.rights);
}

void HubRunner::perform(const Hub::Evict& action) {
  log().info("member {}: has to go, {}", action.member, action.why.message);
  media_->evict(action.member);
  dismiss(action.member, action.why);
}

void HubRunner::perform(const Hub::Notify& action) { door_->tell(action.to, action.who); }

void HubRunner::perform(const Hub::NotifyCodecs& action) { door_->tell(action.to, action.report); }

void HubRunner::perform(const Hub::StampDriver& action) {
  const auto& driver = action.stamp.driver;
  if (driver) {
    log().info("member {}: drives on {}, by lease {}{}", driver->id, action.channel,
               action.stamp.lease, action.stamp.implicit ? ", as old programs do" : "");
  } else {
    log().info("{}: nobody drives", action.channel);
  }
  media_->stampDriver(action.channel, action.stamp);
}

void HubRunner::perform(const Hub::RefuseDrive& action) {
  media_->refuseDrive(action.to, action.why, action.implicitly);
}

void HubRunner::perform(const Hub::NotifyDriver& action) {
  door_->tell(action.to, action.driver, action.emergency);
}

void HubRunner::armEnd() {
  if (const auto end = hub_.deadline()) {
    end_.set(*end, [this] { perform(hub_.onTime(now_())); });
  } else {
    end_.cancel();
  }
}

void HubRunner::onSecond() {
  if (media_ == nullptr) return;
  perform(hub_.onTime(now_()));  // the system's clock may have been set
  media_->stats([this](sfu::MediaStats stats) {
    loop_.post([this, stats = std::move(stats)] { stats_ = stats; });
  });
  second_.set(monotonicNow() + kSecond, [this] { onSecond(); });
}

}  // namespace rtcpub
