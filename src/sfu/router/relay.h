#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sfu/router/header_extension_map.h"
#include "sfu/router/outgoing_stream.h"
#include "sfu/router/packet_history.h"
#include "sfu/router/retransmission_guard.h"
#include "sfu/router/room.h"
#include "sfu/router/source_tracker.h"

namespace rtcpub::sfu {

/// One kind of media of a room: the publisher's stream, and what each subscriber gets of it.
class Relay {
 public:
  /// What a packet was.
  struct Arrival {
    bool startsKeyFrame = false;
    /// Another stream or another codec begins, and it takes a key frame to start it.
    bool needsKeyFrame = false;
  };

  Relay(MediaKind kind, RoomOutput& output);

  /// Another publisher.
  void setPublisher(const NegotiatedMedia& media);
  /// The same one negotiated anew.
  void renegotiatePublisher(const NegotiatedMedia& media);
  void removePublisher();

  /// Adds it, or takes over what it negotiated anew.
  void setSubscriber(ClientId id, const NegotiatedMedia& media);
  void startSubscriber(ClientId id);
  void pauseSubscriber(ClientId id);
  void removeSubscriber(ClientId id);
  /// Whether a subscriber that could decode what the publisher sends gets nothing before the next
  /// key frame.
  [[nodiscard]] bool someoneWaits() const;

  Arrival onPacket(std::span<const std::uint8_t> data, Time now);
  void onSenderReport(const SenderReport& report);
  void onNack(ClientId from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers,
              Time now);
  [[nodiscard]] SubscriberCounters counters(ClientId subscriber) const;

 private:
  struct Receiver {
    ClientId id = 0;
    bool ready = false;
    OutgoingStream stream;
    /// Shared by all receivers for whom it is the same.
    std::shared_ptr<const HeaderExtensionMap> extensions;
    std::unique_ptr<RetransmissionGuard> guard;  ///< from the first NACK on
    SubscriberCounters counters;
  };
  /// A packet in the history and what it is.
  struct Stored {
    SourcePacket info;
    std::span<const std::uint8_t> bytes;
    std::size_t payloadSize = 0;
  };

  void adoptPublisher(const NegotiatedMedia& media);
  void connect(Receiver& receiver);
  [[nodiscard]] std::shared_ptr<const HeaderExtensionMap> share(
      const HeaderExtensionMap& extensions) const;
  [[nodiscard]] Receiver* find(ClientId id);
  [[nodiscard]] const Receiver* find(ClientId id) const;
  [[nodiscard]] const NegotiatedCodec* publisherCodec(std::uint8_t payloadType) const;

  [[nodiscard]] std::optional<Stored> store(const RtpPacket& packet, const SourcePacket& info,
                                            Time now);
  [[nodiscard]] std::optional<Stored> recall(std::int64_t sequence, Time now) const;
  void forward(const Stored& packet, Time now);
  bool forwardTo(Receiver& receiver, const Stored& packet, Time now);
  void catchUp(Receiver& receiver, std::int64_t after, Time now);
  void retransmit(Receiver& receiver, std::uint16_t sequenceNumber, Time now);
  [[nodiscard]] std::span<std::uint8_t> copyFor(const Receiver& receiver, const Stored& packet);

  MediaKind kind_;
  RoomOutput& output_;
  std::vector<Receiver> receivers_;  ///< sorted by id

  bool publishes_ = false;
  std::vector<NegotiatedCodec> publisherCodecs_;
  std::vector<HeaderExtension> publisherExtensions_;
  SourceTracker source_;
  PacketHistory history_;
  std::optional<std::uint8_t> payloadType_;  ///< of the publisher's newest packet

  /// A packet after the header extensions were rewritten: done once for all receivers that share
  /// them.
  struct {
    std::int64_t sequence = -1;
    std::shared_ptr<const HeaderExtensionMap> extensions;
    std::array<std::uint8_t, kMaxRtpSize> bytes{};
  } prepared_;
  /// What goes out; RTX adds two bytes.
  std::array<std::uint8_t, kMaxRtpSize + 2> scratch_{};
};

}  // namespace rtcpub::sfu
