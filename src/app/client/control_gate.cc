#include "app/client/control_gate.h"

#include <pthread.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "core/text/text.h"

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using control::GateReport;

constexpr std::size_t kMaxWaitingEvents = 256;
/// Some 20 s of commands.
constexpr std::size_t kMaxWaitingRecords = 1024;

/// Reports follow each other no faster, and no slower.
constexpr auto kLeastReportInterval = 15ms;
constexpr auto kReportInterval = 100ms;
constexpr auto kIdleReportInterval = 1s;

/// Whether somebody has to know at once.
bool isNews(const GateReport& before, const GateReport& now) {
  return before.state != now.state || before.reason != now.reason || before.lease != now.lease ||
         before.emergency != now.emergency || std::abs(before.factor - now.factor) >= 0.1;
}

std::string words(const std::string& by, const std::string& why) {
  return by + (by.empty() || why.empty() ? "" : ": ") + why;
}

std::string nameOf(const std::optional<Driver>& driver) {
  if (!driver) return "nobody";
  if (!driver->name.empty()) return text::quote(driver->name);
  return driver->id == 0 ? "somebody" : "member " + std::to_string(driver->id);
}

}  // namespace

Control::Impl::Impl(ControlOptions options, Outlets outlets)
    : options_(std::move(options)),
      outlets_(std::move(outlets)),
      gate_(options_),
      outputs_(1),
      events_(kMaxWaitingEvents),
      journal_(kMaxWaitingRecords) {}

Control::Impl::~Impl() { end(); }

void Control::Impl::start() {
  thread_ = std::thread([this] { run(); });
}

void Control::Impl::end() {
  std::call_once(endedOnce_, [this] {
    queue_.end();
    if (thread_.joinable()) thread_.join();
    outputs_.close();
    events_.close();
    journal_.close();
  });
}

// --- What comes

void Control::Impl::begin() {
  enqueue([this](control::Gate& /*gate*/, Time /*now*/) { began_ = true; });
}

void Control::Impl::onControlText(const std::string& text) {
  if (auto command = control::parseCommand(text)) {
    control::Arrival arrival{.command = *std::move(command)};
    if (const auto saw = arrival.command.sawNtpUs) arrival.captured = outlets_.captureTime(*saw);
    return queue_.push({.task =
                            [arrival = std::move(arrival)](control::Gate& gate, Time now) mutable {
                              // Its age is what it is when it is to act, not when it came.
                              arrival.at = now;
                              gate.onCommand(arrival);
                            },
                        .command = true});
  }
  const auto order = control::parseLeaseMessageToClient(text);
  if (order) return onOrder(*order);
  const bool unknown = order.error().code == ErrorCode::kUnsupported;
  if (unknown && text.find("\"command\"") == text.npos) return;  // of a newer version
  queue_.push(
      {.task = [](control::Gate& gate, Time now) { gate.onRefused(Verdict::kMalformed, now); },
       .command = true});
}

void Control::Impl::onLeaseText(const std::string& text) {
  const auto message = control::parseLeaseMessageToClient(text);
  if (!message) return;
  if (const auto* const drive = std::get_if<control::DriveNotice>(&*message)) {
    return enqueue([lease = drive->lease, driver = drive->driver](control::Gate& gate, Time now) {
      gate.onLease(lease, driver, now);
    });
  }
  onOrder(*message);
}

void Control::Impl::onOrder(const control::LeaseMessageToClient& message) {
  if (const auto* const stop = std::get_if<control::StopOrder>(&message)) {
    enqueue([number = stop->number, by = words(stop->by, stop->why)](
                control::Gate& gate, Time now) { gate.onEmergency(number, by, now); });
  } else if (const auto* const clear = std::get_if<control::ClearOrder>(&message)) {
    enqueue([number = clear->number](control::Gate& gate, Time now) { gate.onClear(number, now); });
  }
}

bool Control::Impl::takeMotion(const std::string& label, const Message& message) {
  if (options_.motionLabel.empty() || label != options_.motionLabel) return false;
  if (!control::saysMotion(message.data)) return false;
  if (leases_) {  // what such a server lets drive comes as commands
    enqueue([](control::Gate& gate, Time now) { gate.onRefused(Verdict::kOtherLease, now); });
    return true;
  }
  const auto motion = control::parseMotion(message.data);
  if (!motion) {
    enqueue([](control::Gate& gate, Time now) { gate.onRefused(Verdict::kMalformed, now); });
    return true;
  }
  queue_.push({.task =
                   [motion = *motion, came = monotonicNow(), life = options_.life](
                       control::Gate& gate, Time now) {
                     // It says nothing of its age: at least it hasn't waited here.
                     if (now - came <= life) gate.onMotion(motion, now);
                   },
               .command = true});
  return true;
}

void Control::Impl::onClock(std::optional<control::ServerClock> clock) {
  enqueue([clock](control::Gate& gate, Time /*now*/) { gate.onClock(clock); });
}

void Control::Impl::onNewConnection() {
  enqueue([](control::Gate& gate, Time now) { gate.onNewConnection(now); });
}

void Control::Impl::reportAgain() {
  enqueue([this](control::Gate& /*gate*/, Time /*now*/) { reported_.reset(); });
}

std::optional<std::string> Control::Impl::takeReport() {
  std::optional<GateReport> report;
  {
    const std::lock_guard lock(mutex_);
    report.swap(waitingReport_);
  }
  if (!report) return std::nullopt;
  return control::format(*report);
}

// --- What users ask

ControlOutput Control::Impl::output() const {
  const std::lock_guard lock(mutex_);
  return gate_.output(monotonicNow());
}

ControlStats Control::Impl::stats() const {
  const std::lock_guard lock(mutex_);
  ControlStats stats = gate_.stats(monotonicNow());
  stats.realtime = hasRealtime_;
  return stats;
}

void Control::Impl::stop(const std::string& why) {
  enqueue([why](control::Gate& gate, Time now) { gate.stop(why, now); });
}

void Control::Impl::clear() {
  enqueue([](control::Gate& gate, Time now) { gate.clear(now); });
}

void Control::Impl::setReady(bool ready, const std::string& why) {
  enqueue([ready, why](control::Gate& gate, Time now) { gate.setReady(ready, why, now); });
}

// --- On the gate's thread

void Control::Impl::run() {
  pthread_setname_np(pthread_self(), "rtcpub-gate");
  realtime_ = askForRealtime();
  hasRealtime_ = realtime_.granted;
  Time due{};  // at once: the first report
  while (!queue_.ended()) {
    queue_.wait(due);
    for (const auto& item : queue_.takeAll()) handle(item.task);
    handle([](control::Gate& gate, Time now) { gate.onTime(now); });
    due = std::min(gate_.deadline().value_or(nextReport_), nextReport_);
  }
  handle(
      [](control::Gate& gate, Time now) { gate.setReady(false, "the publisher has ended", now); });
}

void Control::Impl::handle(const GateQueue::Task& task) {
  Time now{};
  {
    const std::lock_guard lock(mutex_);
    now = monotonicNow();
    task(gate_, now);
  }
  tell(now);
}

void Control::Impl::tell(Time now) {
  std::vector<ControlEvent> events;
  ControlOutput output;
  std::optional<GateReport> report;
  {
    const std::lock_guard lock(mutex_);
    events = gate_.takeEvents();
    output = gate_.output(now);
    report = gate_.report();
  }
  bool accepted = false;
  for (const auto& event : events) {
    accepted = accepted ||
               (event.kind == ControlEvent::Kind::kCommand && event.verdict == Verdict::kAccepted);
  }
  put(output, accepted);
  if (std::exchange(began_, false)) show(realtimeEvent(*report, now));
  for (const auto& event : events) show(event);
  reportIfDue(*report, now);
}

ControlEvent Control::Impl::realtimeEvent(const GateReport& report, Time now) const {
  ControlEvent event{.kind = ControlEvent::Kind::kRealtime, .time = now};
  event.state = report.state;
  event.reason = report.reason;
  event.detail = realtime_.detail;
  return event;
}

void Control::Impl::put(const ControlOutput& output, bool accepted) {
  if (output == last_ && !accepted) return;
  outputs_.push(output);
  putMotions(output);
  last_ = output;
}

void Control::Impl::putMotions(const ControlOutput& output) {
  const bool stopped = output.neutral && !last_.neutral;
  for (const auto& motion :
       stopped ? control::neutralMotions() : control::motionsOf(passed_, output.axes)) {
    outlets_.pass(motion);
  }
  passed_ = output.axes;
  const auto throttle = output.axes.find(kThrottle);
  if (throttle == output.axes.end() || (throttle->second < 0) == drivesBack_) return;
  drivesBack_ = !drivesBack_;
  for (const auto& motion : control::motionsOf({}, {*throttle})) outlets_.turn(motion);
}

void Control::Impl::show(const ControlEvent& event) {
  journal_.push(event);
  if (event.kind == ControlEvent::Kind::kCommand) return;
  events_.push(event);
  if (!queue_.ended()) logEvent(event);
}

void Control::Impl::reportIfDue(const GateReport& report, Time now) {
  const bool news = !reported_ || isNews(*reported_, report);
  if (news) nextReport_ = std::min(nextReport_, reportedAt_ + kLeastReportInterval);
  if (now < nextReport_) return;
  nextReport_ = now + (report.lease != 0 ? kReportInterval : kIdleReportInterval);
  reported_ = report;
  reportedAt_ = now;
  {
    const std::lock_guard lock(mutex_);
    waitingReport_ = report;
  }
  outlets_.report();
}

void Control::Impl::logEvent(const ControlEvent& event) {
  using Kind = ControlEvent::Kind;
  std::string line;
  if (event.kind == Kind::kDriver) {
    line = nameOf(event.driver) + " drives";
  } else if (event.kind == Kind::kRealtime) {
    line = event.detail;
  } else if (event.kind == Kind::kState && event.state != GateState::kWarned) {
    line = std::string(name(event.state));
    if (event.reason != StopReason::kNone) line += ": " + std::string(name(event.reason));
    if (!event.detail.empty()) line += " (" + event.detail + ")";
    if (std::exchange(loggedState_, line) == line) return;  // back from a warning
  }
  if (!line.empty()) outlets_.log(line);
}

}  // namespace rtcpub
