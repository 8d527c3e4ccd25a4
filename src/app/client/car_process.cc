#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include "app/client/child_process.h"
#include "app/client/realtime.h"
#include "core/car/line.h"
#include "core/car/line_buffer.h"
#include "log/log.h"
#include "rtcpub/car.h"

namespace rtcpub {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kInterval{20};
constexpr milliseconds kFirstPause{500};
constexpr milliseconds kLastPause{8000};
/// One that was ready for so long has not failed as the one before it.
constexpr std::chrono::seconds kSettled{10};
/// Motors are stopped and released in a tenth of this.
constexpr milliseconds kToEnd{3000};
constexpr milliseconds kLook{50};

void blockPipeSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

/// Two threads: one feeds the program and starts it again, one reads what it says.
class CarProcess::Impl {
 public:
  Impl(Control control, CarProcessOptions options)
      : control_(std::move(control)), options_(std::move(options)) {
    if (options_.stream) speeds_.emplace(options_.stream->subscribe());
    control_.setReady(false, "the motors are being prepared");
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

 private:
  void run(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), "rtcpub-car");
    (void)askForRealtime();
    blockPipeSignal();
    milliseconds pause = kFirstPause;
    while (!stop.stop_requested()) {
      const auto readyFor = runOnce(stop);
      if (stop.stop_requested()) break;
      if (readyFor >= kSettled) pause = kFirstPause;
      waitFor(pause, stop);
      pause = std::min(2 * pause, kLastPause);
    }
  }

  /// The program, from its start to its end; for how long it was ready.
  std::chrono::microseconds runOnce(const std::stop_token& stop) {
    auto child = ChildProcess::start(options_.command);
    if (!child) {
      sayUnready(child.error().message);
      return {};
    }
    readyAt_ = 0;
    gone_ = false;
    {
      const std::jthread reader([&] { read(*child); });
      feed(*child, stop);
      child->closeInput();
      waitUntilGone();
      closing_ = true;
    }
    closing_ = false;
    const std::string how = child->end(gone_ ? kLook : milliseconds(0));
    if (options_.onPosition) options_.onPosition({.reason = "ended", .at = monotonicNow()});
    if (!stop.stop_requested()) {
      sayUnready("the program that drives the motors " + how + "; it is started again");
    }
    if (stop.stop_requested())
      control_.setReady(false, "the program that drives the motors is ended");
    if (readyAt_ == 0) return {};
    return monotonicNow().time_since_epoch() - std::chrono::microseconds(readyAt_.load());
  }

  void sayUnready(const std::string& why) {
    control_.setReady(false, why);
    log().warn("{}", why);
  }

  /// A line each 20 ms, and at once when something has changed, until nobody reads them.
  void feed(const ChildProcess& child, const std::stop_token& stop) {
    auto outputs = control_.outputs();
    const auto tell = [&](const std::string& line) {
      return child.write(line + "\n") != ChildProcess::Written::kEnded;
    };
    if (const auto speed = confirmedSpeed(); speed && !tell(format(*speed))) return;
    while (!stop.stop_requested() && !gone_) {
      // What came is only the sign to look: what holds is asked for, in case that it is over.
      (void)outputs.getFor(kInterval);
      while (outputs.tryGet()) {
      }
      if (!tell(toJson(control_.output()))) return;
      if (const auto speed = takeSpeed(); speed && !tell(format(*speed))) return;
    }
  }

  /// The top speed that a viewer has set last.
  std::optional<car::MaxSpeed> takeSpeed() {
    std::optional<car::MaxSpeed> set;
    while (auto message = speeds_ ? speeds_->tryGet() : std::nullopt) {
      if (const auto speed = car::parseSpeedMessage(message->data)) set = speed;
    }
    return set;
  }

  /// As the program before it said that it holds.
  std::optional<car::MaxSpeed> confirmedSpeed() {
    const std::lock_guard lock(mutex_);
    return maxSpeed_;
  }

  void takeMetric(const car::Metric& metric) {
    if (const auto speed = car::parseSpeedMessage(metric.message)) {
      const std::lock_guard lock(mutex_);
      maxSpeed_ = speed;
    }
    if (options_.metric) (void)options_.metric->putNowait(metric.message);
  }

  void read(const ChildProcess& child) {
    pthread_setname_np(pthread_self(), "rtcpub-carlines");
    car::LineBuffer lines(car::kMaxLineBytes);
    std::string text;
    while (!closing_ && child.read(text, kLook)) {
      lines.feed(std::exchange(text, {}));
      while (const auto line = lines.next()) take(*line);
    }
    const std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_all();
  }

  void take(std::string_view line) {
    const auto report = car::parseReport(line);
    if (!report) {
      log().debug("the program that drives the motors said: {}", line);
    } else if (const auto* written = std::get_if<car::Written>(&*report)) {
      if (!options_.onPosition) return;
      options_.onPosition({.steering = written->steering,
                           .throttle = written->throttle,
                           .neutral = written->neutral,
                           .reason = written->reason,
                           .at = written->at});
    } else if (const auto* readiness = std::get_if<car::Readiness>(&*report)) {
      readyAt_ = readiness->ready ? monotonicNow().time_since_epoch().count() : 0;
      control_.setReady(readiness->ready, readiness->why);
    } else {
      takeMetric(std::get<car::Metric>(*report));
    }
  }

  void waitUntilGone() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kToEnd, [&] { return gone_.load(); });
  }

  void waitFor(milliseconds time, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
  }

  Control control_;
  CarProcessOptions options_;
  std::optional<Subscription<Message>> speeds_;
  std::mutex mutex_;
  std::optional<car::MaxSpeed> maxSpeed_;  ///< as it holds, once one was set
  std::condition_variable_any changed_;
  std::atomic<bool> gone_ = false;         ///< the program, and who has its output
  std::atomic<bool> closing_ = false;      ///< it is read no more
  std::atomic<std::int64_t> readyAt_ = 0;  ///< in µs; 0: it isn't
  std::jthread thread_;
};

CarProcess::CarProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CarProcess::CarProcess(CarProcess&&) noexcept = default;
CarProcess& CarProcess::operator=(CarProcess&&) noexcept = default;
CarProcess::~CarProcess() = default;

Result<CarProcess> CarProcess::start(Control control, CarProcessOptions options) {
  if (options.command.empty()) {
    return fail(ErrorCode::kInvalidArgument, "a program that drives motors needs a command");
  }
  return CarProcess(std::make_unique<Impl>(std::move(control), std::move(options)));
}

}  // namespace rtcpub
