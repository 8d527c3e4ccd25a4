#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/sctp_packet.h"
#include "engine/stale_chunks.h"
#include "fuzz_input.h"
#include "sfu/transport/receive_window.h"

// Packets of a peer's and of an SCTP socket's, one after the other; each is told how long it is by
// two bytes before. Neither class may make a packet longer, and the room told is never more than
// the socket's own word.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using std::chrono::milliseconds;
  rtcpub::engine::StaleChunks stale;
  rtcpub::sfu::ReceiveWindow window(1 << 20);
  rtcpub::Time now{milliseconds(1000)};
  while (size > 3) {
    const std::size_t length = std::min<std::size_t>(data[0] << 8 | data[1], size - 3);
    const std::uint8_t kind = data[2];
    std::vector<std::uint8_t> packet(data + 3, data + 3 + length);
    data += 3 + length;
    size -= 3 + length;
    now += milliseconds(kind);
    if (kind % 4 == 0) {
      stale.onReceived(packet);
    } else if (kind % 4 == 1) {
      stale.onSend(kind, packet, now + milliseconds(10));
    } else {
      (void)window.apply(packet, kind * std::size_t{1000});
      require(packet.size() == length);
      (void)stale.remove(packet, now);
      require(packet.size() <= length);
      (void)window.update(kind * std::size_t{2000});
    }
  }
  return 0;
}
