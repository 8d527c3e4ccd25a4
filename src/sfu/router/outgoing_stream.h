#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/router/media.h"
#include "sfu/router/rtp_packet.h"
#include "sfu/router/sequence_map.h"

namespace rtcpub::sfu {

/// What matters of a publisher's packet to those who get it.
struct SourcePacket {
  std::int64_t sequence = 0;  ///< SourceTracker::Place
  std::uint32_t timestamp = 0;
  std::uint8_t payloadType = 0;
  bool startsKeyFrame = false;
  /// It starts one whose parameter sets are missing, and may be late.
  bool bare = false;
};

/// One SSRC of one viewer: sequence numbers and timestamps that go on whatever happens to the
/// publisher. SRTP refuses jumps on a live SSRC, and decoders stumble over them.
class OutgoingStream {
 public:
  /// `section` is the viewer's.
  explicit OutgoingStream(MediaSection section);

  /// The viewer negotiated anew.
  void renegotiate(MediaSection section);
  /// What the publisher's payload types mean from now on.
  void connect(const std::vector<NegotiatedCodec>& publisherCodecs);
  /// Another stream of the publisher begins: wait for a key frame, then continue after one's own
  /// last packet.
  void restart();
  /// The viewer's transport starts anew: wait for a key frame.
  void pause();

  [[nodiscard]] const MediaSection& section() const { return section_; }
  /// Gets nothing until a key frame comes (audio: until any packet comes).
  [[nodiscard]] bool waiting() const { return waiting_; }
  /// Whether the viewer can decode this payload type of the publisher.
  [[nodiscard]] bool knows(std::uint8_t payloadType) const;

  /// The header under which the packet goes out; nothing when it doesn't.
  [[nodiscard]] std::optional<RtpFields> next(const SourcePacket& packet, Time now);
  void count(std::size_t payloadSize);
  /// A packet newer than all before doesn't go out, and the numbers close up behind it.
  void leaveOut(const SourcePacket& packet, bool startsFrame);
  /// How many frames were left out before a packet that went out, modulo 2^16.
  [[nodiscard]] std::uint16_t framesLeftOutBefore(const SourcePacket& packet) const;

  /// The publisher's packet that went out under this number; nothing before the last restart and
  /// after the newest packet.
  [[nodiscard]] std::optional<std::int64_t> sourceOf(std::uint16_t outgoing) const;
  /// The header of a packet that went out before.
  [[nodiscard]] std::optional<RtpFields> again(const SourcePacket& packet) const;
  /// The header of its RTX packet (RFC 4588); nothing when RTX wasn't negotiated.
  [[nodiscard]] std::optional<RtpFields> nextRtx(const SourcePacket& packet);

  /// The timestamp that stands for the publisher's `timestamp`; nothing while waiting.
  [[nodiscard]] std::optional<std::uint32_t> timestampOf(std::uint32_t timestamp) const;
  /// Under which the newest packet went out.
  [[nodiscard]] std::uint32_t newestTimestamp() const { return lastTimestamp_; }
  [[nodiscard]] std::uint32_t packets() const { return packets_; }  ///< for sender reports
  [[nodiscard]] std::uint32_t octets() const { return octets_; }

 private:
  static constexpr std::int8_t kNoCodec = -1;

  [[nodiscard]] const NegotiatedCodec* codecFor(std::uint8_t payloadType) const;
  [[nodiscard]] bool canBegin(const SourcePacket& packet) const;
  void begin(const SourcePacket& packet, Time now);
  [[nodiscard]] std::uint32_t continuedTimestamp(int clockRate, Time now) const;

  MediaSection section_;
  /// From the publisher's payload type to the index of a codec in section_.
  std::array<std::int8_t, 128> codecs_{};
  bool waiting_ = true;
  bool sameSource_ = false;  ///< since the last begin()
  bool begun_ = false;       ///< ever

  SequenceMap sequence_;       ///< since the last begin()
  std::int64_t newest_ = 0;    ///< of the publisher's packets that were sent
  std::int64_t outgoing_ = 0;  ///< under which that one was sent; unwrapped
  std::uint32_t timestampOffset_ = 0;
  std::uint32_t lastTimestamp_ = 0;
  Time lastTimestampTime_{};
  std::uint16_t rtxSequenceNumber_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t octets_ = 0;
};

}  // namespace rtcpub::sfu
