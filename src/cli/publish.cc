#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/camera_lines.h"
#include "cli/codec_advice.h"
#include "cli/command.h"
#include "cli/control_options.h"
#include "cli/data_lines.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/reporter.h"
#include "cli/started_car.h"
#include "cli/stop_lines.h"
#include "cli/stop_signal.h"
#include "cli/video_options.h"
#include "rtcpub/publisher.h"

namespace rtcpub::cli {
namespace {

struct PublishCommand {
  PublisherOptions options;
  VideoOptions video;
  ChannelDescriptions channels;
  ControlCommand control;
  std::string car;  ///< what moves; empty: nothing does here
  bool stats = false;
  bool printData = false;
};

/// The data channels that were named, and those by which viewers drive and switch cameras.
ChannelDescriptions channelsOf(const PublishCommand& command) {
  auto channels = withMotionChannel(command.channels, command.control);
  if (camerasOf(command.video).size() > 1 &&
      std::ranges::count(channels, kStreamLabel, &DataChannelDescription::label) == 0) {
    channels.push_back({.label = kStreamLabel, .options = {}});
  }
  return channels;
}

Result<Publisher> makePublisher(const PublishCommand& command, Channels& channels,
                                std::optional<SimulatedCar>& simulated) {
  auto publisher = Publisher::create(command.options);
  if (!publisher) return publisher;
  for (const auto& description : channelsOf(command)) {
    if (auto added = addChannel(*publisher, description, channels); !added) {
      return tl::unexpected(added.error());
    }
  }
  if (auto added = addVideos(*publisher, command.video, command.options, simulated); !added) {
    return tl::unexpected(added.error());
  }
  return publisher;
}

int publish(const PublishCommand& command) {
  warnIfInsecure(command.options);
  const StopSignal stop;
  Output output;
  Channels channels;
  std::optional<SimulatedCar> simulated;
  GateAtWork gate;
  auto publisher = makePublisher(command, channels, simulated);
  if (!publisher) {
    complain(publisher.error().message);
    return 1;
  }
  if (auto begun = gate.begin(*publisher, command.control, command.printData ? &output : nullptr);
      !begun) {
    complain(begun.error().message);
    return 1;
  }
  const auto moving = startMoving(command.car, gate.control(), channels, simulated);
  if (!moving) {
    complain(moving.error().message);
    return 1;
  }
  Result<void> outcome;
  {
    const SuccessPrinter success(publisher->states(), output);
    const MismatchPrinter mismatch(
        publisher->states(), [&] { return publisher->stats(); },
        [&](const CodecMismatch& found) { return adviceTo(command.options, found); });
    Reporter reporter([&] { return publisher->stats(); }, command.stats, output);
    const ViewersPrinter viewers(publisher->viewers(), reporter,
                                 command.printData ? &output : nullptr);
    const StdinSender sender(channels, anyLossy(command.channels), [&](std::string_view line) {
      if (!runStopLine(gate.control(), line)) runCameraLine(*publisher, line);
    });
    Channels printed = command.printData ? channels : Channels();
    const DataPrinter printer(printed, output);
    outcome = publisher->run(stop.token());
  }
  if (outcome) return 0;
  complain(outcome.error().message);
  return 1;
}

}  // namespace

void addPublish(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<PublishCommand>();
  addConnectionOptions(sub, command->options);
  addVideoOptions(sub, command->video, command->options);
  addDataOption(sub, command->channels);
  sub.add_flag("--print-data", command->printData,
               "Print received messages as LABEL<TAB>MESSAGE, and a line ':viewers N' when the "
               "number of viewers changes. With --control only what passes the gate, and a line "
               "':control {…}' for each change of what motors are to do");
  addControlOptions(sub, command->control);
  addCarOption(sub, command->car);
  sub.option_defaults()->group("Options");
  sub.add_flag("--stats", command->stats,
               "Print statistics, one JSON object a second and one when the number of viewers "
               "changes");
  sub.footer(
      "Standard input: a line LABEL<TAB>MESSAGE sends the message. ':camera NAME' switches to "
      "another\ncamera, ':pip NAME' shows one small in a corner, ':pip' none. With --control or "
      "--car "
      "':stop WHY'\nis the emergency stop, until ':clear'.\n\n"
      "Examples:\n"
      "  rtcpub publish --server wss://robots.example --channel car-1 --video v4l2: \\\n"
      "      --data metric --data 'stream?ordered=false&life=300' --print-data\n"
      "  rtcpub publish --server wss://robots.example --channel car-1 \\\n"
      "      --video front=csi:0 --video rear=csi:1 --pip rear --auto-rear\n"
      "  rtcpub publish --server wss://robots.example --channel car-1 --video v4l2: \\\n"
      "      --control --control-log /var/log/car-1.jsonl --print-data\n"
      "  rtcpub publish --server wss://robots.example --channel car-1 --video v4l2: \\\n"
      "      --car pca9685:/dev/i2c-1 --data metric");
  sub.callback([command, &chosen] {
    if (!command->car.empty()) command->control.wanted = true;  // nothing else moves them
    checkControl(command->control);
    if (command->video.videos.empty() && command->channels.empty() && !command->control.wanted) {
      throw CLI::RequiredError(
          "There is nothing to publish: add a video, such as --video v4l2: (rtcpub devices lists "
          "cameras), or a data channel, such as --data stream",
          CLI::ExitCodes::RequiredError);
    }
    chosen = [command] { return publish(*command); };
  });
}

}  // namespace rtcpub::cli
