#include "cli/reporter.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <utility>

#include "cli/setting_names.h"
#include "rtcpub/log.h"

namespace rtcpub::cli {
namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

void showStatus(const std::string& line) {
  // The cursor waits at its beginning, for whatever else is printed to take its place.
  const std::string text = "\r\033[K" + escaped(line) + "\r";
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

/// Which camera is on the air, if there are several, and which are lost.
std::string cameraWords(const std::map<std::string, CameraStats>& cameras) {
  std::string words;
  for (const auto& [name, camera] : cameras) {
    if (camera.onAir && cameras.size() > 1) words += "  " + name + " on air";
  }
  for (const auto& [name, camera] : cameras) {
    if (!camera.live) words += "  " + name + " lost: " + camera.reason;
  }
  return words;
}

}  // namespace

bool Beat::take(Time now) {
  const auto missed = now > next_ ? (now - next_) / kInterval : 0;
  next_ += (missed + 1) * kInterval;
  return missed == 0;
}

std::string statusLine(const Stats& stats) {
  std::string line = name(stats.state);
  if (!stats.reason.empty() && !stats.reason.starts_with("connected to")) {
    line += ": " + stats.reason;
  }
  if (stats.video) {
    line += formatted("  %.1f fps  %.0f kbit/s", stats.video->fps, stats.video->kbps);
  }
  if (stats.rttMs) line += formatted("  RTT %.1f ms", *stats.rttMs);
  if (stats.video) line += formatted("  loss %.1f %%", stats.video->loss * 100);
  if (stats.latencyMs) line += formatted("  delay %.1f ms", stats.latencyMs->p50);
  if (stats.viewers)
    line += formatted("  %d viewer%s", *stats.viewers, *stats.viewers == 1 ? "" : "s");
  return line + cameraWords(stats.cameras);
}

Reporter::Reporter(std::function<Stats()> stats, bool json, Output& output) {
  if (!json && isatty(STDERR_FILENO) == 0) return;
  thread_ =
      std::jthread([this, stats = std::move(stats), json, &output](const std::stop_token& stop) {
        run(stop, [&] {
          if (json) {
            output.line(inOptions(toJson(stats())));
          } else {
            showStatus(inOptions(statusLine(stats())));
          }
        });
        if (!json) showStatus("");
      });
}

Reporter::~Reporter() = default;

void Reporter::tell() {
  const std::lock_guard lock(mutex_);
  asked_ = true;
  wake_.notify_all();
}

/// Calls `tick` once a second, without drift, and whenever it is asked for, until asked to stop.
void Reporter::run(const std::stop_token& stop, const std::function<void()>& tick) {
  Beat beat(std::chrono::steady_clock::now());
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_until(lock, stop, beat.next(), [this] { return asked_; });
    if (stop.stop_requested()) return;
    const bool due = std::exchange(asked_, false) || beat.take(std::chrono::steady_clock::now());
    lock.unlock();
    if (due) tick();
    lock.lock();
  }
}

std::string viewersLine(int viewers) { return ":viewers " + std::to_string(viewers); }

ViewersPrinter::ViewersPrinter(Subscription<int> viewers, Reporter& reporter, Output* output)
    : thread_(
          [viewers = std::move(viewers), &reporter, output](const std::stop_token& stop) mutable {
            while (const auto count = viewers.get(stop)) {
              if (output != nullptr) output->line(viewersLine(*count));
              reporter.tell();
            }
          }) {}

SuccessPrinter::SuccessPrinter(Subscription<StateChange> states, Output& output)
    : thread_([states = std::move(states), &output](const std::stop_token& stop) mutable {
        while (auto change = states.get(stop)) {
          if (change->state == ConnectionState::kRegistered) output.line("success");
        }
      }) {}

}  // namespace rtcpub::cli
