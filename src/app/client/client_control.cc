#include "app/client/client_control.h"

#include <utility>

#include "core/control/gate.h"
#include "core/data/label.h"
#include "core/text/text.h"
#include "log/log.h"
#include "peer/ntp_clock.h"

namespace rtcpub {
namespace {

const std::string kControl{kControlLabel};
const std::string kLease{kLeaseLabel};

/// A report that comes later is worth less than the next one.
constexpr std::chrono::milliseconds kReportLife{150};

/// What comes late is worth nothing.
DataChannelOptions commandChannelOptions() {
  DataChannelOptions options;
  options.ordered = false;
  options.maxRetransmits = 0;
  return options;
}

Result<void> check(const ControlOptions& options) {
  if (auto checked = control::checkOptions(options); !checked) return checked;
  const std::string& label = options.motionLabel;
  if (label.size() <= kMaxLabelBytes && text::isUtf8(label) && !isReservedLabel(label)) return {};
  return fail(ErrorCode::kInvalidArgument, "control: motionLabel is " + text::quote(label) +
                                               ": it names a data channel, of up to " +
                                               std::to_string(kMaxLabelBytes) +
                                               " bytes of UTF-8 that don't begin with '" +
                                               std::string(kReservedPrefix) + "', or is empty");
}

}  // namespace

ClientControl::ClientControl(net::EventLoop& loop, PeerLink& peer, ChannelSet& channels,
                             std::function<std::optional<Clock>(Time now)> clock)
    : loop_(loop), peer_(peer), channels_(channels), clock_(std::move(clock)) {}

Result<Control> ClientControl::addGate(const ControlOptions& options,
                                       std::function<void(const std::string& motion)> turn) {
  if (auto checked = check(options); !checked) return tl::unexpected(checked.error());
  if (gate_) {
    return fail(ErrorCode::kInvalidArgument,
                "control: there is a gate already, and a robot has one");
  }
  gate_ = std::make_shared<Control::Impl>(options, outletsOf(options, std::move(turn)));
  gate_->start();  // whoever hears of it looks for it here
  return Control(gate_);
}

Control::Impl::Outlets ClientControl::outletsOf(
    const ControlOptions& options, std::function<void(const std::string& motion)> turn) {
  Control::Impl::Outlets outlets;
  outlets.report = [this] { loop_.post([this] { sendReport(); }); };
  outlets.pass = [this, label = options.motionLabel](const std::string& motion) {
    if (auto* const channel = channels_.find(label)) channel->onMessage(Message(motion));
  };
  outlets.turn = [this, turn = std::move(turn)](const std::string& motion) {
    loop_.post([turn, motion] { turn(motion); });
  };
  outlets.captureTime = [](std::int64_t ntpUs) { return std::optional(peer::fromNtpUs(ntpUs)); };
  outlets.log = [this](const std::string& line) {
    loop_.post([line] { log().info("control: {}", line); });
  };
  return outlets;
}

DriverControl ClientControl::driver(bool late) {
  if (late && !driver_) {
    auto none = std::make_shared<DriverControl::Impl>(DriverControl::Impl::Ways());
    none->end("control() came too late: call it before run()");
    return DriverControl(std::move(none));
  }
  std::call_once(driverMade_, [this] { driver_ = std::make_shared<DriverControl::Impl>(ways()); });
  return DriverControl(driver_);
}

DriverControl::Impl::Ways ClientControl::ways() {
  return {.post = [this](std::function<void()> task) { loop_.post(std::move(task)); },
          .clock = clock_,
          .say =
              [this](const std::string& text) {
                if (auto* const peer = peer_.get()) peer->send(kLease, Message(text));
              },
          .command =
              [this](const std::string& text, Time deadline) {
                auto* const peer = peer_.get();
                if (peer != nullptr) peer->send(kControl, Message(text), {.deadline = deadline});
              }};
}

std::optional<ControlStats> ClientControl::stats() const {
  return gate_ ? std::optional(gate_->stats()) : std::nullopt;
}

// --- What happens

void ClientControl::begin() {
  if (gate_) gate_->begin();
  if (driver_) driver_->begin(loop_);
}

void ClientControl::onServer(const ServerFeatures& server) {
  if (gate_) gate_->onServer(server.control);
  if (driver_) driver_->onServer(server.control);
}

Result<void> ClientControl::openOn(peer::Peer& peer) const {
  if (!gate_ && !driver_) return {};
  if (auto added = peer.addChannel(kControl, commandChannelOptions()); !added) return added;
  return peer.addChannel(kLease, {});
}

bool ClientControl::onChannelOpen(const std::string& label) {
  if (label != kControl && label != kLease) return false;
  if (label == kLease && driver_) driver_->onLeaseChannel(true);
  if (label == kControl) {
    commandChannelOpen_ = true;
    if (driver_) driver_->onCommandChannel(pathUp_);
    if (gate_) gate_->reportAgain();
  }
  return true;
}

void ClientControl::onPath(bool up) {
  pathUp_ = up;
  if (driver_) driver_->onCommandChannel(up && commandChannelOpen_);
}

void ClientControl::onClock(Time now) {
  if (!gate_) return;
  const auto known = clock_(now);
  if (!known) return gate_->onClock(std::nullopt);
  gate_->onClock(control::ServerClock{.offset = std::chrono::microseconds(known->offsetUs),
                                      .bound = std::chrono::microseconds(known->boundUs),
                                      .comparedAt = now});
}

void ClientControl::onPeerGone() {
  commandChannelOpen_ = false;
  pathUp_ = true;
  if (gate_) gate_->onNewConnection();
  if (!driver_) return;
  driver_->onCommandChannel(false);
  driver_->onLeaseChannel(false);
}

void ClientControl::finish() {
  if (driver_) driver_->finish();
}

/// The gate reports from its first moment on, when addGate() is yet to note it on another thread:
/// before there is somebody to tell, it isn't looked at.
void ClientControl::sendReport() {
  auto* const peer = peer_.get();
  if (peer == nullptr || !commandChannelOpen_ || !pathUp_) return;
  const auto report = gate_->takeReport();
  if (!report) return;
  peer->send(kControl, Message(*report), {.deadline = monotonicNow() + kReportLife});
}

// --- The engine's threads

bool ClientControl::onMessage(const std::string& label, const Message& message) {
  if (label == kControl) {
    if (gate_) gate_->onControlText(message.data);
    if (driver_) {
      peer_.post([this, text = message.data] { driver_->onReportText(text); });
    }
    return true;
  }
  if (label == kLease) {
    if (gate_) gate_->onLeaseText(message.data);
    if (driver_) {
      peer_.post([this, text = message.data] { driver_->onLeaseText(text); });
    }
    return true;
  }
  return gate_ && gate_->takeMotion(label, message);
}

void ClientControl::onVideoFrame(const VideoFrame& frame) {
  if (!driver_ || !frame.rtpTimestamp) return;
  peer_.post([this, timestamp = *frame.rtpTimestamp] { driver_->onPicture(timestamp); });
}

void ClientControl::close() {
  if (gate_) gate_->end();
  if (driver_) driver_->end("the connection has ended");
}

}  // namespace rtcpub
