#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/client/gate_queue.h"
#include "app/client/priority_mutex.h"
#include "app/client/realtime.h"
#include "core/control/gate.h"
#include "core/control/lease_message.h"
#include "core/control/motion.h"
#include "core/inbox.h"
#include "rtcpub/clock.h"
#include "rtcpub/control.h"
#include "rtcpub/message.h"

namespace rtcpub {

/// A robot's gate at work: a thread of its own with the pure gate, whatever happens to all other
/// threads of the program.
///
/// Runs on: `rtcpub-gate`. Any thread may call: what happens goes into a queue, what is asked is
/// answered at once. Nothing here waits for the signalling loop, an encoder, or a lock that is held
/// for longer than a moment.
class Control::Impl {
 public:
  /// What the gate's thread hands on. None of it waits: it is posted or pushed.
  struct Outlets {
    std::function<void()> report = [] {};  ///< there is one to be taken: takeReport()
    /// What passed, as SpiderCar's message.
    std::function<void(const std::string& motion)> pass = [](const std::string& /*motion*/) {};
    /// The first of these that drives back, or forward again.
    std::function<void(const std::string& motion)> turn = [](const std::string& /*motion*/) {};
    std::function<void(const std::string& line)> log = [](const std::string& /*line*/) {};
    /// What the publisher's NTP clock told then, as this machine's; nothing: it isn't known.
    /// Microseconds since 1900. An engine's thread.
    std::function<std::optional<Time>(std::int64_t ntpUs)> captureTime =
        [](std::int64_t /*ntpUs*/) -> std::optional<Time> { return std::nullopt; };
  };

  /// The options are such as control::checkOptions() takes.
  Impl(ControlOptions options, Outlets outlets);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Begins, once; the outlets are used from now on.
  void start();

  // --- What comes

  /// The client runs: says how the gate's thread does.
  void begin();
  /// What came on `rtcpub.control`.
  void onControlText(const std::string& text);
  /// What came on `rtcpub.lease`.
  void onLeaseText(const std::string& text);
  /// Whether the server that is spoken to says who drives. The client's loop.
  void onServer(bool hasLeases) { leases_ = hasLeases; }
  /// Takes what came on another data channel, if it is for the gate: nobody else may have it then.
  /// It drives where no server says who does.
  bool takeMotion(const std::string& label, const Message& message);
  void onClock(std::optional<control::ServerClock> clock);
  /// What the connection to a server said that was there until now counts no more.
  void onNewConnection();
  /// Whoever hears reports has heard none yet.
  void reportAgain();
  /// The newest report that hasn't been taken.
  std::optional<std::string> takeReport();
  /// Neutral for ever; the outlets aren't used any more.
  void end();

  // --- What users ask

  [[nodiscard]] ControlOutput output() const;
  Subscription<ControlOutput> outputs() { return outputs_.subscribe(); }
  Subscription<ControlEvent> events() { return events_.subscribe(); }
  Subscription<ControlEvent> journal() { return journal_.subscribe(); }
  [[nodiscard]] ControlStats stats() const;
  void stop(const std::string& why);
  void clear();
  void setReady(bool ready, const std::string& why);

 private:
  void enqueue(GateQueue::Task task) { queue_.push({.task = std::move(task)}); }
  void onOrder(const control::LeaseMessageToClient& message);

  // On the gate's thread:
  void run();
  void handle(const GateQueue::Task& task);
  void tell(Time now);
  [[nodiscard]] ControlEvent realtimeEvent(const control::GateReport& report, Time now) const;
  void show(const ControlEvent& event);
  void put(const ControlOutput& output, bool accepted);
  void putMotions(const ControlOutput& output);
  void reportIfDue(const control::GateReport& report, Time now);
  void logEvent(const ControlEvent& event);

  const ControlOptions options_;
  const Outlets outlets_;
  GateQueue queue_;
  mutable PriorityMutex mutex_;  ///< for the two below
  control::Gate gate_;
  std::optional<control::GateReport> waitingReport_;

  // The gate's thread's own:
  Realtime realtime_;
  std::atomic<bool> hasRealtime_ = false;  ///< anybody may ask
  std::atomic<bool> leases_ = true;        ///< an engine's thread asks
  ControlOutput last_;
  Axes passed_;  ///< what old programs were told
  bool drivesBack_ = false;
  std::optional<control::GateReport> reported_;
  Time reportedAt_{};
  Time nextReport_{};
  bool began_ = false;
  std::string loggedState_;

  Fanout<ControlOutput> outputs_;
  Fanout<ControlEvent> events_;
  Fanout<ControlEvent> journal_;
  std::once_flag endedOnce_;
  std::thread thread_;
};

}  // namespace rtcpub
