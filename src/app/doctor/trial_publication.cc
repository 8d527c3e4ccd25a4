#include "app/doctor/trial_publication.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "rtcpub/publisher.h"

namespace rtcpub {
namespace {

using Clock = std::chrono::steady_clock;

/// As much as robots send, and more than a narrow path carries: who measures must not do harm.
constexpr int kBitrateKbps = 8000;
constexpr std::chrono::seconds kConnectLimit{10};
constexpr std::chrono::seconds kFiguresLimit{5};

/// Asks every now and then until it is so, the time is up, or someone stops it.
bool waitFor(const std::function<bool()>& isSo, Clock::time_point until,
             const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!isSo()) {
    if (stop.stop_requested() || Clock::now() >= until) return false;
    const auto next = std::min(Clock::now() + std::chrono::milliseconds(50), until);
    never.wait_until(lock, stop, next, [] { return false; });
  }
  return true;
}

void measure(const Publisher& publisher, doctor::MediaFinding& finding) {
  const Stats stats = publisher.stats();
  if (stats.rttMs) finding.rttMs = std::min(finding.rttMs.value_or(*stats.rttMs), *stats.rttMs);
  if (stats.estimateKbps) finding.estimateKbps = stats.estimateKbps;
  if (stats.feedbackMissing) finding.feedbackMissing = true;
  if (!stats.video) return;
  finding.sentKbps = std::max(finding.sentKbps, stats.video->kbps);
  finding.loss = std::max(finding.loss, stats.video->loss);
}

doctor::MediaFinding watch(Publisher& publisher, std::chrono::milliseconds time,
                           const std::function<bool()>& ended, const std::stop_token& stop) {
  doctor::MediaFinding finding;
  const auto began = Clock::now();
  const auto connected = [&] {
    return ended() || publisher.stats().state == ConnectionState::kConnected;
  };
  waitFor(connected, began + kConnectLimit, stop);
  finding.connected = !ended() && publisher.stats().state == ConnectionState::kConnected;
  finding.reason = publisher.stats().reason;
  finding.connectMs = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
  if (!finding.connected) return finding;
  const auto sampled = [&] {
    measure(publisher, finding);
    return ended();
  };
  waitFor(sampled, Clock::now() + time, stop);
  // On a busy machine the first figures may take longer than a short measurement.
  const auto told = [&] { return sampled() || (finding.rttMs && finding.estimateKbps); };
  waitFor(told, Clock::now() + kFiguresLimit, stop);
  return finding;
}

}  // namespace

Result<doctor::MediaFinding> publishTestPicture(const ConnectionOptions& options,
                                                std::chrono::milliseconds time,
                                                const std::stop_token& stop) {
  PublisherOptions publishing;
  static_cast<ConnectionOptions&>(publishing) = options;
  publishing.bitrateKbps = kBitrateKbps;
  auto publisher = Publisher::create(publishing);
  if (!publisher) return tl::unexpected(publisher.error());
  auto picture = VideoSource::open("test:?size=1280x720&fps=30");
  if (!picture) return tl::unexpected(picture.error());
  if (auto added = publisher->addVideo(*picture); !added) return tl::unexpected(added.error());

  Result<void> outcome;
  std::atomic<bool> ended = false;
  doctor::MediaFinding finding;
  {
    const std::jthread running([&](const std::stop_token& over) {
      outcome = publisher->run(over);
      ended = true;
    });
    finding = watch(
        *publisher, time, [&] { return ended.load(); }, stop);
  }
  if (!finding.connected && !outcome) finding.reason = outcome.error().message;
  return finding;
}

}  // namespace rtcpub
