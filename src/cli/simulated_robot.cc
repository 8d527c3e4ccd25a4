#include "cli/simulated_robot.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

namespace rtcpub::cli {
namespace {

constexpr std::chrono::milliseconds kTelemetry{100};
constexpr double kKmhPerMs = 3.6;

double secondsOf(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 128> text{};
  (void)std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

void showGate(SimulatedCar car, Control gate, const std::stop_token& stop) {
  auto journal = gate.journal();
  ShownGate shown;
  while (const auto event = journal.get(stop)) car.show(shown.onEvent(*event, monotonicNow()));
}

void sendTelemetry(const SimulatedCar& car, DataChannel metric, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    (void)metric.putNowait(telemetryOf(car.state()));
    never.wait_for(lock, stop, kTelemetry, [] { return false; });
  }
}

void sendLaps(Subscription<Lap> laps, DataChannel metric, const std::stop_token& stop) {
  while (const auto lap = laps.get(stop)) {
    for (const std::string& message : messagesOf(*lap)) (void)metric.putNowait(message);
  }
}

}  // namespace

std::string telemetryOf(const SimulatedCarState& state) {
  return formatted(R"({"car":{"kmh":%.1f,"steering":%.2f,"lap":%d}})", state.speed * kKmhPerMs,
                   state.steering, state.laps + 1);
}

std::vector<std::string> messagesOf(const Lap& lap) {
  constexpr const char* kReading = R"({"%s":{"key":"%s","value":%.3f}})";
  std::vector<std::string> messages{
      formatted(kReading, "ir", "detectTime", secondsOf(lap.at.time_since_epoch()))};
  if (lap.time) messages.push_back(formatted(kReading, "lap", "seconds", secondsOf(*lap.time)));
  return messages;
}

Instruments ShownGate::onEvent(const ControlEvent& event, Time now) {
  Instruments shown{.state = event.state, .reason = event.reason, .factor = event.factor};
  if (!event.driver) {
    given_.reset();
    return shown;
  }
  shown.driver = event.driver->name.empty() ? "driver " + std::to_string(event.driver->id)
                                            : event.driver->name;
  if (event.kind == ControlEvent::Kind::kDriver) given_.reset();
  const bool accepted =
      event.kind == ControlEvent::Kind::kCommand && event.verdict == Verdict::kAccepted;
  if (accepted) given_ = event.time - event.age.value_or(std::chrono::microseconds(0));
  if (given_) shown.age = std::chrono::duration_cast<std::chrono::milliseconds>(now - *given_);
  return shown;
}

SimulatedRobot::SimulatedRobot(const SimulatedCar& car, std::optional<Control> gate,
                               std::optional<DataChannel> metric) {
  if (gate) {
    threads_.emplace_back(
        [car, gate = *gate](const std::stop_token& stop) { showGate(car, gate, stop); });
  }
  if (!metric) return;
  threads_.emplace_back(
      [car, metric = *metric](const std::stop_token& stop) { sendTelemetry(car, metric, stop); });
  threads_.emplace_back([laps = car.laps(), metric = *metric](const std::stop_token& stop) mutable {
    sendLaps(std::move(laps), metric, stop);
  });
}

}  // namespace rtcpub::cli
