#include "cli/reporter.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <mutex>
#include <utility>

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

/// Calls `tick` once a second, without drift, until asked to stop.
void everySecond(const std::stop_token& stop, const std::function<void()>& tick) {
  std::mutex mutex;
  std::condition_variable_any wake;
  Beat beat(std::chrono::steady_clock::now());
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait_until(lock, stop, beat.next(), [] { return false; });
    if (stop.stop_requested()) return;
    if (beat.take(std::chrono::steady_clock::now())) tick();
  }
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
  thread_ = std::jthread([stats = std::move(stats), json, &output](const std::stop_token& stop) {
    everySecond(stop, [&] {
      if (json) {
        output.line(toJson(stats()));
      } else {
        showStatus(statusLine(stats()));
      }
    });
    if (!json) showStatus("");
  });
}

Reporter::~Reporter() = default;

SuccessPrinter::SuccessPrinter(Subscription<StateChange> states, Output& output)
    : thread_([states = std::move(states), &output](const std::stop_token& stop) mutable {
        while (auto change = states.get(stop)) {
          if (change->state == ConnectionState::kRegistered) output.line("success");
        }
      }) {}

}  // namespace rtcpub::cli
