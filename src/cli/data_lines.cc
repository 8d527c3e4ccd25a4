#include "cli/data_lines.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <span>

namespace rtcpub::cli {

namespace {

/// How often it is looked whether standard input is empty, in ms: so exactly is known how old a
/// line may be.
constexpr int kWatchInterval = 20;
/// Whoever writes to standard input waits no longer.
constexpr std::chrono::nanoseconds kPatience = std::chrono::seconds(30);

/// How many messages may have come that aren't printed yet.
constexpr std::size_t kUnprinted = 16'384;

/// Milliseconds after which what runs in the background looks whether it still does.
constexpr int kBackgroundInterval = 500;

/// Whether it is a terminal whose lines are for the programs in its foreground, not for this one.
bool isOthersTerminal(int descriptor) {
  const pid_t foreground = tcgetpgrp(descriptor);
  return foreground != -1 && foreground != getpgrp();
}

/// How many bytes of standard input came; none while this program is in the background, which may
/// change: waits a little, or for `wake`. Nothing: there is no more.
std::optional<std::size_t> readSome(std::span<char> buffer, pollfd wake) {
  const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0 || !isOthersTerminal(STDIN_FILENO)) return std::nullopt;
  (void)poll(&wake, 1, kBackgroundInterval);
  return 0;
}

/// A file's lines are of no time.
bool isFile(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::optional<std::pair<std::string_view, std::string_view>> splitDataLine(std::string_view line) {
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  return std::pair(line.substr(0, tab), line.substr(tab + 1));
}

std::string dataLine(const std::string& label, const Message& message) {
  std::string line = label + "\t";
  if (message.binary) return line + "<" + std::to_string(message.data.size()) + " bytes>";
  for (const char c : message.data) {
    if (c == '\n') {
      line += "\\n";
    } else if (c != '\r') {
      line += c;
    }
  }
  return line;
}

bool anyLossy(const ChannelDescriptions& descriptions) {
  return std::ranges::any_of(descriptions, [](const DataChannelDescription& description) {
    return description.options.maxRetransmits || description.options.maxPacketLifeTimeMs;
  });
}

void addDataOption(CLI::App& app, ChannelDescriptions& descriptions) {
  app.option_defaults()->group("Data");
  app.add_option_function<std::vector<std::string>>(
         "--data",
         [&descriptions](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             auto description = parseDataChannel(text);
             if (!description) throw CLI::ValidationError("--data", description.error().message);
             descriptions.push_back(*std::move(description));
           }
         },
         "Open a data channel. LABEL alone is reliable and in order; for messages that are useless "
         "when late, such as commands, LABEL?ordered=false&life=MILLISECONDS or "
         "LABEL?retransmits=N. May be given several times")
      ->type_name("LABEL")
      ->allow_extra_args(false);
}

StdinSender::StdinSender(Channels channels, bool lossy, Command command)
    : channels_(std::move(channels)),
      lossy_(lossy),
      command_(std::move(command)),
      wake_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { read(); }) {
  pthread_setname_np(thread_.native_handle(), "rtcpub-stdin");
}

StdinSender::~StdinSender() {
  stop_.request_stop();
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void StdinSender::read() {
  // Who reads a terminal in the background is stopped, whole, unless it wants an error instead.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTTIN);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  LineSplitter lines(2 * kMaxMessageSize);
  std::array<char, 65536> buffer;
  std::array<pollfd, 2> waited{{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                {.fd = wake_, .events = POLLIN, .revents = 0}}};
  const bool live = lossy_ && !isFile(STDIN_FILENO);
  const int interval = live ? kWatchInterval : -1;
  // Nothing that will be read was written before. The clock is read before it is looked: this
  // program may stand still between the two.
  Time empty = monotonicNow();
  while (!stop_.stop_requested()) {
    Time before = monotonicNow();
    const int ready = poll(waited.data(), waited.size(), interval);
    if (ready == 0) empty = before;
    if (ready <= 0) continue;
    if (waited[1].revents != 0) return;
    before = monotonicNow();
    const auto count = readSome(buffer, waited[1]);
    if (!count) return;
    const Time since = live ? empty : before;
    if (*count < buffer.size()) empty = before;
    lines.feed(std::string_view(buffer.data(), *count), since);
    sendAll(lines);
  }
}

void StdinSender::sendAll(LineSplitter& lines) {
  while (const auto line = lines.next()) send(*line);
  if (lines.dropTooLong()) {
    complain("a line on standard input is longer than any message can be: dropped");
  }
}

void StdinSender::send(const LineSplitter::Line& line) {
  if (line.text.empty()) return;
  const auto parts = splitDataLine(line.text);
  if (!parts && command_ && line.text.starts_with(':')) return command_(line.text);
  if (!parts) {
    return complain("a line on standard input has no tab: write LABEL<TAB>MESSAGE");
  }
  const auto found = channels_.find(std::string(parts->first));
  if (found == channels_.end()) {
    return complain("there is no data channel '" + std::string(parts->first.substr(0, 128)) +
                    "': name it with --data");
  }
  put(found->first, found->second, line, parts->second);
}

void StdinSender::put(const std::string& label, DataChannel& channel,
                      const LineSplitter::Line& line, std::string_view message) {
  const bool stalled = stalled_.contains(label);
  const auto timeout = stalled ? std::chrono::nanoseconds(0) : kPatience;
  const Time began = monotonicNow();
  auto taken = channel.put(Message(message),
                           {.since = line.since, .timeout = timeout, .stop = stop_.get_token()});
  if (!taken) return complain(taken.error().message);
  if (*taken) {
    stalled_.erase(label);
  } else if (!stop_.stop_requested()) {
    if (!stalled) {
      if (monotonicNow() - began < kPatience) return;  // the connection has ended
      complain("data channel '" + label +
               "' has taken nothing for 30 s: now its oldest lines are dropped");
    }
    stalled_.insert(label);
    (void)channel.putNowait(Message(message));
  }
}

DataPrinter::DataPrinter(Channels& channels, Output& output) {
  for (auto& [label, channel] : channels) {
    threads_.emplace_back([label = label, inbox = channel.subscribe(kUnprinted),
                           &output](const std::stop_token& stop) mutable {
      while (auto message = inbox.get(stop)) output.line(dataLine(label, *message));
      if (const auto lost = inbox.dropped(); lost != 0) {
        complain("data channel '" + label + "': " + std::to_string(lost) +
                 " messages that came are not in the output, which was read too slowly");
      }
    });
  }
}

}  // namespace rtcpub::cli
