#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rtcpub/data_channel.h"
#include "rtcpub/result.h"

namespace rtcpub::sfu {

/// A data channel's number in SCTP (RFC 8831 section 6.4).
using StreamId = std::uint16_t;

/// The data channels of one client, whoever opened them (RFC 8832). Pure.
class ChannelTable {
 public:
  static constexpr std::size_t kMaxChannels = 64;
  static constexpr std::size_t kMaxLabel = 128;  ///< bytes, of label and protocol

  struct Channel {
    StreamId id = 0;
    std::string label;
    DataChannelOptions options;
    /// The peer knows of it: before, everything is sent in order (RFC 8832 section 6).
    bool acknowledged = false;
    bool byPeer = false;
  };

  /// The DTLS server opens channels with odd numbers, the client with even ones.
  explicit ChannelTable(bool dtlsServer);

  /// The peer opened a channel. A number that is in use already is the peer's from now on. An error
  /// (kProtocol) says why the channel should be closed.
  [[nodiscard]] Result<void> onOpened(StreamId id, std::string label, DataChannelOptions options);
  void onAcknowledged(StreamId id);
  void onClosed(StreamId id);
  void clear() { channels_.clear(); }

  /// Finds a number for a channel of our own. Nothing if there are too many.
  [[nodiscard]] const Channel* open(std::string_view label, const DataChannelOptions& options);

  /// The channel to send on: the one opened last.
  [[nodiscard]] const Channel* byLabel(std::string_view label) const;
  [[nodiscard]] const Channel* byId(StreamId id) const;
  [[nodiscard]] bool openedByPeer(std::string_view label) const;
  [[nodiscard]] const std::vector<Channel>& all() const { return channels_; }

 private:
  std::vector<Channel> channels_;
  StreamId next_;  // goes on: the last channel of a number may still be closing
};

}  // namespace rtcpub::sfu
