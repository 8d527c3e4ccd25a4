// Puts load on a running `rtcpub serve`: one synthetic publisher and many subscribers that decode
// nothing. Prints what it cost the server, as one JSON object.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/server_url.h"
#include "core/spider.h"
#include "engine/engine.h"
#include "load/process_usage.h"
#include "load/publisher.h"
#include "load/signalling.h"
#include "load/subscriber.h"
#include "rtc_base/rtc_certificate_generator.h"
#include "rtcpub/clock.h"

namespace rtcpub::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Options {
  std::string url = "ws://127.0.0.1:8267";
  std::string channel = "load";
  int pid = 0;
  int subscribers = 200;
  int kbps = 2000;
  int seconds = 10;
  bool data = true;
};

/// What the server did between two moments.
struct Moment {
  Time time;
  ProcessUsage server;
  std::uint64_t published = 0;
};

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

double rounded(double value, int digits) {
  const double scale = std::pow(10, digits);
  return std::round(value * scale) / scale;
}

double ms(Time::duration duration) { return static_cast<double>(duration.count()) / 1000; }

/// Runs on: the main thread; everything of the engine is done on its network thread.
class Load {
  template <class F>
  auto onNetwork(F&& function) {
    return network_.BlockingCall(std::forward<F>(function));
  }

 public:
  Load(Options options, ServerUrl server)
      : options_(std::move(options)), signalling_(std::move(server)) {
    network_.Start();
  }
  ~Load() {
    onNetwork([this] {
      reports_.Stop();
      feedbacks_.Stop();
      subscribers_.clear();
      publisher_.reset();
    });
  }

  Result<nlohmann::json> run() {
    if (auto started = startPublisher(); !started) return tl::unexpected(started.error());
    std::this_thread::sleep_for(seconds(1));
    const auto before = moment();
    for (int i = 0; i < options_.subscribers; ++i) {
      if (auto added = addSubscriber(i); !added) return tl::unexpected(added.error());
    }
    if (!waitFor([this] { return everyoneReceives(); })) {
      return fail(ErrorCode::kMedia, "not every subscriber got packets within 10 s");
    }
    startReports();
    std::this_thread::sleep_for(seconds(2));
    onNetwork([this] {
      for (auto& subscriber : subscribers_) subscriber->beginMeasuring();
    });
    const auto begin = moment();
    std::this_thread::sleep_for(seconds(options_.seconds));
    return report(before, begin, moment());
  }

 private:
  template <class F>
  bool waitFor(F&& condition) {
    const Time end = monotonicNow() + seconds(10);
    while (!onNetwork(condition)) {
      if (monotonicNow() > end) return false;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
  }

  Result<void> join(Peer& peer, spider::Role role) {
    const std::string offer = onNetwork([&peer] { return peer.offer(); });
    spider::ConnectRequest request;
    request.role = role;
    request.channel = options_.channel;
    const auto answer = signalling_.join(request, offer);
    if (!answer) return tl::unexpected(answer.error());
    return onNetwork([&peer, &answer] { return peer.accept(*answer); });
  }

  Result<void> startPublisher() {
    onNetwork([this] {
      publisher_ = std::make_unique<Publisher>(engine_, options_.kbps, options_.data);
    });
    if (auto joined = join(publisher_->peer(), spider::Role::kPublisher); !joined) return joined;
    if (!waitFor([this] { return publisher_->peer().ready(); })) {
      return fail(ErrorCode::kMedia, "the publisher's transport didn't come up within 10 s");
    }
    onNetwork([this] { publisher_->start(); });
    return {};
  }

  Result<void> addSubscriber(int number) {
    // Some ten are enough for the latency, and decrypting all would slow the others down.
    const int step = std::max(1, options_.subscribers / 10);
    onNetwork([this, number, step] {
      subscribers_.push_back(std::make_unique<Subscriber>(
          engine_, static_cast<std::uint32_t>(number), number % step == 0, options_.data));
    });
    joinedAt_.push_back(monotonicNow());
    return join(subscribers_.back()->peer(), spider::Role::kSubscriber);
  }

  bool everyoneReceives() const {
    return std::all_of(subscribers_.begin(), subscribers_.end(),
                       [](const auto& subscriber) { return subscriber->firstPacket(); });
  }

  void startReports() {
    onNetwork([this] {
      reports_ = webrtc::RepeatingTaskHandle::Start(&network_, [this] {
        for (auto& subscriber : subscribers_) subscriber->sendReceiverReport();
        return webrtc::TimeDelta::Seconds(1);
      });
      feedbacks_ = webrtc::RepeatingTaskHandle::Start(&network_, [this] {
        // Not all at the same moment.
        constexpr std::size_t kTurns = 10;
        turn_ = (turn_ + 1) % kTurns;
        for (std::size_t i = turn_; i < subscribers_.size(); i += kTurns) {
          subscribers_[i]->sendTransportFeedback();
        }
        return webrtc::TimeDelta::Millis(5);
      });
    });
  }

  Moment moment() {
    return {.time = monotonicNow(),
            .server = usageOf(options_.pid).value_or(ProcessUsage{}),
            .published = onNetwork([this] { return publisher_->sent(); })};
  }

  nlohmann::json report(const Moment& before, const Moment& begin, const Moment& end) {
    return onNetwork([&] {
      std::uint64_t packets = 0;
      std::uint64_t bytes = 0;
      std::uint64_t lost = 0;
      std::vector<double> latencies;
      std::vector<double> joins;
      for (std::size_t i = 0; i < subscribers_.size(); ++i) {
        const auto& subscriber = *subscribers_[i];
        packets += subscriber.packets();
        bytes += subscriber.bytes();
        lost += subscriber.lost();
        joins.push_back(ms(*subscriber.firstPacket() - joinedAt_[i]));
        for (const auto us : subscriber.latencies()) {
          latencies.push_back(static_cast<double>(us) / 1000);
        }
      }
      const double time = ms(end.time - begin.time) / 1000;
      nlohmann::json result{{"subscribers", subscribers_.size()},
                            {"seconds", rounded(time, 2)},
                            {"packets_published", end.published - begin.published},
                            {"key_frames", publisher_->keyFrames()},
                            {"packets_received", packets},
                            {"lost", lost},
                            {"mbps", rounded(static_cast<double>(bytes) * 8 / time / 1e6, 1)},
                            {"latency_ms",
                             {{"p50", rounded(percentile(latencies, 0.5), 3)},
                              {"p99", rounded(percentile(latencies, 0.99), 3)},
                              {"max", rounded(percentile(latencies, 1), 3)},
                              {"samples", latencies.size()}}},
                            {"join_ms",
                             {{"p50", rounded(percentile(joins, 0.5), 1)},
                              {"p99", rounded(percentile(joins, 0.99), 1)},
                              {"max", rounded(percentile(joins, 1), 1)}}}};
      if (options_.pid != 0) addServer(result, before, begin, end, time, packets);
      return result;
    });
  }

  void addServer(nlohmann::json& result, const Moment& before, const Moment& begin,
                 const Moment& end, double time, std::uint64_t packets) const {
    const double cpu = end.server.cpuSeconds - begin.server.cpuSeconds;
    const auto growth = static_cast<double>(end.server.rssKb - before.server.rssKb);
    const auto count = static_cast<double>(std::max<std::uint64_t>(packets, 1));
    const double wait = end.server.waitSeconds - begin.server.waitSeconds;
    result["server"] = {
        {"wait_percent", rounded(wait / time * 100, 1)},
        {"cpu_percent", rounded(cpu / time * 100, 1)},
        {"cpu_us_per_packet", rounded(cpu * 1e6 / count, 2)},
        {"rss_kb", end.server.rssKb},
        {"rss_kb_per_subscriber", rounded(growth / static_cast<double>(subscribers_.size()), 1)}};
  }

  Options options_;
  Signalling signalling_;
  rtc::PhysicalSocketServer sockets_;
  rtc::Thread network_{&sockets_};
  Engine engine_{.thread = network_,
                 .sockets = sockets_,
                 .certificate = rtc::RTCCertificateGenerator::GenerateCertificate(
                     rtc::KeyParams::ECDSA(), absl::nullopt),
                 .trials = {},
                 .crypto = {}};
  std::unique_ptr<Publisher> publisher_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  std::vector<Time> joinedAt_;
  webrtc::RepeatingTaskHandle reports_;
  webrtc::RepeatingTaskHandle feedbacks_;
  std::size_t turn_ = 0;
};

// Out of memory ends it.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Puts load on a running `rtcpub serve` and prints what it cost, as JSON.\n"
      "Example: load_client --url ws://127.0.0.1:8267 --pid $(pidof rtcpub)");
  app.add_option("--url", options.url, "The server, without TLS")->capture_default_str();
  app.add_option("--channel", options.channel, "The channel")->capture_default_str();
  app.add_option("--pid", options.pid, "The server's process, to read its CPU time and memory")
      ->check(CLI::PositiveNumber);
  app.add_option("--subscribers", options.subscribers, "How many")
      ->check(CLI::Range(1, 5000))
      ->capture_default_str();
  app.add_option("--kbps", options.kbps, "The video's bitrate")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "How long to measure")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  app.add_flag("!--no-data", options.data, "Without an SCTP association");
  CLI11_PARSE(app, argc, argv);

  const auto server = parseServerUrl(options.url);
  if (!server || server->tls) {
    std::fprintf(stderr, "load_client: --url takes ws://HOST:PORT, without TLS\n");
    return 1;
  }
  if (options.pid != 0 && !usageOf(options.pid)) {
    std::fprintf(stderr, "load_client: there is no process %d\n", options.pid);
    return 1;
  }
  engine::initialize();
  Load load(options, *server);
  const auto result = load.run();
  if (!result) {
    std::fprintf(stderr, "load_client: %s\n", result.error().message.c_str());
    return 1;
  }
  std::printf("%s\n", result->dump(2).c_str());
  return 0;
}

}  // namespace
}  // namespace rtcpub::bench

// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) { return rtcpub::bench::main(argc, argv); }
