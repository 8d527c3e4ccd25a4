#include "sfu/transport/stream_framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kBinding{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
const Bytes kAllocate{0, 3, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

Bytes framed(const Bytes& datagram) {
  Bytes bytes{static_cast<std::uint8_t>(datagram.size() >> 8),
              static_cast<std::uint8_t>(datagram.size())};
  bytes.insert(bytes.end(), datagram.begin(), datagram.end());
  return bytes;
}

/// All datagrams of a stream that comes in pieces of `piece` bytes.
std::vector<Bytes> taken(FrameReader& reader, const Bytes& stream, Framing framing,
                         std::size_t piece) {
  std::vector<Bytes> datagrams;
  for (std::size_t at = 0; at < stream.size() && !reader.broken(); at += piece) {
    const auto room = reader.room();
    const std::size_t count = std::min(piece, stream.size() - at);
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, room.begin());
    reader.filled(count);
    while (const auto datagram = reader.next(framing)) {
      datagrams.emplace_back(datagram->begin(), datagram->end());
    }
  }
  return datagrams;
}

TEST(Recognize, TellsIceFromTurnAndGarbage) {
  EXPECT_EQ(recognize(framed(kBinding)), Opening::kIce);
  EXPECT_EQ(recognize(kAllocate), Opening::kTurn);
  EXPECT_EQ(recognize(kBinding), Opening::kTurn);
  EXPECT_EQ(recognize(framed(kAllocate)), Opening::kGarbage);
  EXPECT_EQ(recognize(Bytes(20, 0)), Opening::kGarbage);
  EXPECT_EQ(recognize(Bytes(9, 0)), Opening::kIncomplete);
  EXPECT_EQ(recognize({}), Opening::kIncomplete);
}

TEST(FrameReader, FindsDatagramsHoweverTheyAreCut) {
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    FrameReader reader;
    Bytes stream = framed(kBinding);
    const Bytes other = framed({128, 1, 2});
    stream.insert(stream.end(), other.begin(), other.end());
    EXPECT_EQ(taken(reader, stream, Framing::kIce, piece),
              (std::vector<Bytes>{kBinding, {128, 1, 2}}));
  }
}

TEST(FrameReader, LeavesThePaddingOfChannelDataAway) {
  for (const std::size_t piece : {1U, 5U, 1000U}) {
    FrameReader reader;
    Bytes stream{0x40, 0, 0, 3, 7, 8, 9, 0};
    stream.insert(stream.end(), kAllocate.begin(), kAllocate.end());
    EXPECT_EQ(taken(reader, stream, Framing::kTurn, piece),
              (std::vector<Bytes>{{0x40, 0, 0, 3, 7, 8, 9}, kAllocate}));
  }
}

TEST(FrameReader, TakesTheLargestFrameAndNoLarger) {
  FrameReader reader;
  const Bytes largest(FrameReader::kMaxFrame, 7);
  EXPECT_EQ(taken(reader, framed(largest), Framing::kIce, 1000), std::vector<Bytes>{largest});
  EXPECT_TRUE(
      taken(reader, framed(Bytes(FrameReader::kMaxFrame + 1, 7)), Framing::kIce, 1000).empty());
  EXPECT_TRUE(reader.broken());
}

TEST(FrameReader, BreaksOnWhatIsNoFrame) {
  const auto breaks = [](const Bytes& stream, Framing framing) {
    FrameReader reader;
    (void)taken(reader, stream, framing, 100);
    return reader.broken();
  };
  EXPECT_TRUE(breaks({0, 0, 1, 2}, Framing::kIce));
  EXPECT_TRUE(breaks({0x16, 3, 1, 2}, Framing::kTurn));  // not a multiple of four
  EXPECT_TRUE(breaks({0x80, 0, 0, 4}, Framing::kTurn));
  EXPECT_TRUE(breaks({0x50, 0, 0, 4}, Framing::kTurn));
  EXPECT_FALSE(breaks({0x40, 0, 0}, Framing::kTurn));
}

}  // namespace
}  // namespace rtcpub::sfu
