#include <algorithm>
#include <memory>
#include <optional>
#include <string>
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
#include "cli/simulated_robot.h"
#include "cli/started_car.h"
#include "cli/stop_lines.h"
#include "cli/stop_signal.h"
#include "cli/video_options.h"
#include "rtcpub/publisher.h"

namespace rtcpub::cli {
namespace {

constexpr const char* kSimulated = "sim:";  // a video, and motors
/// Viewers are shown how late their picture is.
constexpr const char* kUsualVideo = "sim:?stamp";

constexpr const char* kHowToDrive =
    "to drive: open the page and press Take control; then arrow keys or WASD, a gamepad, or a\n"
    "thumb on the picture. Space is neutral, the red button stops the car";

struct DemoCommand {
  ServerCommand server;
  PublisherOptions options;
  VideoOptions video;
  ChannelDescriptions channels;
  std::string car;  ///< what moves; empty: nothing can be driven
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

/// Whether a car says this itself, when it has done it.
bool isAnsweredByCar(const Message& message) {
  return message.data.find("\"maxSpeed\"") != std::string::npos;
}

/// Prints what the viewers send and sends it back, so that both ends see it arrive.
/// Runs on: a thread of its own.
std::jthread startEcho(DataChannel stream, DataChannel metric, bool hasCar, Output& output) {
  return std::jthread(
      [inbox = stream.subscribe(), metric, hasCar, &output](const std::stop_token& stop) mutable {
        while (auto message = inbox.get(stop)) {
          output.line(dataLine(kStreamLabel, *message));
          if (!hasCar || !isAnsweredByCar(*message)) (void)metric.putNowait(*message);
        }
      });
}

/// What is to be driven passes a gate.
Result<std::optional<Control>> addGate(Publisher& publisher, const DemoCommand& command) {
  if (command.car.empty()) return std::nullopt;
  auto gate = publisher.addControl({});
  if (!gate) return tl::unexpected(gate.error());
  return *std::move(gate);
}

/// As the one publisher of a server that runs here.
Result<PublisherOptions> optionsFor(const Server& server, PublisherOptions options) {
  options.server = server.localUrl();
  options.caFile = server.certificateFile();
  options.lan = true;
  if (!server.asksForTokens()) return options;
  auto token = server.makeToken({.channels = {options.channel},
                                 .rights = Right::kPublish,
                                 .lifetime = std::nullopt,
                                 .name = "demo"});
  if (!token) return tl::unexpected(token.error());
  options.token = *std::move(token);
  return options;
}

Result<void> publishTo(const Server& server, const DemoCommand& command, Output& output,
                       const std::stop_token& stop) {
  const auto prepared = optionsFor(server, command.options);
  if (!prepared) return tl::unexpected(prepared.error());
  const PublisherOptions& options = *prepared;
  auto publisher = Publisher::create(options);
  if (!publisher) return tl::unexpected(publisher.error());
  std::optional<SimulatedCar> simulated;
  if (auto added = addVideos(*publisher, command.video, options, simulated); !added) return added;
  Channels channels;
  for (const auto& description : channelsOf(command)) {
    if (auto added = addChannel(*publisher, description, channels); !added) return added;
  }
  const auto gate = addGate(*publisher, command);
  if (!gate) return tl::unexpected(gate.error());
  const auto moving = startMoving(command.car, *gate, channels, simulated);
  if (!moving) return tl::unexpected(moving.error());

  const SuccessPrinter success(publisher->states(), output);
  const MismatchPrinter mismatch(
      publisher->states(), [&] { return publisher->stats(); },
      [&](const CodecMismatch& found) { return adviceTo(options, found); });
  const Reporter reporter([&] { return publisher->stats(); }, false, output);
  const StdinSender sender(channels, anyLossy(command.channels), [&](std::string_view line) {
    if (!runStopLine(*gate, line)) runCameraLine(*publisher, line);
  });
  const std::jthread echo =
      startEcho(channels.at(kStreamLabel), channels.at(kMetricLabel), !command.car.empty(), output);
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
  if (!command.car.empty()) output.line(kHowToDrive);
  if (const auto hint = pathHint(); !hint.empty()) output.line(hint);
  const HangupSignal hangup([&] { readAgain(*server); });

  std::jthread serving([&] { (void)server->run(stop.token()); });
  auto outcome = publishTo(*server, command, output, stop.token());
  stop.request();
  if (outcome) return 0;
  complain(outcome.error().message);
  return 1;
}

/// The simulated car is seen and driven, unless something else is wanted.
void chooseDefaults(DemoCommand& command) {
  auto& videos = command.video.videos;
  if (videos.empty()) videos = {kUsualVideo};
  const bool isSeen = std::ranges::any_of(
      videos, [](const auto& video) { return splitName(video).uri.starts_with(kSimulated); });
  if (isSeen && command.car.empty()) command.car = kSimulated;
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
  addCarOption(sub, command->car);
  sub.footer(
      "Without --video it is a simulated car's view, which --car sim: drives unless told "
      "otherwise.\nStandard input is read as by 'rtcpub publish'.\n\n"
      "Examples:\n"
      "  rtcpub demo --listen 0.0.0.0:8267\n"
      "  rtcpub demo --video front=v4l2:/dev/video0 --video rear=test:\n"
      "  rtcpub demo --video v4l2: --car pca9685:/dev/i2c-1");
  sub.callback([command, &chosen] {
    chooseDefaults(*command);
    chosen = [command] { return demo(*command); };
  });
}

}  // namespace rtcpub::cli
