#include "app/client/channel_set.h"

#include <string_view>

#include "core/data/label.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

Result<void> check(const std::string& label, const DataChannelOptions& options) {
  if (label.empty() || label.size() > kMaxLabelBytes) {
    return fail(ErrorCode::kInvalidArgument, "a data channel's label has 1 to " +
                                                 std::to_string(kMaxLabelBytes) + " bytes, not " +
                                                 std::to_string(label.size()));
  }
  if (!text::isUtf8(label) || !text::isUtf8(options.protocol)) {
    return fail(ErrorCode::kInvalidArgument,
                "data channel " + text::quote(label) + ": label and protocol are UTF-8 (RFC 8832)");
  }
  if (isReservedLabel(label)) {
    return fail(ErrorCode::kInvalidArgument,
                "the label '" + label + "' is reserved: choose one that does not begin with '" +
                    std::string(kReservedPrefix) + "'");
  }
  if (options.maxRetransmits && options.maxPacketLifeTimeMs) {
    return fail(
        ErrorCode::kInvalidArgument,
        "data channel '" + label + "': set maxRetransmits or maxPacketLifeTimeMs, not both");
  }
  for (const auto& limit : {options.maxRetransmits, options.maxPacketLifeTimeMs}) {
    if (limit && (*limit < 0 || *limit > 65535)) {
      return fail(
          ErrorCode::kInvalidArgument,
          "data channel '" + label + "': a limit is 0 to 65535, not " + std::to_string(*limit));
    }
  }
  return {};
}

}  // namespace

Result<DataChannel> ChannelSet::add(const std::string& label, const DataChannelOptions& options) {
  if (auto checked = check(label, options); !checked) return tl::unexpected(checked.error());
  const auto [place, added] = channels_.try_emplace(label);
  if (!added) {
    return fail(ErrorCode::kInvalidArgument, "there is a data channel '" + label + "' already");
  }
  place->second = std::make_shared<DataChannel::Impl>(label, options);
  return DataChannel(place->second);
}

Result<void> ChannelSet::openOn(peer::Peer& peer) const {
  for (const auto& [label, channel] : channels_) {
    if (auto added = peer.addChannel(label, channel->options()); !added) return added;
  }
  return {};
}

DataChannel::Impl* ChannelSet::find(const std::string& label) const {
  const auto found = channels_.find(label);
  return found == channels_.end() ? nullptr : found->second.get();
}

std::vector<std::string> ChannelSet::openToViewers() const {
  std::vector<std::string> labels;
  for (const auto& [label, channel] : channels_) {
    if (channel->options().viewersMaySend) labels.push_back(label);
  }
  return labels;
}

void ChannelSet::setPathUp(bool up) {
  for (const auto& [label, channel] : channels_) channel->setPathUp(up, monotonicNow());
}

void ChannelSet::disconnectAll() {
  for (const auto& [label, channel] : channels_) channel->disconnect(monotonicNow());
}

void ChannelSet::setHeld(bool held) {
  for (const auto& [label, channel] : channels_) channel->setHeld(held, monotonicNow());
}

void ChannelSet::onConnectionGone() {
  for (const auto& [label, channel] : channels_) channel->onConnectionGone(monotonicNow());
}

void ChannelSet::endSending() {
  for (const auto& [label, channel] : channels_) channel->endSending();
}

void ChannelSet::closeAll() {
  for (const auto& [label, channel] : channels_) channel->close();
}

std::map<std::string, DataStats> ChannelSet::stats() const {
  std::map<std::string, DataStats> all;
  for (const auto& [label, channel] : channels_) all.emplace(label, channel->stats(monotonicNow()));
  return all;
}

}  // namespace rtcpub
