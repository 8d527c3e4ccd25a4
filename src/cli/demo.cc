#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/camera_lines.h"
#include "cli/codec_advice.h"
#include "cli/command.h"
#include "cli/data_lines.h"
#include "cli/duration.h"
#include "cli/file_limit.h"
#include "cli/hangup_signal.h"
#include "cli/output.h"
#include "cli/own_path.h"
#include "cli/reporter.h"
#include "cli/server_options.h"
#include "cli/stop_signal.h"
#include "cli/video_options.h"
#include "rtcpub/publisher.h"

namespace rtcpub::cli {
namespace {

constexpr const char* kMetricLabel = "metric";
constexpr const char* kTestPicture = "test:?size=1280x720&fps=30&stamp";

struct DemoCommand {
  ServerCommand server;
  PublisherOptions options;
  VideoOptions video;
  ChannelDescriptions channels;
};

/// The data channels that were named, and those that the demonstration needs.
ChannelDescriptions channelsOf(const DemoCommand& command) {
  auto channels = command.channels;
  for (const char* label : {kMetricLabel, kStreamLabel}) {
    if (std::ranges::count(channels, label, &DataChannelDescription::label) == 0) {
      channels.push_back({.label = label, .options = {}});
    }
  }
  return channels;
}

std::string numberMessage(const char* name, const char* key, double value) {
  std::string text(128, '\0');
  const int length = std::snprintf(text.data(), text.size(), R"({"%s":{"key":"%s","value":%.3f}})",
                                   name, key, value);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// A robot's telemetry, made up: a battery that empties and a wheel that turns faster and slower.
/// Runs on: a thread of its own.
std::jthread startTelemetry(DataChannel metric) {
  return std::jthread([metric](const std::stop_token& stop) mutable {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    for (int tick = 0; !stop.stop_requested(); ++tick) {
      const double seconds = tick * 0.2;
      (void)metric.putNowait(numberMessage("wheel", "rpm", 300 + 120 * std::sin(seconds)));
      if (tick % 5 == 0)
        (void)metric.putNowait(numberMessage("battery", "volt", 7.4 - seconds / 3600));
      wake.wait_for(lock, stop, std::chrono::milliseconds(200), [] { return false; });
    }
  });
}

/// Prints what the viewers send and sends it back, so that both ends see it arrive.
/// Runs on: a thread of its own.
std::jthread startEcho(DataChannel stream, DataChannel metric, Output& output) {
  return std::jthread(
      [inbox = stream.subscribe(), metric, &output](const std::stop_token& stop) mutable {
        while (auto message = inbox.get(stop)) {
          output.line(dataLine(kStreamLabel, *message));
          (void)metric.putNowait(*message);
        }
      });
}

Result<void> publishTo(const Server& server, const DemoCommand& command, Output& output,
                       const std::stop_token& stop) {
  PublisherOptions options = command.options;
  options.server = server.localUrl();
  options.caFile = server.certificateFile();
  options.lan = true;
  if (server.asksForTokens()) {
    auto token = server.makeToken({.channels = {options.channel},
                                   .rights = Right::kPublish,
                                   .lifetime = std::nullopt,
                                   .name = "demo"});
    if (!token) return tl::unexpected(token.error());
    options.token = *std::move(token);
  }
  auto publisher = Publisher::create(options);
  if (!publisher) return tl::unexpected(publisher.error());
  std::optional<SimulatedCar> simulated;
  if (auto added = addVideos(*publisher, command.video, options, simulated); !added) return added;
  Channels channels;
  for (const auto& description : channelsOf(command)) {
    if (auto added = addChannel(*publisher, description, channels); !added) return added;
  }
  const DataChannel& metric = channels.at(kMetricLabel);
  const DataChannel& stream = channels.at(kStreamLabel);

  const SuccessPrinter success(publisher->states(), output);
  const MismatchPrinter mismatch(
      publisher->states(), [&] { return publisher->stats(); },
      [&](const CodecMismatch& found) { return adviceTo(options, found); });
  const Reporter reporter([&] { return publisher->stats(); }, false, output);
  const StdinSender sender(channels, anyLossy(command.channels),
                           [&](std::string_view line) { runCameraLine(*publisher, line); });
  const std::jthread telemetry = startTelemetry(metric);
  const std::jthread echo = startEcho(stream, metric, output);
  return publisher->run(stop);
}

/// Links to its channel: for whoever drives, and for whoever watches.
Result<Announcement> linksTo(const Server& server, const std::string& channel) {
  Announcement more{.channel = channel};
  if (!server.asksForTokens()) return more;
  TokenOptions options{.channels = {channel}, .rights = {Right::kView, Right::kDrive}};
  const std::string life = " for " + formatDuration(*options.lifetime);
  auto driving = server.makeToken(options);
  if (!driving) return tl::unexpected(driving.error());
  options.rights = Right::kView;
  auto watching = server.makeToken(options);
  if (!watching) return tl::unexpected(watching.error());
  more.links = {{"to watch and drive" + life, *std::move(driving)},
                {"only to watch" + life, *std::move(watching)}};
  return more;
}

int demo(const DemoCommand& command) {
  StopSignal stop(kServerPatience);
  raiseFileLimit();
  Output output;
  auto server = Server::create(command.server.server);
  if (!server) {
    complain(server.error().message);
    return 1;
  }
  const auto more = linksTo(*server, command.options.channel);
  if (!more) {
    complain(more.error().message);
    return 1;
  }
  announce(*server, command.server, *more);
  if (const auto hint = pathHint(); !hint.empty()) output.line(hint);
  const HangupSignal hangup([&] { readAgain(*server); });

  std::jthread serving([&] { (void)server->run(stop.token()); });
  auto outcome = publishTo(*server, command, output, stop.token());
  stop.request();
  if (outcome) return 0;
  complain(outcome.error().message);
  return 1;
}

}  // namespace

void addDemo(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<DemoCommand>();
  addServerOptions(sub, command->server);
  command->options.channel = "demo";
  sub.option_defaults()->group("Options");
  sub.add_option("--channel", command->options.channel, "The channel's name")
      ->type_name("NAME")
      ->capture_default_str();
  addVideoOptions(sub, command->video, command->options);
  addDataOption(sub, command->channels);
  sub.footer(
      "Without --video it sends a test picture. Standard input is read as by 'rtcpub publish'.\n\n"
      "Examples:\n"
      "  rtcpub demo --listen 0.0.0.0:8267\n"
      "  rtcpub demo --video front=v4l2:/dev/video0 --video rear=test:\n"
      "  rtcpub demo --data 'stream?ordered=false&life=300'");
  sub.callback([command, &chosen] {
    if (command->video.videos.empty()) command->video.videos = {kTestPicture};
    chosen = [command] { return demo(*command); };
  });
}

}  // namespace rtcpub::cli
