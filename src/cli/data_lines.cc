#include "cli/data_lines.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>

namespace rtcpub::cli {

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

StdinSender::StdinSender(Channels channels, Command command)
    : channels_(std::move(channels)),
      command_(std::move(command)),
      wake_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { read(); }) {
  pthread_setname_np(thread_.native_handle(), "rtcpub-stdin");
}

StdinSender::~StdinSender() {
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void StdinSender::read() {
  std::string pending;
  std::array<char, 65536> buffer;
  std::array<pollfd, 2> waited{{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                {.fd = wake_, .events = POLLIN, .revents = 0}}};
  while (true) {
    if (poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited[1].revents != 0) return;
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count <= 0) return;
    pending.append(buffer.data(), static_cast<std::size_t>(count));
    std::size_t start = 0;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', start)) {
      send(std::string_view(pending).substr(start, end - start));
      start = end + 1;
    }
    pending.erase(0, start);
    if (pending.size() > 2 * kMaxMessageSize) {
      complain("a line on standard input is longer than any message can be: dropped");
      pending.clear();
    }
  }
}

void StdinSender::send(std::string_view line) {
  if (line.empty()) return;
  const auto parts = splitDataLine(line);
  if (!parts && command_ && line.starts_with(':')) return command_(line);
  if (!parts) {
    return complain("a line on standard input has no tab: write LABEL<TAB>MESSAGE");
  }
  const auto found = channels_.find(std::string(parts->first));
  if (found == channels_.end()) {
    return complain("there is no data channel '" + std::string(parts->first.substr(0, 128)) +
                    "': name it with --data");
  }
  if (auto put = found->second.putNowait(Message(parts->second)); !put) {
    complain(put.error().message);
  }
}

DataPrinter::DataPrinter(Channels& channels, Output& output) {
  for (auto& [label, channel] : channels) {
    threads_.emplace_back(
        [label = label, inbox = channel.subscribe(), &output](const std::stop_token& stop) mutable {
          while (auto message = inbox.get(stop)) output.line(dataLine(label, *message));
        });
  }
}

}  // namespace rtcpub::cli
