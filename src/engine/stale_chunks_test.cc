#include "engine/stale_chunks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "engine/sctp_packet.h"

namespace rtcpub::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kWhole = 3;
constexpr std::uint8_t kFirst = 2;
constexpr std::uint8_t kLast = 1;

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void append32(Bytes& out, std::uint32_t value) {
  out.resize(out.size() + 4);
  sctp::write32(out, out.size() - 4, value);
}

void appendData(Bytes& packet, std::uint32_t tsn, std::uint16_t stream, std::string_view payload,
                std::uint8_t flags = kWhole) {
  append32(packet, static_cast<std::uint32_t>(flags) << 16 |
                       static_cast<std::uint32_t>(16 + payload.size()));
  append32(packet, tsn);
  append32(packet, static_cast<std::uint32_t>(stream) << 16);
  append32(packet, 51);
  packet.insert(packet.end(), payload.begin(), payload.end());
  packet.resize((packet.size() + 3) / 4 * 4);
}

Bytes header() { return Bytes(sctp::kHeaderSize, 0); }

Bytes sack(std::uint32_t tsn) {
  Bytes packet = header();
  append32(packet, 3 << 24 | 16);
  append32(packet, tsn);
  append32(packet, 1000);
  append32(packet, 0);
  return packet;
}

std::vector<std::uint32_t> tsns(const Bytes& packet) {
  std::vector<std::uint32_t> found;
  for (auto chunk = sctp::chunkAt(packet, sctp::kHeaderSize); chunk;
       chunk = sctp::chunkAt(packet, chunk->offset + chunk->size)) {
    if (chunk->type == sctp::kData) found.push_back(sctp::read32(chunk->body, 0));
  }
  return found;
}

/// One socket's chunks, its first TSN just before the numbers wrap.
class StaleChunksTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kTsn = 0xFFFFFFFF;

  void command(std::string_view payload, std::chrono::milliseconds life, std::uint16_t stream = 1) {
    chunks_.onSend(stream, bytes(payload), now_ + life);
  }
  void reliable(std::string_view payload, std::uint16_t stream = 1) {
    chunks_.onSend(stream, bytes(payload), std::nullopt);
  }
  void first(std::uint32_t tsn, std::string_view payload, std::uint16_t stream = 1,
             std::uint8_t flags = kWhole) {
    Bytes packet = header();
    appendData(packet, tsn, stream, payload, flags);
    EXPECT_FALSE(chunks_.remove(packet, now_));
    EXPECT_THAT(tsns(packet), ElementsAre(tsn));
  }
  std::vector<std::uint32_t> again(std::vector<std::uint32_t> numbers) {
    Bytes packet = header();
    for (const auto tsn : numbers) appendData(packet, tsn, 1, "odd");
    (void)chunks_.remove(packet, now_);
    return tsns(packet);
  }

  StaleChunks chunks_;
  Time now_{10s};
};

TEST_F(StaleChunksTest, PassesWhatIsStillAlive) {
  command("left", 300ms);
  first(kTsn, "left");
  now_ += 299ms;
  EXPECT_THAT(again({kTsn}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, TakesOutWhatHasOutlivedItsLifeBehindAReliableMessage) {
  first(kTsn, "reliable", 2);
  command("left", 300ms);
  first(kTsn + 1, "left");
  command("right", 2000ms);
  first(kTsn + 2, "right");
  now_ += 60s;
  EXPECT_THAT(again({kTsn, kTsn + 1, kTsn + 2}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, TellsReliableMessagesOfTheSameStream) {
  reliable("reliable");
  command("limited", 10ms);
  first(kTsn, "reliable");
  first(kTsn + 1, "limited");
  now_ += 1s;
  EXPECT_THAT(again({kTsn, kTsn + 1}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, TellsTwinsByTheirOrder) {
  reliable("forward");
  command("forward", 100ms);
  reliable("forward");
  for (std::uint32_t i = 0; i < 3; ++i) first(kTsn + i, "forward");
  now_ += 1s;
  EXPECT_THAT(again({kTsn, kTsn + 1, kTsn + 2}), ElementsAre(kTsn, kTsn + 2));
}

TEST_F(StaleChunksTest, TakesNoReliableMessageForItsTwinThatWasDroppedUnsent) {
  command("forward", 100ms);
  reliable("forward");
  now_ += 200ms;
  first(kTsn, "forward");
  now_ += 1s;
  EXPECT_THAT(again({kTsn}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, KnowsAllPartsOfAMessage) {
  command("0123456789", 100ms);
  first(kTsn, "01234", 1, kFirst);
  first(kTsn + 1, "567", 1, 0);
  first(kTsn + 2, "89", 1, kLast);
  first(kTsn + 3, "reliable");
  now_ += 1s;
  EXPECT_THAT(again({kTsn, kTsn + 1, kTsn + 2, kTsn + 3}), ElementsAre(kTsn + 3));
  EXPECT_THAT(again({kTsn + 1}), IsEmpty());
}

TEST_F(StaleChunksTest, ForgetsWhatIsAcknowledged) {
  command("left", 100ms);
  first(kTsn, "left");
  chunks_.onReceived(sack(kTsn));
  now_ += 1s;
  EXPECT_THAT(again({kTsn}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, LeavesAnAcknowledgementOfWhatWasNeverSentAlone) {
  command("left", 100ms);
  first(kTsn, "left");
  chunks_.onReceived(sack(kTsn + 1));
  now_ += 1s;
  EXPECT_THAT(again({kTsn}), IsEmpty());
}

TEST_F(StaleChunksTest, HoldsNothingBackForEver) {
  command("twin", 100ms);
  first(kTsn, "twin");
  now_ += 6min;
  EXPECT_THAT(again({kTsn}), ElementsAre(kTsn));
}

TEST_F(StaleChunksTest, TakesMalformedPackets) {
  Bytes packet = header();
  append32(packet, 2);  // shorter than its own header
  EXPECT_FALSE(chunks_.remove(packet, now_));
  packet = header();
  append32(packet, 100);  // beyond the end
  EXPECT_FALSE(chunks_.remove(packet, now_));
  command("left", 100ms);
  first(kTsn, "left");
  packet = header();
  append32(packet, 3 << 24 | 4);
  chunks_.onReceived(packet);
  chunks_.onReceived({});
}

TEST(SctpPacket, ComputesTheChecksum) {
  // RFC 3720 appendix B.4: 32 bytes of zeros give 8A9136AA, least significant byte first.
  Bytes packet(32, 0);
  sctp::setChecksum(packet);
  EXPECT_EQ(sctp::read32(packet, 8), 0xAA36918A);
}

}  // namespace
}  // namespace rtcpub::engine
