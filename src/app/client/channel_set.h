#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/client/data_channel.h"
#include "peer/peer.h"

namespace rtcpub {

/// The data channels of one client, by label. They are added before it runs; after that the set
/// does not change, so that any thread may look a label up.
class ChannelSet {
 public:
  /// Errors: kInvalidArgument (label empty, too long, reserved or taken; options that exclude each
  /// other).
  Result<DataChannel> add(const std::string& label, const DataChannelOptions& options);

  /// Asks the peer connection for all of them.
  Result<void> openOn(peer::Peer& peer) const;

  /// Null when there is none of that label.
  [[nodiscard]] DataChannel::Impl* find(const std::string& label) const;

  /// The labels of those on which every viewer may send.
  [[nodiscard]] std::vector<std::string> openToViewers() const;

  /// Whether the media path carries anything.
  void setPathUp(bool up);
  /// Whether reliable messages wait until the other side is back.
  void setHeld(bool held);
  /// Nothing is handed out any more.
  void disconnectAll();
  /// What was handed out is told of no more.
  void onConnectionGone();
  void endSending();
  void closeAll();
  [[nodiscard]] std::map<std::string, DataStats> stats() const;

 private:
  std::map<std::string, std::shared_ptr<DataChannel::Impl>> channels_;
};

}  // namespace rtcpub
