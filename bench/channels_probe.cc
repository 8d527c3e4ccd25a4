// Publishers on channels of their own, who send until standard input ends. For bench/run.py, which
// looks at the server's memory meanwhile.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/address/server_url.h"
#include "core/spider/message.h"
#include "engine/engine.h"
#include "load/publisher.h"
#include "load/signalling.h"
#include "rtcpub/clock.h"

namespace rtcpub::bench {
namespace {

/// Runs on: the main thread; everything of the engine is done on its network thread.
class Channels {
 public:
  Channels(ServerUrl server, std::string name, int kbps)
      : signalling_(std::move(server), ""), name_(std::move(name)), kbps_(kbps) {
    network_.Start();
  }
  ~Channels() {
    network_.BlockingCall([this] { publishers_.clear(); });
  }
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;

  Result<void> add(int number) {
    auto* publisher = network_.BlockingCall([this] {
      return publishers_.emplace_back(std::make_unique<Publisher>(engine_, kbps_, true)).get();
    });
    auto& peer = publisher->peer();
    const std::string offer = network_.BlockingCall([&peer] { return peer.offer(); });
    spider::ConnectRequest request;
    request.role = Role::kPublisher;
    request.channel = name_ + std::to_string(number);
    const auto answer = signalling_.join(request, offer);
    if (!answer) return tl::unexpected(answer.error());
    auto accepted = network_.BlockingCall([&] { return peer.accept(*answer); });
    if (!accepted) return accepted;
    const Time end = monotonicNow() + std::chrono::seconds(10);
    while (!network_.BlockingCall([&peer] { return peer.ready(); })) {
      if (monotonicNow() > end) {
        return fail(ErrorCode::kMedia, "the publisher's transport didn't come up within 10 s");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    network_.BlockingCall([publisher] { publisher->start(); });
    return {};
  }

 private:
  Signalling signalling_;
  const std::string name_;
  const int kbps_;
  rtc::PhysicalSocketServer sockets_;
  rtc::Thread network_{&sockets_};
  Engine engine_{.thread = network_, .sockets = sockets_};
  std::vector<std::unique_ptr<Publisher>> publishers_;
};

// Out of memory ends it.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  std::string url = "ws://127.0.0.1:8267";
  std::string name = "bench";
  int count = 50;
  int kbps = 300;
  CLI::App app(
      "Publishes on many channels of a running `rtcpub serve` until standard input ends.\n"
      "Example: channels_probe --url ws://127.0.0.1:8267 --channels 50");
  app.add_option("--url", url, "The server, without TLS")->capture_default_str();
  app.add_option("--name", name, "What the channels' names begin with")->capture_default_str();
  app.add_option("--channels", count, "How many")
      ->check(CLI::Range(1, 5000))
      ->capture_default_str();
  app.add_option("--kbps", kbps, "The bitrate of each")
      ->check(CLI::Range(280, 100'000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto server = parseServerUrl(url);
  if (!server || server->tls) {
    std::fprintf(stderr, "channels_probe: --url takes ws://HOST:PORT, without TLS\n");
    return 1;
  }
  engine::initialize();
  Channels channels(*server, name, kbps);
  for (int i = 0; i < count; ++i) {
    const auto added = channels.add(i);
    if (!added) {
      std::fprintf(stderr, "channels_probe: %s\n", added.error().message.c_str());
      return 1;
    }
  }
  std::printf("ready\n");
  std::fflush(stdout);
  std::string line;
  while (std::getline(std::cin, line)) {
  }
  return 0;
}

}  // namespace
}  // namespace rtcpub::bench

// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) { return rtcpub::bench::main(argc, argv); }
