#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sfu/router/downlink.h"
#include "sfu/router/header_extension_map.h"
#include "sfu/router/layer_filter.h"
#include "sfu/router/layer_rates.h"
#include "sfu/router/outgoing_stream.h"
#include "sfu/router/packet_history.h"
#include "sfu/router/parameter_sets.h"
#include "sfu/router/payload_descriptor.h"
#include "sfu/router/rate_meter.h"
#include "sfu/router/retransmission_guard.h"
#include "sfu/router/router.h"
#include "sfu/router/sender_clocks.h"
#include "sfu/router/sequence_shift.h"
#include "sfu/router/source_tracker.h"
#include "sfu/router/thinning.h"
#include "sfu/router/timestamp_origins.h"

namespace rtcpub::sfu {

/// One kind of media of a channel: the publisher's stream, and what each viewer gets of it.
class Producer {
 public:
  /// What a packet was.
  struct Arrival {
    bool startsKeyFrame = false;
    /// Another stream or another codec begins, and it takes a key frame to start it.
    bool needsKeyFrame = false;
  };

  Producer(MediaKind kind, RouterOutput& output);

  /// Another publisher.
  void setPublisher(const NegotiatedMedia& media);
  /// The same one negotiated anew.
  void renegotiatePublisher(const NegotiatedMedia& media);
  void removePublisher();

  /// Adds it, or takes over what it negotiated anew.
  void setConsumer(MemberId id, const NegotiatedMedia& media);
  void startConsumer(MemberId id);
  void pauseConsumer(MemberId id);
  void removeConsumer(MemberId id);
  /// Whether it gets anything of this kind, or will.
  [[nodiscard]] bool serves(MemberId id) const { return find(id) != nullptr; }
  /// Whether a viewer that could decode what the publisher sends gets nothing before the next
  /// key frame.
  [[nodiscard]] bool someoneWaits() const;

  Arrival onPacket(std::span<const std::uint8_t> data, Time now);
  /// The publisher's next packets come under this SSRC.
  void follow(std::uint32_t ssrc) { source_.announce(ssrc); }
  void onSenderReport(const SenderReport& report, Time now);
  /// Router::capturedNtpUs().
  [[nodiscard]] std::optional<std::int64_t> capturedNtpUs(MemberId viewer, std::uint32_t timestamp,
                                                          Time now) const;
  void onNack(MemberId from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers,
              Time now);
  [[nodiscard]] ViewerCounters counters(MemberId viewer) const;
  /// The sum over all, also over those that were removed.
  [[nodiscard]] ViewerCounters allCounters() const;
  /// How many have come.
  [[nodiscard]] std::uint64_t keyFrames() const { return keyFrames_; }
  /// Of those who are ready.
  [[nodiscard]] std::map<MemberId, CodecReport> codecReports() const;

  /// Gives back what is kept of packets that are too old to be sent again.
  void forgetOld(Time now) { history_.forgetOld(now); }
  [[nodiscard]] std::size_t historyBytes() const { return history_.memory(); }

  /// From now on the viewer's packets go through this, which outlives it; null: at once.
  void setDownlink(MemberId id, Downlink* downlink);
  /// What the publisher sends, in bits a second.
  [[nodiscard]] std::int64_t rate(Time now) const { return rate_.bitsPerSecond(now); }
  /// When the first of those who lack frames since their path is too narrow can take a key frame.
  [[nodiscard]] std::optional<Time> wantsKeyFrameAt() const;
  /// What the path of the fastest viewer carries, if all have narrow ones; bits a second.
  [[nodiscard]] std::optional<std::int64_t> fastestNarrowPath() const;
  /// What each viewer gets of the video from now on, since the server has too much to do; those
  /// that aren't named get all.
  void thin(const std::map<MemberId, Thinning>& plan);
  [[nodiscard]] Thinning thinning(MemberId id) const;
  /// At most so many packets leave at once for those who get key frames only: one key frame goes to
  /// as many of them as that allows, the next one to those whose turn is next.
  void limitKeyFrames(std::size_t packets) { keyFrameLimit_ = packets; }
  /// Whether anybody gets key frames only, so that some must come.
  [[nodiscard]] bool someoneOnKeyFrames() const { return onKeyFrames_ > 0; }
  /// Adds what those take who are ready; `keyFrames` a second come for those who get no more.
  void addLoads(std::vector<ViewerLoad>& loads, double keyFrames, Time now);

  /// A packet of nothing but padding, to probe with; nothing without RTX.
  [[nodiscard]] std::optional<OutgoingPacket> padding(MemberId to);

 private:
  struct Consumer {
    MemberId id = 0;
    bool ready = false;
    OutgoingStream stream;
    /// Shared by all receivers for whom it is the same.
    std::shared_ptr<const HeaderExtensionMap> extensions;
    std::unique_ptr<RetransmissionGuard> guard;  ///< from the first NACK on
    Downlink* downlink = nullptr;
    bool thinned = false;  ///< waits for a key frame, since what came before didn't fit its path
    std::optional<std::uint32_t> leftOut;  ///< timestamp of the last frame that was
    TimestampOrigins origins;
    LayerFilter layers;
    ViewerCounters counters;
    Thinning thinning = Thinning::kNone;
    bool turn = false;             ///< the next key frame is for it, though it gets nothing else
    std::uint64_t sentBefore = 0;  ///< counters when its load was asked for last
    std::uint64_t repeatedBefore = 0;
  };
  /// Where a packet of the publisher's belongs.
  struct Position {
    std::int64_t sequence = 0;  ///< SourceTracker::Place
    bool newest = false;
    bool startsFrame = false;
    bool changed = false;  ///< another stream or another codec begins with it
  };
  /// A packet in the history and what it is.
  struct Stored {
    SourcePacket info;
    std::span<const std::uint8_t> bytes;
    std::size_t payloadSize = 0;
    bool newest = false;
    bool startsFrame = false;
    std::optional<LayeredPacket> layered{};
  };

  void adoptPublisher(const NegotiatedMedia& media);
  void restartStreams();
  void connect(Consumer& consumer);
  [[nodiscard]] std::shared_ptr<const HeaderExtensionMap> share(
      const HeaderExtensionMap& extensions) const;
  [[nodiscard]] Consumer* find(MemberId id);
  [[nodiscard]] const Consumer* find(MemberId id) const;
  [[nodiscard]] const NegotiatedCodec* publisherCodec(std::uint8_t payloadType) const;

  [[nodiscard]] std::optional<Position> placeOf(const RtpPacket& packet, Time now);
  /// The server's own copy of the parameter sets goes before an H264 key frame that comes without.
  /// Returns whether they went out.
  bool insertParameterSets(const RtpPacket& keyFrame, const Position& position, Time now);
  void pass(const RtpPacket& packet, const SourcePacket& info, const Position& position,
            CodecKind codec, Time now);
  [[nodiscard]] std::optional<Stored> store(const RtpPacket& packet, const SourcePacket& info,
                                            Time now);
  [[nodiscard]] std::optional<Stored> recall(std::int64_t sequence, Time now) const;
  void forward(const Stored& packet, Time now);
  /// Leaves the packet out for this viewer where the server, or its path, has no room for it.
  /// Whether it was left out.
  bool leaveOut(Consumer& consumer, const Stored& packet, Time now);
  /// … since the viewer gets key frames only, and not what begins with this packet.
  static bool leaveOutForLoad(Consumer& consumer, const Stored& packet);
  /// … since it belongs to a layer that the path doesn't carry: the numbers close up behind it.
  bool leaveOutLayer(Consumer& consumer, const Stored& packet, Time now);
  /// … since the viewer's path has no time for what begins with this packet: it waits for a key
  /// frame then.
  bool leaveOutForPath(Consumer& consumer, const Stored& packet, Time now);
  [[nodiscard]] std::uint8_t carriedLayer(const Consumer& consumer, Time now) const;
  static void leaveOutFrame(Consumer& consumer, const Stored& packet);
  void noteKeyFrame(const Stored& packet, Time now);
  void giveTurns(Time now);
  static void giveTurn(Consumer& consumer);
  void countOnKeyFrames();
  bool forwardTo(Consumer& consumer, const Stored& packet, Time now);
  /// The packet is the first that the viewer gets after it has waited.
  void noteOrigin(Consumer& consumer, const SourcePacket& packet, Time now) const;
  void forgetOrigins();
  void catchUp(Consumer& consumer, std::int64_t after, Time now);
  void retransmit(Consumer& consumer, std::uint16_t sequenceNumber, Time now);
  [[nodiscard]] OutgoingPacket copyFor(const Consumer& consumer, const Stored& packet);
  void closeGap(const Consumer& consumer, const Stored& packet, std::span<std::uint8_t> copy) const;
  /// A retransmission: RTX where it was negotiated, else the packet again.
  [[nodiscard]] std::optional<OutgoingPacket> copyAgain(Consumer& consumer, const Stored& packet);
  [[nodiscard]] static bool isTooFull(const Consumer& consumer, Time now);
  void emit(Consumer& consumer, const OutgoingPacket& packet, bool early, Time now);

  MediaKind kind_;
  RouterOutput& output_;
  std::vector<Consumer> consumers_;  ///< sorted by id
  ViewerCounters removed_;           ///< of those that were removed

  bool publishes_ = false;
  std::vector<NegotiatedCodec> publisherCodecs_;
  std::vector<HeaderExtension> publisherExtensions_;
  SourceTracker source_;
  SenderClocks clocks_;
  SequenceShift shift_;
  ParameterSets parameterSets_;
  /// Nothing is missing from before the newest picture up to its newest packet.
  bool unbroken_ = false;
  PacketHistory history_;
  std::optional<std::uint8_t> payloadType_;  ///< of the publisher's newest packet
  std::optional<std::uint32_t> timestamp_;   ///< likewise
  RateMeter rate_;
  RateMeter packetRate_;  ///< of one byte each
  LayerRates layerRates_;
  std::size_t onKeyFrames_ = 0;    ///< receivers that get nothing else
  std::size_t keyFrameLimit_ = 0;  ///< packets; 0: none
  MemberId nextTurn_ = 0;
  Time turnsAt_{};                         ///< when they were given last
  std::uint64_t keyFrames_ = 0;            ///< how many came
  std::optional<std::uint32_t> keyFrame_;  ///< timestamp of the newest one
  std::size_t keyFramePackets_ = 0;        ///< how many of it came
  std::size_t lastKeyFramePackets_ = 1;    ///< how many the one before had

  /// A packet after the header extensions were rewritten: done once for all receivers that share
  /// them.
  struct {
    std::int64_t sequence = -1;
    std::shared_ptr<const HeaderExtensionMap> extensions;
    HeaderExtensionMap::Space room;
    std::array<std::uint8_t, kMaxRtpSize + HeaderExtensionMap::kMaxGrowth> bytes{};
  } prepared_;
  /// What goes out; RTX adds two bytes.
  std::array<std::uint8_t, kMaxRtpSize + HeaderExtensionMap::kMaxGrowth + 2> scratch_{};
};

}  // namespace rtcpub::sfu
