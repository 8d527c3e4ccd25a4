#include <algorithm>
#include <cstdint>
#include <span>

#include "fuzz_input.h"
#include "sfu/transport/stream_framing.h"

// The first bytes of a TCP connection, and what follows, cut into pieces as the input says. No
// datagram may be larger than a frame, and what came in whole must come out.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rtcpub::sfu::FrameReader;
  using rtcpub::sfu::Framing;
  using rtcpub::sfu::Opening;
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];
  const std::span<const std::uint8_t> stream(data + 1, size - 1);
  const Opening opening = rtcpub::sfu::recognize(stream);
  require(stream.size() >= 10 || opening == Opening::kIncomplete);
  for (const Framing framing : {Framing::kIce, Framing::kTurn}) {
    FrameReader reader;
    std::size_t given = 0;
    std::size_t taken = 0;
    while (given < stream.size() && !reader.broken()) {
      const auto room = reader.room();
      require(!room.empty());
      const std::size_t count = std::min({piece, room.size(), stream.size() - given});
      std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(given), count, room.begin());
      reader.filled(count);
      given += count;
      while (const auto datagram = reader.next(framing)) {
        require(datagram->size() <= FrameReader::kMaxFrame + 2);
        taken += datagram->size();
      }
    }
    require(taken <= given);
  }
  return 0;
}
