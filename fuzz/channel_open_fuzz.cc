// What a peer says of its data channels (RFC 8832), as a row of messages: kind, stream, length in
// two bytes, the message. There are never more channels than are taken, and none with longer names.
#include <pc/sctp_utils.h>
#include <rtc_base/copy_on_write_buffer.h>

#include <algorithm>
#include <span>
#include <string>

#include "fuzz_input.h"
#include "sfu/transport/channel_table.h"

namespace {

using rtcpub::sfu::ChannelTable;

void open(ChannelTable& table, std::uint16_t stream, const rtc::CopyOnWriteBuffer& buffer) {
  std::string label;
  webrtc::DataChannelInit init;
  if (!webrtc::IsOpenMessage(buffer) ||
      !webrtc::ParseDataChannelOpenMessage(buffer, &label, &init)) {
    return;
  }
  const auto opened = table.onOpened(
      stream, label, {.ordered = init.ordered, .protocol = std::move(init.protocol)});
  if (!opened) return;
  const auto* channel = table.byId(stream);
  require(channel != nullptr && channel->label == label && channel->byPeer);
  require(table.openedByPeer(label));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> rest(data, size);
  ChannelTable table(size % 2 == 0);
  while (rest.size() > 4) {
    const std::uint16_t stream = rest[1];
    const std::size_t length = std::min<std::size_t>(rest[2] << 8 | rest[3], rest.size() - 4);
    const auto message = rest.subspan(4, length);
    switch (rest[0] % 4) {
      case 0:
        open(table, stream, rtc::CopyOnWriteBuffer(message.data(), message.size()));
        break;
      case 1:
        table.onAcknowledged(stream);
        break;
      case 2:
        table.onClosed(stream);
        break;
      default:
        (void)table.open(asText(message.data(), message.size()), {});
    }
    require(table.all().size() <= ChannelTable::kMaxChannels);
    for (const auto& channel : table.all()) {
      require(!channel.byPeer || channel.label.size() <= ChannelTable::kMaxLabel);
    }
    rest = rest.subspan(4 + length);
  }
  return 0;
}
