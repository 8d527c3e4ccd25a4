// Puts load on a running `rtcpub serve`: one synthetic publisher and many subscribers that decode
// nothing. Prints what it cost the server, as one JSON object.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "core/address/server_url.h"
#include "core/spider/message.h"
#include "engine/engine.h"
#include "load/commands.h"
#include "load/process_usage.h"
#include "load/publisher.h"
#include "load/signalling.h"
#include "load/subscriber.h"
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
  int channels = 1;
  int settle = 2;
  bool data = true;
  bool commands = false;
  bool saturate = false;
};

/// A server is saturated when it is so late with half of all packets, or leaves some out.
constexpr double kLateMs = 50;
constexpr double kLeastReceived = 0.97;
constexpr double kGrowth = 1.08;
constexpr int kMostSubscribers = 5000;

/// What the server did between two moments.
struct Moment {
  Time time;
  ProcessUsage server;
  ProcessUsage client;
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

/// An overloaded server's clients wait for each other.
constexpr seconds kPatience{30};

/// Runs on: the main thread; everything of the engine is done on its network thread.
class Load {
  template <class F>
  auto onNetwork(F&& function) {
    return network_.BlockingCall(std::forward<F>(function));
  }

 public:
  Load(Options options, ServerUrl server, std::string token)
      : options_(std::move(options)), signalling_(std::move(server), std::move(token)) {
    network_.Start();
  }
  ~Load() {
    onNetwork([this] {
      reports_.Stop();
      feedbacks_.Stop();
      commands_.reset();
      subscribers_.clear();
      publishers_.clear();
    });
  }

  Result<nlohmann::json> run() {
    if (auto started = startPublishers(); !started) return tl::unexpected(started.error());
    std::this_thread::sleep_for(seconds(1));
    const auto before = moment();
    startReports();
    if (auto added = addSubscribers(options_.subscribers); !added) {
      return tl::unexpected(added.error());
    }
    if (options_.saturate) return saturate();
    const auto [begin, end] = measure();
    return report(before, begin, end);
  }

 private:
  template <class F>
  bool waitFor(F&& condition) {
    const Time end = monotonicNow() + kPatience;
    while (!onNetwork(condition)) {
      if (monotonicNow() > end) return false;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
  }

  /// Adds subscribers until the server is saturated. How many that takes.
  Result<nlohmann::json> saturate() {
    for (;;) {
      const auto [begin, end] = measure();
      if (isSaturated(end.published - begin.published)) {
        return nlohmann::json{{"subscribers", subscribers_.size()},
                              {"client_cpu_percent", rounded(clientCpu(begin, end) * 100, 1)}};
      }
      const auto more = static_cast<int>(static_cast<double>(subscribers_.size()) * (kGrowth - 1));
      if (subscribers_.size() >= kMostSubscribers) {
        return fail(ErrorCode::kMedia, "the server isn't saturated by so many");
      }
      if (auto added = addSubscribers(std::max(1, more)); !added) {
        return tl::unexpected(added.error());
      }
    }
  }

  static double secondsBetween(const Moment& begin, const Moment& end) {
    return ms(end.time - begin.time) / 1000;
  }
  /// Begin and end of what is counted.
  std::pair<Moment, Moment> measure() {
    std::this_thread::sleep_for(seconds(options_.settle));
    onNetwork([this] {
      for (auto& subscriber : subscribers_) subscriber->beginMeasuring();
      if (commands_) commands_->beginMeasuring();
    });
    const auto begin = moment();
    std::this_thread::sleep_for(seconds(options_.seconds));
    return {begin, moment()};
  }

  /// Every channel has about as many subscribers.
  bool isSaturated(std::uint64_t published) {
    return onNetwork([&] {
      std::uint64_t received = 0;
      for (const auto& subscriber : subscribers_) received += subscriber->packets();
      const double all = static_cast<double>(published) * static_cast<double>(subscribers_.size()) /
                         options_.channels;
      return percentile(latencies(), 0.5) > kLateMs ||
             static_cast<double>(received) < kLeastReceived * all;
    });
  }

  /// Of the sampled subscribers, in milliseconds.
  std::vector<double> latencies() const {
    std::vector<double> all;
    for (const auto& subscriber : subscribers_) {
      for (const auto us : subscriber->latencies()) all.push_back(static_cast<double>(us) / 1000);
    }
    return all;
  }

  static double clientCpu(const Moment& begin, const Moment& end) {
    return (end.client.cpuSeconds - begin.client.cpuSeconds) / secondsBetween(begin, end);
  }

  std::string channel(int number) const {
    return options_.channel + (number == 0 ? "" : std::to_string(number));
  }

  Result<void> join(Peer& peer, Role role, int channelNumber) {
    const std::string offer = onNetwork([&peer] { return peer.offer(); });
    spider::ConnectRequest request;
    request.role = role;
    request.channel = channel(channelNumber);
    const auto answer = signalling_.join(request, offer);
    if (!answer) return tl::unexpected(answer.error());
    return onNetwork([&peer, &answer] { return peer.accept(*answer); });
  }

  Result<void> startPublishers() {
    for (int i = 0; i < options_.channels; ++i) {
      auto& publisher = *onNetwork([this] {
        publishers_.push_back(std::make_unique<Publisher>(engine_, options_.kbps, options_.data));
        if (options_.commands) publishers_.back()->peer().openChannel(Commands::kLabel);
        return publishers_.back().get();
      });
      if (auto joined = join(publisher.peer(), Role::kPublisher, i); !joined) return joined;
      if (!waitFor([&publisher] { return publisher.peer().ready(); })) {
        return fail(ErrorCode::kMedia, "a publisher's transport didn't come up within 30 s");
      }
      onNetwork([&publisher] { publisher.start(); });
    }
    return {};
  }

  Result<void> addSubscribers(int count) {
    for (int i = 0; i < count; ++i) {
      if (auto added = addSubscriber(static_cast<int>(subscribers_.size())); !added) return added;
    }
    if (waitFor([this] { return everyoneReceives(); })) return {};
    return fail(ErrorCode::kMedia, "not every subscriber got packets within 30 s");
  }

  Result<void> addSubscriber(int number) {
    // Some ten are enough for the latency, and decrypting all would slow the others down.
    const int step = std::max(1, options_.subscribers / 10);
    onNetwork([this, number, step] {
      subscribers_.push_back(std::make_unique<Subscriber>(
          engine_, static_cast<std::uint32_t>(number), number % step == 0, options_.data));
      if (options_.commands && number == 0) startCommands();
    });
    joinedAt_.push_back(monotonicNow());
    return join(subscribers_.back()->peer(), Role::kSubscriber, number % options_.channels);
  }

  void startCommands() {
    commands_ = std::make_unique<Commands>(engine_, subscribers_.front()->peer(),
                                           publishers_.front()->peer());
    commands_->start();
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
            .client = usageOf(getpid()).value_or(ProcessUsage{}),
            .published = onNetwork([this] { return sumOfPublishers(&Publisher::sent); })};
  }

  std::uint64_t sumOfPublishers(std::uint64_t (Publisher::*count)() const) const {
    std::uint64_t sum = 0;
    for (const auto& publisher : publishers_) sum += ((*publisher).*count)();
    return sum;
  }

  static nlohmann::json percentiles(const std::vector<double>& values, int digits) {
    return {{"p50", rounded(percentile(values, 0.5), digits)},
            {"p99", rounded(percentile(values, 0.99), digits)},
            {"max", rounded(percentile(values, 1), digits)},
            {"samples", values.size()}};
  }

  void addCommands(nlohmann::json& result) const {
    std::vector<double> delays;
    for (const auto us : commands_->delays()) delays.push_back(static_cast<double>(us) / 1000);
    result["command_ms"] = percentiles(delays, 3);
    result["commands_sent"] = commands_->sent();
  }

  nlohmann::json report(const Moment& before, const Moment& begin, const Moment& end) {
    return onNetwork([&] {
      std::uint64_t packets = 0;
      std::uint64_t bytes = 0;
      std::uint64_t lost = 0;
      std::vector<double> joins;
      for (std::size_t i = 0; i < subscribers_.size(); ++i) {
        const auto& subscriber = *subscribers_[i];
        packets += subscriber.packets();
        bytes += subscriber.bytes();
        lost += subscriber.lost();
        joins.push_back(ms(*subscriber.firstPacket() - joinedAt_[i]));
      }
      const double time = ms(end.time - begin.time) / 1000;
      nlohmann::json result{{"subscribers", subscribers_.size()},
                            {"seconds", rounded(time, 2)},
                            {"packets_published", end.published - begin.published},
                            {"key_frames", sumOfPublishers(&Publisher::keyFrames)},
                            {"packets_received", packets},
                            {"lost", lost},
                            {"mbps", rounded(static_cast<double>(bytes) * 8 / time / 1e6, 1)},
                            {"client_cpu_percent", rounded(clientCpu(begin, end) * 100, 1)},
                            {"latency_ms", percentiles(latencies(), 3)},
                            {"join_ms", percentiles(joins, 1)}};
      if (commands_) addCommands(result);
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
  Engine engine_{.thread = network_, .sockets = sockets_};
  std::vector<std::unique_ptr<Publisher>> publishers_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  std::unique_ptr<Commands> commands_;
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
      "RTCPUB_TOKEN: a token with the rights publish and drive, where the server asks for one.\n"
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
  app.add_option("--channels", options.channels, "How many publishers, with the subscribers shared")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--settle", options.settle, "How many seconds to wait before measuring")
      ->check(CLI::Range(0, 600))
      ->capture_default_str();
  app.add_flag("--commands", options.commands, "Measure the delay of commands to a publisher, too");
  app.add_flag("--saturate", options.saturate,
               "Add subscribers, each time measuring for so long, until the server is late");
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
  if (options.commands && !options.data) {
    std::fprintf(stderr, "load_client: --commands can't go with --no-data\n");
    return 1;
  }
  engine::initialize();
  const char* const token = std::getenv("RTCPUB_TOKEN");  // NOLINT(concurrency-mt-unsafe)
  Load load(options, *server, token == nullptr ? "" : token);
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
