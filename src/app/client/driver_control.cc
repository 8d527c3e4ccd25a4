#include "app/client/driver_control.h"

#include <utility>

#include "core/text/text.h"
#include "log/log.h"

namespace rtcpub {

// --- Any thread

void DriverControl::Impl::post(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (!ended_) ways_.post(std::move(task));
}

void DriverControl::Impl::request(bool takeOver) {
  post([this, takeOver] {
    side_.request(takeOver);
    follow();
  });
}

void DriverControl::Impl::release() {
  post([this] {
    side_.release(monotonicNow());
    follow();
  });
}

void DriverControl::Impl::answer(bool give) {
  post([this, give] {
    side_.answer(give);
    follow();
  });
}

void DriverControl::Impl::emergencyStop(const std::string& why) {
  post([this, why] {
    side_.emergencyStop(why, monotonicNow());
    follow();
  });
}

void DriverControl::Impl::clear() {
  post([this] {
    side_.clear();
    follow();
  });
}

Result<void> DriverControl::Impl::command(Axes axes, const CommandOptions& options) {
  if (auto checked = control::checkAxes(axes); !checked) return checked;
  const std::lock_guard lock(mutex_);
  if (ended_) return {};
  const bool posted = wanted_.has_value();  // however often it is called, one task waits
  wanted_ = Wanted{.axes = std::move(axes), .options = options, .given = monotonicNow()};
  if (!posted) ways_.post([this] { takeWanted(); });
  return {};
}

DriveState DriverControl::Impl::state() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

void DriverControl::Impl::end(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    shown_ = DriveState{.refused = why};
  }
  states_.close();
}

// --- The loop

void DriverControl::Impl::begin(net::EventLoop& loop) {
  timer_ = std::make_unique<net::EventLoop::Timer>(loop);
  follow();
}

void DriverControl::Impl::finish() {
  onLeaseChannel(false);
  timer_.reset();
}

void DriverControl::Impl::onServer(bool hasLeases) {
  side_.onServer(hasLeases);
  follow();
}

void DriverControl::Impl::onLeaseChannel(bool open) {
  side_.onLeaseChannel(open);
  follow();
}

void DriverControl::Impl::onCommandChannel(bool open) {
  side_.onCommandChannel(open);
  follow();
}

void DriverControl::Impl::onLeaseText(const std::string& text) {
  const auto message = control::parseLeaseMessageToClient(text);
  if (!message) return log().debug("{}", message.error().message);
  side_.onLeaseMessage(*message, monotonicNow());
  follow();
}

void DriverControl::Impl::onReportText(const std::string& text) {
  const auto report = control::parseReport(text);
  if (!report) return log().debug("{}", report.error().message);
  side_.onReport(*report);
  follow();
}

void DriverControl::Impl::onPicture(std::uint32_t rtpTimestamp) { side_.onPicture(rtpTimestamp); }

void DriverControl::Impl::takeWanted() {
  std::optional<Wanted> wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted.swap(wanted_);
  }
  if (wanted) side_.command(std::move(wanted->axes), wanted->options, wanted->given);
  follow();
}

void DriverControl::Impl::follow() {
  if (!timer_) return tell();  // not yet, or not any more
  const Time now = monotonicNow();
  if (const auto command = side_.due(now, ways_.clock(now))) {
    ways_.command(control::format(*command), now + command->life);
  }
  for (const auto& text : side_.takeTexts()) ways_.say(text);
  tell();
  const auto deadline = side_.deadline();
  if (!deadline) return timer_->cancel();
  timer_->set(*deadline, [this] { follow(); });
}

void DriverControl::Impl::tell() {
  const DriveState& state = side_.state();
  {
    const std::lock_guard lock(mutex_);
    if (shown_ == state) return;
    shown_ = state;
  }
  states_.push(state);
}

}  // namespace rtcpub
