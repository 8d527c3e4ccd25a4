#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "cli/codec_advice.h"
#include "cli/command.h"
#include "cli/data_lines.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/reporter.h"
#include "cli/stop_signal.h"
#include "cli/video_recorder.h"
#include "cli/y4m_writer.h"
#include "rtcpub/subscriber.h"

namespace rtcpub::cli {
namespace {

struct SubscribeCommand {
  SubscriberOptions options;
  std::string video;
  std::string scale;  // empty: the first picture's size
  ChannelDescriptions channels;
  bool stats = false;
  bool printData = false;
  double durationS = 0;  // 0: until stopped
};

/// Where --video wants the pictures; nothing when they are only decoded and counted.
Result<std::optional<Y4mWriter>> openWriter(const SubscribeCommand& command) {
  const std::string& video = command.video;
  if (video.empty() || video == "none") return std::nullopt;
  auto sink = ByteSink::open(video == "-" ? "-" : video.substr(video.find(':') + 1));
  if (!sink) return tl::unexpected(sink.error());
  return Y4mWriter(*std::move(sink), parsePictureSize(command.scale));
}

std::string checkScale(const std::string& scale) {
  if (parsePictureSize(scale)) return {};
  return "'" + scale + "' is no size: write WIDTHxHEIGHT, both even, as 640x360";
}

std::string checkVideo(const std::string& video) {
  if (video == "none" || video == "-" || (video.starts_with("y4m:") && video.size() > 4)) return {};
  return "'" + video + "' is not possible: write none, y4m:FILE or -";
}

/// Asks for the end when the time is up.
std::jthread startTimer(double seconds, StopSignal& stop) {
  if (seconds <= 0) return {};
  return std::jthread([seconds, &stop](const std::stop_token& cancelled) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, cancelled, std::chrono::duration<double>(seconds),
                                           [] { return false; });
    if (!cancelled.stop_requested()) stop.request();
  });
}

Result<Subscriber> makeSubscriber(const SubscribeCommand& command, Channels& channels) {
  auto subscriber = Subscriber::create(command.options);
  if (!subscriber) return subscriber;
  for (const auto& description : command.channels) {
    if (auto added = addChannel(*subscriber, description, channels); !added) {
      return tl::unexpected(added.error());
    }
  }
  return subscriber;
}

int subscribe(const SubscribeCommand& command) {
  warnIfInsecure(command.options);
  StopSignal stop;
  Output output;
  Channels channels;
  auto writer = openWriter(command);
  if (!writer) {
    complain(writer.error().message);
    return 1;
  }
  auto subscriber = makeSubscriber(command, channels);
  if (!subscriber) {
    complain(subscriber.error().message);
    return 1;
  }
  Result<void> outcome;
  std::optional<Error> failure;
  {
    const std::jthread timer = startTimer(command.durationS, stop);
    std::optional<VideoRecorder> recorder;
    if (*writer) {
      recorder.emplace(**std::move(writer), subscriber->video(), [&] { stop.request(); });
    }
    const MismatchPrinter mismatch(
        subscriber->states(), [&] { return subscriber->stats(); },
        [&](const CodecMismatch& found) { return adviceTo(command.options, found); });
    const Reporter reporter([&] { return subscriber->stats(); }, command.stats, output);
    const StdinSender sender(channels, anyLossy(command.channels));
    Channels printed = command.printData ? channels : Channels();
    const DataPrinter printer(printed, output);
    outcome = subscriber->run(stop.token());
    if (recorder) failure = recorder->failure();
  }
  if (!outcome) failure = outcome.error();
  if (!failure) return 0;
  complain(failure->message);
  return 1;
}

}  // namespace

void addSubscribe(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<SubscribeCommand>();
  addConnectionOptions(sub, command->options);
  sub.option_defaults()->group("Video");
  sub.add_option("--video", command->video,
                 "Where to write the decoded video: y4m:FILE, - (y4m on standard output), or none "
                 "(don't receive video). The frame rate is that of the stream's first second. "
                 "Default: decode, count and discard")
      ->option_text("WHERE")
      ->check(checkVideo);
  sub.add_option(
         "--scale", command->scale,
         "Scale what --video writes to this size, with black bars if the shape differs. Default: "
         "the size of the first frame")
      ->option_text("WIDTHxHEIGHT")
      ->check(checkScale);
  addCodecOption(sub, command->options.codec, "Receive only this codec: h264, vp8 or vp9");
  addDataOption(sub, command->channels);
  sub.add_flag("--print-data", command->printData, "Print received messages as LABEL<TAB>MESSAGE");
  sub.option_defaults()->group("Options");
  sub.add_flag("--stats", command->stats, "Print statistics, one JSON object a second");
  sub.add_option("--duration", command->durationS, "Exit after this many seconds")
      ->option_text("SECONDS")
      ->check(CLI::PositiveNumber);
  sub.footer(
      "Standard input: a line LABEL<TAB>MESSAGE sends the message.\n\n"
      "Examples:\n"
      "  rtcpub subscribe --server wss://robots.example --channel car-1 --data metric "
      "--print-data\n"
      "  rtcpub subscribe --server wss://robots.example --channel car-1 --video - | ffplay -");
  sub.callback([command, &chosen] {
    if (command->video == "-" && (command->stats || command->printData)) {
      throw CLI::ValidationError(
          "--video", "- needs standard output for itself: leave out --stats and --print-data");
    }
    if (!command->scale.empty() && (command->video.empty() || command->video == "none")) {
      throw CLI::ValidationError("--scale",
                                 "needs pictures that are written: add --video y4m:FILE");
    }
    command->options.video = command->video != "none";
    chosen = [command] { return subscribe(*command); };
  });
}

}  // namespace rtcpub::cli
