#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cli/output.h"
#include "rtcpub/data_channel.h"

/// Data channels as lines of text: `LABEL<TAB>MESSAGE`.
namespace rtcpub::cli {

using Channels = std::map<std::string, DataChannel>;

/// A line's label and message; nothing when there is no tab in it.
std::optional<std::pair<std::string_view, std::string_view>> splitDataLine(std::string_view line);

/// The line for a message that came: line breaks in it are shown as `\n`, bytes as their number.
std::string dataLine(const std::string& label, const Message& message);

/// Sends the lines of standard input until it ends; those that begin with ':' and have no tab are
/// commands.
/// Runs on: a thread of its own.
class StdinSender {
 public:
  using Command = std::function<void(std::string_view line)>;

  /// Without a command there are none: such a line is refused like any other without a tab.
  explicit StdinSender(Channels channels, Command command = {});
  ~StdinSender();
  StdinSender(const StdinSender&) = delete;
  StdinSender& operator=(const StdinSender&) = delete;

 private:
  void read();
  void send(std::string_view line);

  Channels channels_;
  const Command command_;
  int wake_;
  std::thread thread_;
};

/// Prints what arrives on the channels.
/// Runs on: a thread for each channel.
class DataPrinter {
 public:
  DataPrinter(Channels& channels, Output& output);

 private:
  std::vector<std::jthread> threads_;
};

}  // namespace rtcpub::cli
