#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cli/line_splitter.h"
#include "cli/output.h"
#include "rtcpub/data_channel.h"

/// Data channels as lines of text: `LABEL<TAB>MESSAGE`.
namespace rtcpub::cli {

using Channels = std::map<std::string, DataChannel>;

/// A line's label and message; nothing when there is no tab in it.
std::optional<std::pair<std::string_view, std::string_view>> splitDataLine(std::string_view line);

/// The line for a message that came: line breaks in it are shown as `\n`, bytes as their number.
std::string dataLine(const std::string& label, const Message& message);

/// What `--data` names, with its channel's options.
using ChannelDescriptions = std::vector<DataChannelDescription>;

/// The option that names data channels.
void addDataOption(CLI::App& app, ChannelDescriptions& descriptions);

/// Whether one of the channels may lose messages.
bool anyLossy(const ChannelDescriptions& descriptions);

/// Adds a channel to a publisher or subscriber and to `channels`.
template <class Client>
Result<void> addChannel(Client& client, const DataChannelDescription& description,
                        Channels& channels) {
  auto channel = client.addDataChannel(description.label, description.options);
  if (!channel) return tl::unexpected(channel.error());
  channels.emplace(description.label, *channel);
  return {};
}

/// Sends the lines of standard input until it ends; those that begin with ':' and have no tab are
/// commands. It is read no faster than reliable channels take lines. What waited in a pipe while
/// this program stood still is as old as it may be, and dropped by channels that have a limit.
/// Runs on: a thread of its own.
class StdinSender {
 public:
  using Command = std::function<void(std::string_view line)>;

  /// `lossy` says whether any of the channels may lose messages. Without a command there are none:
  /// such a line is refused like any other without a tab.
  StdinSender(Channels channels, bool lossy, Command command = {});
  ~StdinSender();
  StdinSender(const StdinSender&) = delete;
  StdinSender& operator=(const StdinSender&) = delete;

 private:
  void read();
  void sendAll(LineSplitter& lines);
  void send(const LineSplitter::Line& line);
  void put(const std::string& label, DataChannel& channel, const LineSplitter::Line& line,
           std::string_view message);

  Channels channels_;
  const bool lossy_;
  const Command command_;
  std::set<std::string, std::less<>> stalled_;  ///< channels that took nothing for long
  std::stop_source stop_;
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
