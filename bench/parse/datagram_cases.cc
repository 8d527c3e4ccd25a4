#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "parse/cases.h"
#include "sfu/router/rtp_packet.h"
#include "sfu/transport/channel_table.h"
#include "sfu/transport/ice_agent.h"
#include "sfu/transport/outlet.h"
#include "sfu/transport/rtcp.h"
#include "sfu/transport/stream_framing.h"
#include "sfu/transport/turn/turn_server.h"

namespace rtcpub::bench {
namespace {

using namespace rtcpub::sfu;
using Bytes = std::span<const std::uint8_t>;

Bytes bytesOf(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string big16(std::size_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value)};
}

const Endpoint kFrom{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7}, 4000, 0};

/// A message of a type, with as many attributes as a datagram of the size holds.
std::string stunMessage(std::size_t type, std::size_t size, const std::string& attribute) {
  const std::string attributes = repeated(attribute, std::min<std::size_t>(size, 65'000) - 20);
  return big16(type) + big16(attributes.size()) + "\x21\x12\xA4\x42" + std::string(12, 'i') +
         attributes;
}

bool checkIce(const std::string& text) {
  static const IceAgent kAgent({"serverufrag0", "serverpasswordserverpass"});
  return kAgent.handle(bytesOf(text), kFrom).valid;
}

struct Nobody final : DatagramInput, DatagramOutput {
  void deliver(Bytes /*datagram*/, const Path& /*path*/, Time /*now*/) override {}
  void send(const Path& /*path*/, Bytes /*datagram*/) override {}
};

bool askTurn(const std::string& text) {
  static const TurnSecret kSecret("a secret of the bench's");
  static Nobody nobody;
  static Outlet outlet;
  static TurnServer server(kSecret, nobody, outlet);
  server.onDatagram(bytesOf(text), {kFrom, kFrom.ip, 0}, nobody, Time{std::chrono::seconds(1000)});
  return true;
}

class Ignored final : public RtcpEvents {
 public:
  void onNack(std::uint32_t /*ssrc*/, std::span<const std::uint16_t> numbers) override {
    seen += numbers.size();
  }
  void onPictureLost() override { ++seen; }
  void onSenderReport(std::uint32_t /*ssrc*/, std::uint64_t /*ntp*/,
                      std::uint32_t /*rtpTimestamp*/) override {
    ++seen;
  }
  void onReportBlock(std::uint32_t /*ssrc*/, std::uint32_t /*lastSr*/,
                     std::uint32_t /*delay*/) override {
    ++seen;
  }
  void onTransportFeedback(const webrtc::rtcp::TransportFeedback& feedback) override {
    seen += feedback.GetPacketStatusCount();
  }
  std::size_t seen = 0;
};

bool readRtcp(const std::string& text) {
  Ignored events;
  parseRtcp(bytesOf(text), events);
  return events.seen > 0;
}

/// One RTCP packet: its type, its format, and its body in words of four bytes.
std::string rtcp(int type, int format, const std::string& body) {
  return std::string(1, static_cast<char>(0x80 | format)) + static_cast<char>(type) +
         big16(body.size() / 4) + body;
}

const std::string kSources(8, '\1');

std::string nack(std::size_t size) {
  const std::size_t room = std::min<std::size_t>(size, 200'000);
  return rtcp(205, 1, kSources + repeated(std::string("\1\2\xFF\xFF", 4), room - 12));
}

/// Packets of feedback that tell of as many lost packets as their lengths allow.
std::string emptyFeedback(std::size_t size) {
  std::string body = kSources + big16(0) + big16(65'535) + std::string("\0\0\1\0", 4);
  for (int i = 0; i < 8; ++i) body += big16(8191);  // a run of packets that didn't come
  body += big16(7);
  body.resize((body.size() + 3) / 4 * 4);
  return repeated(rtcp(205, 15, body), size);
}

std::string receiverReports(std::size_t size) {
  return repeated(rtcp(201, 31, std::string(4, '\1') + std::string(31 * 24, '\2')), size);
}

std::string padded(std::string text) {
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}

std::string sourceDescriptions(std::size_t size) {
  return repeated(rtcp(202, 1, padded(std::string(4, '\1') + "\1\4name")), size);
}

/// A packet with header extensions of one byte each.
std::string rtp(std::size_t size) {
  const std::size_t words = std::min<std::size_t>(size, kMaxRtpSize) / 4 - 4;
  return std::string("\x90\x60\0\1\0\0\0\1\0\0\0\1", 12) + "\xBE\xDE" + big16(words) +
         repeated(std::string("\x10\1\x20\2", 4), words * 4);
}

bool readRtp(const std::string& text) {
  const auto packet = RtpPacket::parse(bytesOf(text));
  return packet.has_value();
}

bool readStream(const std::string& text) {
  FrameReader reader;
  std::size_t frames = 0;
  for (auto rest = bytesOf(text); !rest.empty();) {
    const auto room = reader.room();
    const auto taken = rest.first(std::min(room.size(), rest.size()));
    std::copy(taken.begin(), taken.end(), room.begin());
    reader.filled(taken.size());
    rest = rest.subspan(taken.size());
    while (reader.next(Framing::kIce)) ++frames;
    if (reader.broken()) return false;
  }
  return frames > 0;
}

/// As many channels as fit into such a length, one after the other, under all numbers.
bool openChannels(const std::string& text) {
  ChannelTable table(true);
  for (std::size_t i = 0; i < text.size() / ChannelTable::kMaxLabel; ++i) {
    (void)table.onOpened(static_cast<StreamId>(i % 1024), std::string(ChannelTable::kMaxLabel, 'x'),
                         {});
  }
  return true;
}

bool openOneChannel(const std::string& text) {
  ChannelTable table(true);
  return table.onOpened(1, text, {}).has_value();
}

}  // namespace

std::vector<Case> datagramCases() {
  const auto stunOf = [](std::size_t type, const std::string& attribute) {
    return [type, attribute](std::size_t size) { return stunMessage(type, size, attribute); };
  };
  const auto of = [](const std::string& part) {
    return [part](std::size_t size) { return repeated(part, size); };
  };
  const std::string nothing("\x80\x01\0\0", 4);
  const std::string name("\0\6\0\4a:bc", 8);
  const std::string peer("\0\x12\0\x08\0\1\1\2\3\4\5\6", 12);
  return {
      {"STUN check: empty attributes", "media", stunOf(1, nothing), checkIce},
      {"STUN check: user names", "media", stunOf(1, name), checkIce},
      {"TURN allocate: empty attributes", "media", stunOf(3, nothing), askTurn},
      {"TURN permissions", "media", stunOf(8, peer), askTurn},
      {"TURN send", "media", stunOf(0x16, peer), askTurn},
      {"RTCP: NACK", "media", nack, readRtcp},
      {"RTCP: receiver reports", "media", receiverReports, readRtcp},
      {"RTCP: source descriptions", "media", sourceDescriptions, readRtcp},
      {"RTCP: feedback of lost packets", "media", emptyFeedback, readRtcp},
      {"RTP: header extensions", "media", rtp, readRtp},
      {"TCP: frames of one byte", "media", of(std::string("\0\1x", 3)), readStream},
      {"TCP: empty frames", "media", of(std::string("\0\0", 2)), readStream},
      {"data channels: opened again", "media", of("x"), openChannels},
      {"data channels: one label", "media", of("x"), openOneChannel},
  };
}

}  // namespace rtcpub::bench
