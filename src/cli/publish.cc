#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/data_lines.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/reporter.h"
#include "cli/stop_signal.h"
#include "rtcpub/publisher.h"

namespace rtcpub::cli {
namespace {

struct PublishCommand {
  PublisherOptions options;
  std::string video;
  std::vector<std::string> labels;
  bool stats = false;
  bool printData = false;
};

Result<Publisher> makePublisher(const PublishCommand& command, Channels& channels) {
  auto publisher = Publisher::create(command.options);
  if (!publisher) return publisher;
  for (const std::string& label : command.labels) {
    auto channel = publisher->addDataChannel(label);
    if (!channel) return tl::unexpected(channel.error());
    channels.emplace(label, *channel);
  }
  if (command.video.empty()) return publisher;
  auto source = VideoSource::open(command.video);
  if (!source) return tl::unexpected(source.error());
  if (auto added = publisher->addVideo(*source); !added) return tl::unexpected(added.error());
  return publisher;
}

int publish(const PublishCommand& command) {
  warnIfInsecure(command.options);
  const StopSignal stop;
  Output output;
  Channels channels;
  auto publisher = makePublisher(command, channels);
  if (!publisher) {
    complain(publisher.error().message);
    return 1;
  }
  Result<void> outcome;
  {
    const SuccessPrinter success(publisher->states(), output);
    const Reporter reporter([&] { return publisher->stats(); }, command.stats, output);
    const StdinSender sender(channels);
    Channels printed = command.printData ? channels : Channels();
    const DataPrinter printer(printed, output);
    outcome = publisher->run(stop.token());
  }
  if (outcome) return 0;
  complain(outcome.error().message);
  return 1;
}

}  // namespace

void addPublish(CLI::App& program, Chosen& chosen) {
  auto command = std::make_shared<PublishCommand>();
  CLI::App* sub =
      program.add_subcommand("publish", "Send a video and data channels to a channel of a server");
  addConnectionOptions(*sub, command->options);
  sub->add_option("--video", command->video,
                  "The picture: test:[?size=1280x720&fps=30], file:PATH or gst:PIPELINE; with "
                  "?stamp each frame "
                  "carries its number and time");
  sub->add_option("--data", command->labels, "A data channel; may be given several times")
      ->allow_extra_args(false);
  sub->add_option_function<std::string>(
         "--bitrate",
         [command](const std::string& text) {
           command->options.bitrateKbps = parseBitrateKbps(text);
         },
         "The most that the video may take: 2M, 800k")
      ->default_str("2M");
  addCodecOption(*sub, command->options.codec, "The video codec")->default_str("h264");
  sub->add_option("--key-interval", command->options.keyFrameInterval,
                  "The longest distance of key frames, in frames")
      ->capture_default_str();
  sub->add_flag("--stats", command->stats, "Print one JSON object a second");
  sub->add_flag("--print-data", command->printData, "Print received messages as LABEL<TAB>MESSAGE");
  sub->footer(
      "Lines LABEL<TAB>MESSAGE on standard input are sent.\n"
      "Example:\n"
      "  rtcpub publish --server wss://robots.example:8267 --channel car-1 --video "
      "'test:?size=1280x720&fps=30' "
      "--data metric --data stream --print-data");
  sub->callback([command, &chosen] { chosen = [command] { return publish(*command); }; });
}

}  // namespace rtcpub::cli
