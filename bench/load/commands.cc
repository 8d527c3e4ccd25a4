#include "load/commands.h"

#include <array>
#include <cstring>

#include "rtcpub/clock.h"

namespace rtcpub::bench {
namespace {

constexpr std::size_t kBytes = 100;
constexpr std::int64_t kIntervalMs = 20;

std::int64_t nowUs() { return monotonicNow().time_since_epoch().count(); }

}  // namespace

Commands::Commands(Engine& engine, Peer& viewer, Peer& robot)
    : engine_(engine), viewer_(viewer), robot_(robot) {
  viewer_.openChannel(kLabel);
  robot_.onMessage([this](std::span<const std::uint8_t> message) {
    std::int64_t sentUs = 0;
    if (message.size() < sizeof sentUs) return;
    std::memcpy(&sentUs, message.data(), sizeof sentUs);
    delays_.push_back(robot_.ice().arrivalUs() - sentUs);
  });
}

void Commands::start() {
  sending_ = webrtc::RepeatingTaskHandle::Start(
      &engine_.thread,
      [this] {
        send();
        return webrtc::TimeDelta::Millis(kIntervalMs);
      },
      webrtc::TaskQueueBase::DelayPrecision::kHigh);
}

void Commands::beginMeasuring() {
  sent_ = 0;
  delays_.clear();
}

void Commands::send() {
  std::array<std::uint8_t, kBytes> message{};
  const std::int64_t time = nowUs();
  std::memcpy(message.data(), &time, sizeof time);
  viewer_.sendMessage(message);
  ++sent_;
}

}  // namespace rtcpub::bench
