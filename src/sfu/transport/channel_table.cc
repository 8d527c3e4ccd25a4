#include "sfu/transport/channel_table.h"

#include <algorithm>
#include <utility>

#include "core/text/text.h"

namespace rtcpub::sfu {
namespace {

/// Numbers of our own begin here. aiortc takes odd numbers whatever its DTLS role is: far from its
/// first ones two channels don't meet.
constexpr StreamId kFirstOwn = 100;
/// Clients allow 1,024 streams.
constexpr StreamId kMaxId = 1023;
constexpr StreamId kOwnIds = (kMaxId - kFirstOwn) / 2 + 1;

}  // namespace

ChannelTable::ChannelTable(bool dtlsServer)
    : next_(static_cast<StreamId>(dtlsServer ? kFirstOwn + 1 : kFirstOwn)) {}

Result<void> ChannelTable::onOpened(StreamId id, std::string label, DataChannelOptions options) {
  onClosed(id);
  if (channels_.size() >= kMaxChannels) {
    return fail(ErrorCode::kProtocol,
                "is one too many: a client may have " + std::to_string(kMaxChannels));
  }
  if (label.size() > kMaxLabel || options.protocol.size() > kMaxLabel) {
    return fail(ErrorCode::kProtocol,
                "has a label or protocol of more than " + std::to_string(kMaxLabel) + " bytes");
  }
  // RFC 8832 section 5.1.
  if (!text::isUtf8(label) || !text::isUtf8(options.protocol)) {
    return fail(ErrorCode::kProtocol, "has a label or protocol that is not UTF-8");
  }
  channels_.push_back({.id = id,
                       .label = std::move(label),
                       .options = std::move(options),
                       .acknowledged = true,
                       .byPeer = true});
  return {};
}

void ChannelTable::onAcknowledged(StreamId id) {
  for (auto& channel : channels_) {
    if (channel.id == id) channel.acknowledged = true;
  }
}

void ChannelTable::onClosed(StreamId id) {
  std::erase_if(channels_, [id](const Channel& channel) { return channel.id == id; });
}

const ChannelTable::Channel* ChannelTable::open(std::string_view label,
                                                const DataChannelOptions& options) {
  if (channels_.size() >= kMaxChannels || label.size() > kMaxLabel) return nullptr;
  for (StreamId tries = 0; tries < kOwnIds; ++tries) {
    const StreamId id = next_;
    next_ = static_cast<StreamId>(next_ + 2 > kMaxId ? kFirstOwn + next_ % 2 : next_ + 2);
    if (byId(id) != nullptr) continue;
    channels_.push_back({.id = id, .label = std::string(label), .options = options});
    return &channels_.back();
  }
  return nullptr;
}

const ChannelTable::Channel* ChannelTable::byLabel(std::string_view label) const {
  const auto found = std::find_if(channels_.rbegin(), channels_.rend(),
                                  [&](const Channel& channel) { return channel.label == label; });
  return found == channels_.rend() ? nullptr : &*found;
}

const ChannelTable::Channel* ChannelTable::byId(StreamId id) const {
  const auto found = std::find_if(channels_.begin(), channels_.end(),
                                  [id](const Channel& channel) { return channel.id == id; });
  return found == channels_.end() ? nullptr : &*found;
}

bool ChannelTable::openedByPeer(std::string_view label) const {
  return std::any_of(channels_.begin(), channels_.end(), [&](const Channel& channel) {
    return channel.byPeer && channel.label == label;
  });
}

}  // namespace rtcpub::sfu
