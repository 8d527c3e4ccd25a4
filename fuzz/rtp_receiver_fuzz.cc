// A publisher's packets of any bytes: media, retransmissions and FlexFEC, right ones and spoilt
// ones. FEC brings back no more packets than it has, and whatever comes out belongs to the stream.

#include <api/field_trials.h>
#include <modules/include/module_fec_types.h>
#include <modules/rtp_rtcp/include/flexfec_sender.h>
#include <modules/rtp_rtcp/include/rtp_header_extension_map.h>
#include <modules/rtp_rtcp/source/rtp_header_extensions.h>
#include <modules/rtp_rtcp/source/rtp_packet_received.h>
#include <modules/rtp_rtcp/source/rtp_packet_to_send.h>
#include <rtc_base/thread.h>
#include <system_wrappers/include/clock.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "fuzz_input.h"
#include "rtcpub/log.h"
#include "sfu/transport/rtp_receiver.h"

namespace {

using namespace rtcpub::sfu;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kMediaType = 96;
constexpr std::uint8_t kFecType = 97;
constexpr std::uint8_t kRtxType = 98;
constexpr std::uint8_t kMediaSsrc = 21;
constexpr std::uint8_t kFecSsrc = 22;
constexpr std::uint8_t kRtxSsrc = 23;
constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kMaxDatagram = 2048;  // what a port reads at most

const MediaSection kSection{.kind = MediaKind::kVideo,
                            .mid = "0",
                            .codecs = {{rtcpub::Codec::vp8(), kMediaType, kRtxType, 90000}},
                            .extensions = {},
                            .ssrc = kMediaSsrc,
                            .rtxSsrc = kRtxSsrc,
                            .fecPayloadType = kFecType,
                            .fecSsrc = kFecSsrc,
                            .active = true};

/// What the fuzzer says, read from the front; zeros when it has said all.
class Input {
 public:
  explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  std::uint16_t word() {
    const std::uint8_t high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  std::span<const std::uint8_t> bytes(std::size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

class Publisher : private RtpReceiver::Events {
 public:
  explicit Publisher(rtc::Thread& thread)
      : receiver_(kSection, {.nack = true, .pli = true}, 1, thread, trials_, *this) {
    webrtc::FecProtectionParams params;
    params.fec_rate = 255;
    params.max_fec_frames = 1;
    fec_.SetProtectionParameters(params, params);
    extensions_.Register<webrtc::TransportSequenceNumber>(1);
    extensions_.Register<webrtc::VideoTimingExtension>(2);
    extensions_.Register<webrtc::AbsoluteSendTime>(3);
  }

  void act(Input& input) {
    switch (input.byte() % 6) {
      case 0:
        return receive(anyOf(input, kMediaType, kMediaSsrc));
      case 1:
        return receive(anyOf(input, kFecType, kFecSsrc));
      case 2:
        return receive(anyOf(input, kRtxType, kRtxSsrc));
      case 3:
        return receive(anyPacket(input));
      case 4:
        now_ += webrtc::TimeDelta::Millis(input.word());
        return;
      default:
        return receivePicture(input);
    }
  }

 private:
  void onMedia(const IncomingPacket& packet) override {
    require(packet.data.size() >= kHeaderSize && packet.data.size() <= kMaxDatagram);
    webrtc::RtpPacketReceived parsed;
    require(parsed.Parse(packet.data.data(), packet.data.size()));
    require(parsed.PayloadType() == kMediaType && parsed.Ssrc() == receiver_.ssrc());
  }
  void onKeyFrameNeeded() override {}
  void onArrival(const webrtc::RtpPacketReceived& /*packet*/) override {}
  void sendFeedback(const rtc::Buffer& rtcp) override { require(rtcp.size() > 0); }

  /// Its size, how many bytes of it are told, those bytes; the rest are zeros.
  static Bytes anyPacket(Input& input) {
    const std::size_t size = input.word() % (kMaxDatagram + 1);
    const auto told = input.bytes(std::min<std::size_t>(input.byte(), size));
    Bytes packet(told.begin(), told.end());
    packet.resize(size);
    return packet;
  }

  /// Told are the flags, the sequence number and all that follows the header.
  static Bytes anyOf(Input& input, std::uint8_t payloadType, std::uint8_t ssrc) {
    const std::uint8_t flags = input.byte();
    const std::uint16_t number = input.word();
    Bytes packet{static_cast<std::uint8_t>(0x80 | (flags & 0x3F)),
                 static_cast<std::uint8_t>(payloadType | (flags & 0x40) << 1),
                 static_cast<std::uint8_t>(number >> 8),
                 static_cast<std::uint8_t>(number),
                 0,
                 0,
                 3,
                 0,
                 0,
                 0,
                 0,
                 ssrc};
    const auto rest = anyPacket(input);
    packet.insert(packet.end(), rest.begin(), rest.end());
    packet.resize(std::min(packet.size(), kMaxDatagram));
    return packet;
  }

  Bytes mediaOf(std::size_t size, bool last) {
    const std::uint16_t number = next_++;
    Bytes packet{0x80,
                 static_cast<std::uint8_t>(kMediaType | (last ? 0x80 : 0)),
                 static_cast<std::uint8_t>(number >> 8),
                 static_cast<std::uint8_t>(number),
                 0,
                 0,
                 3,
                 0,
                 0,
                 0,
                 0,
                 kMediaSsrc};
    packet.resize(kHeaderSize + size % 1300, static_cast<std::uint8_t>(number));
    return packet;
  }

  /// A picture of right packets, some of which are lost, and right FEC, a byte of which is changed.
  void receivePicture(Input& input) {
    const int count = 1 + input.byte() % 48;
    const std::uint16_t size = input.word();
    const std::uint8_t lost = input.byte();
    for (int i = 0; i < count; ++i) {
      const Bytes packet = mediaOf(size + static_cast<std::size_t>(i), i + 1 == count);
      webrtc::RtpPacketToSend sent(nullptr);
      require(sent.Parse(packet.data(), packet.size()));
      fec_.AddPacketAndGenerateFec(sent);
      if ((lost >> (i % 8) & 1) == 0) receive(packet);
    }
    const std::uint16_t at = input.word();
    const std::uint8_t change = input.byte();
    for (const auto& packet : fec_.GetFecPackets()) {
      Bytes bytes(packet->data(), packet->data() + packet->size());
      bytes[kHeaderSize + at % (bytes.size() - kHeaderSize)] ^= change;
      receive(bytes);
    }
  }

  void receive(const Bytes& bytes) {
    webrtc::RtpPacketReceived packet(&extensions_, now_);
    if (!packet.Parse(bytes.data(), bytes.size())) return;
    if (packet.PayloadType() == kFecType) ++fecPackets_;
    receiver_.OnRtpPacket(packet);
    require(receiver_.counters().recovered <= fecPackets_);
  }

  webrtc::FieldTrials trials_{""};
  webrtc::RtpHeaderExtensionMap extensions_;
  webrtc::FlexfecSender fec_{kFecType, kFecSsrc, kMediaSsrc, "",
                             {},       {},       nullptr,    webrtc::Clock::GetRealTimeClock()};
  RtpReceiver receiver_;
  webrtc::Timestamp now_ = webrtc::Timestamp::Seconds(1000);
  std::uint64_t fecPackets_ = 0;
  std::uint16_t next_ = 65500;
};

rtc::Thread& networkThread() {
  static rtc::AutoThread thread;
  return thread;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rtc::Thread& thread = networkThread();
  {
    Publisher publisher(thread);
    Input input({data, size});
    while (!input.empty()) publisher.act(input);
  }
  thread.ProcessMessages(0);
  return 0;
}
