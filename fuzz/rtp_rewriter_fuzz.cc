// Feeds a router with whatever a publisher and hostile viewers may send. Every packet that leaves
// it must parse, carry a negotiated payload type and SSRC, and keep its stream's sequence numbers
// near the ones before (SRTP refuses jumps).

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "sfu/router/fake_packets.h"
#include "sfu/router/header_extension_map.h"
#include "sfu/router/router.h"
#include "sfu/router/rtp_packet.h"

namespace {

using namespace rtcpub;
using namespace rtcpub::sfu;

void require(bool condition) {
  if (!condition) std::abort();
}

class CheckingOutput : public RouterOutput {
 public:
  void sendRtp(MemberId to, const OutgoingPacket& outgoing) override {
    const auto packet = RtpPacket::parse(outgoing.data);
    require(packet.has_value());
    require(outgoing.data.size() <= kMaxRtpSize + HeaderExtensionMap::kMaxGrowth + 2);
    require(outgoing.transportSequence == 0 ||
            (outgoing.transportSequence >= packet->extensionOffset() &&
             outgoing.transportSequence + 2 <= packet->headerSize()));
    const bool rtx = packet->ssrc() == 0xBB;
    require(rtx || packet->ssrc() == 0xAA || packet->ssrc() == 0xCC);
    require(packet->payloadType() >= 120);
    if (rtx) return;
    const auto [last, first] = newest_.try_emplace({to, packet->ssrc()}, packet->sequenceNumber());
    const auto distance = static_cast<std::int16_t>(packet->sequenceNumber() - last->second);
    require(first || (distance > -4096 && distance <= 3000));
    if (distance > 0) last->second = packet->sequenceNumber();
  }
  void sendSenderReport(MemberId, const OutgoingSenderReport& report) override {
    require(report.ssrc == 0xAA || report.ssrc == 0xCC);
    require(report.packets > 0);
  }
  void requestKeyFrame(MemberId) override {}

  /// A client that left; under the same id another one comes.
  void forget(MemberId id) {
    std::erase_if(newest_, [id](const auto& stream) { return stream.first.first == id; });
  }

 private:
  std::map<std::pair<MemberId, std::uint32_t>, std::uint16_t> newest_;
};

/// The input, read as commands; zeros behind its end.
class Input {
 public:
  explicit Input(std::span<const std::uint8_t> data) : data_(data) {}
  [[nodiscard]] bool empty() const { return data_.empty(); }
  std::uint8_t byte() {
    if (data_.empty()) return 0;
    const std::uint8_t value = data_[0];
    data_ = data_.subspan(1);
    return value;
  }
  std::uint16_t word() {
    const int high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  std::span<const std::uint8_t> bytes(std::size_t size) {
    const auto part = data_.first(std::min(size, data_.size()));
    data_ = data_.subspan(part.size());
    return part;
  }

 private:
  std::span<const std::uint8_t> data_;
};

NegotiatedMedia publisherMedia(std::uint8_t variant) {
  auto video = fake::section(MediaKind::kVideo,
                             {fake::codec(Codec::vp8(), 96), fake::codec(Codec::h264(0x42E0), 97),
                              fake::codec(Codec::vp9(0), 98)},
                             (variant & 1) != 0 ? 0x01010101 : 0);
  video.extensions = {{fake::kPlayoutDelayUri, 1},
                      {fake::kTransportCcUri, 2},
                      {fake::kVideoOrientationUri, (variant & 2) != 0 ? 3 : 200}};
  video.active = (variant & 4) == 0;
  return {{video, fake::section(MediaKind::kAudio, {fake::codec(Codec::opus(), 111, -1, 48000)})}};
}

NegotiatedMedia viewerMedia(std::uint8_t variant) {
  std::vector<NegotiatedCodec> codecs{
      fake::codec(Codec::vp8(), 120, (variant & 1) != 0 ? 121 : -1)};
  if ((variant & 2) != 0) codecs.push_back(fake::codec(Codec::h264(0x6400), 122, 123));
  auto video = fake::section(MediaKind::kVideo, codecs, 0xAA, 0xBB);
  video.extensions = {{fake::kPlayoutDelayUri, (variant & 4) != 0 ? 5 : 50}};
  if ((variant & 8) != 0) video.extensions.push_back({fake::kTransportCcUri, 7});
  return {{video,
           fake::section(MediaKind::kAudio, {fake::codec(Codec::opus(), 125, -1, 48000)}, 0xCC)}};
}

void packet(Router& router, Input& input, Time now) {
  const std::uint8_t flags = input.byte();
  const auto raw = input.bytes(input.byte());
  std::vector<std::uint8_t> data(raw.begin(), raw.end());
  if ((flags & 2) != 0 && !data.empty()) data[0] = 0x80;  // gets further in
  if ((flags & 4) != 0) data.resize(1400);
  router.onPacket({.data = data, .kind = (flags & 1) != 0 ? MediaKind::kAudio : MediaKind::kVideo},
                  now);
}

void nacks(Router& router, Input& input, Time now) {
  const MemberId from = input.byte() % 4U;
  const std::uint16_t first = input.word();
  std::vector<std::uint16_t> numbers;
  for (int i = input.byte(); i >= 0; --i) numbers.push_back(static_cast<std::uint16_t>(first + i));
  router.onNack(from, from == 3 ? 0xCC : 0xAA, numbers, now);
}

void command(Router& router, CheckingOutput& output, Input& input, Time& now) {
  const std::uint8_t what = input.byte();
  const std::uint8_t argument = input.byte();
  switch (what % 13) {
    case 0:
      return router.setPublisher(argument, publisherMedia(argument), now);
    case 1:
      return router.onPublisherReady(now);
    case 2:
      return router.removePublisher(argument);
    case 3:
      return router.addViewer(argument % 4U, viewerMedia(argument));
    case 4:
      return router.onViewerReady(argument % 4U, now);
    case 5:
      output.forget(argument % 4U);
      return router.removeViewer(argument % 4U);
    case 6:
      return nacks(router, input, now);
    case 7:
      router.onSenderReport({.kind = MediaKind::kVideo,
                             .ssrc = argument < 128 ? 0x01010101U : argument,
                             .ntp = std::uint64_t{argument} << 56,
                             .rtpTimestamp = input.word()},
                            now);
      (void)router.capturedNtpUs(argument % 4U, argument * 0x01010101U, now);
      return;
    case 8:
      if ((argument & 1) != 0) router.onKeyFrameNeeded(now);
      router.onPictureLost(argument / 2 % 4U, now);
      now += std::chrono::milliseconds(argument * 10);
      return router.onTime(router.deadline().value_or(now));
    case 9:
      return router.onEstimate(argument % 4U, input.word() * std::int64_t{100}, now);
    default:
      now += std::chrono::milliseconds(what & 0x20);
      return packet(router, input, now);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CheckingOutput output;
  Router router(output);
  Time now{std::chrono::seconds(1)};
  router.setPublisher(0, publisherMedia(0), now);
  router.onPublisherReady(now);
  for (MemberId id = 0; id < 4; ++id) {
    router.addViewer(id, viewerMedia(static_cast<std::uint8_t>(id)));
    router.onViewerReady(id, now);
  }
  for (Input input(std::span(data, size)); !input.empty();) command(router, output, input, now);
  return 0;
}
