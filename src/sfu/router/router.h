#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/codec_report.h"
#include "core/hub/member_id.h"
#include "rtcpub/clock.h"
#include "sfu/router/media.h"
#include "sfu/router/media_totals.h"
#include "sfu/router/outgoing_packet.h"
#include "sfu/router/thinning.h"

namespace rtcpub::sfu {

/// A media packet from the publisher, decrypted, RTX already undone.
struct IncomingPacket {
  std::span<const std::uint8_t> data;  ///< the whole RTP packet (RFC 3550 section 5.1)
  MediaKind kind = MediaKind::kVideo;
};

/// The publisher's sender report (RFC 3550 section 6.4.1).
struct SenderReport {
  MediaKind kind = MediaKind::kVideo;
  std::uint32_t ssrc = 0;  ///< of the stream that it is about; may be a layer that nobody gets
  std::uint64_t ntp = 0;   ///< 32.32 fixed point
  std::uint32_t rtpTimestamp = 0;
};

/// A report as it is to go to one viewer.
struct OutgoingSenderReport {
  std::uint32_t ssrc = 0;
  std::uint64_t ntp = 0;
  std::uint32_t rtpTimestamp = 0;
  std::uint32_t packets = 0;
  std::uint32_t octets = 0;  ///< payload only
};

/// What the router wants sent. Implemented by the transport; called on the network thread, inside
/// the router's functions.
class RouterOutput {
 public:
  virtual ~RouterOutput() = default;
  virtual void sendRtp(MemberId to, const OutgoingPacket& packet) = 0;
  virtual void sendSenderReport(MemberId to, const OutgoingSenderReport& report) = 0;
  /// Ask the publisher for a key frame (PLI).
  virtual void requestKeyFrame(MemberId publisher) = 0;
};

/// One viewer's counters.
struct ViewerCounters {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t retransmitted = 0;  ///< packets that it asked for again and got
  std::uint64_t tooOld = 0;         ///< asked for, but no longer in the history
  std::uint64_t droppedFrames = 0;  ///< left out since its path is too narrow

  ViewerCounters& operator+=(const ViewerCounters& other);
};

/// The media plane of one channel: who gets which packet, rewritten how. Pure: no clock, no socket,
/// no engine. Runs on: the network thread, which passes the time in.
class Router {
 public:
  explicit Router(RouterOutput& output);
  ~Router();

  /// A new publisher takes the place of the old one; viewers stay, and their sequence numbers
  /// and timestamps go on.
  void setPublisher(MemberId id, const NegotiatedMedia& media, Time now);
  void removePublisher(MemberId id);
  /// The publisher's transport is up: key frames can be asked for.
  void onPublisherReady(Time now);

  void addViewer(MemberId id, const NegotiatedMedia& media);
  /// Its transport is up: it gets packets from the next key frame on, which is asked for.
  void onViewerReady(MemberId id, Time now);
  /// It gets nothing until onViewerReady.
  void pauseViewer(MemberId id);
  void removeViewer(MemberId id);

  void onPacket(const IncomingPacket& packet, Time now);
  /// From the next packet on the publisher's video comes under another SSRC.
  void onVideoSourceChanged(std::uint32_t ssrc);
  void onSenderReport(const SenderReport& report, Time now);
  /// When the picture was taken that a viewer got under this RTP timestamp, by the clock of the
  /// publisher's sender reports: microseconds since 1900, modulo 2^32 s. Nothing for a picture that
  /// isn't of this publisher's session, or before the first report on its stream.
  [[nodiscard]] std::optional<std::int64_t> capturedNtpUs(MemberId viewer, std::uint32_t timestamp,
                                                          Time now) const;

  /// A viewer misses packets of `ssrc`, one of its own.
  void onNack(MemberId from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers,
              Time now);
  /// The consumer of the publisher's packets needs one.
  void onKeyFrameNeeded(Time now);
  /// PLI or FIR from a viewer.
  void onPictureLost(MemberId from, Time now);
  /// What the path to a viewer carries, in bits a second. Without it all is sent at once.
  void onEstimate(MemberId from, std::int64_t bitsPerSecond, Time now);

  /// What the publisher is to be told to send at most, if it is to be told now; bits a second. It
  /// is slowed only when every viewer's path is narrow, and then to the widest of them.
  [[nodiscard]] std::optional<std::int64_t> publisherLimit(Time now);

  /// When to call onTime, if nothing else happens before (a key-frame request that the limiter
  /// holds back, packets that wait for a narrow path).
  [[nodiscard]] std::optional<Time> deadline() const;
  void onTime(Time now);
  /// About once a second: gives back what is kept of packets that are too old to be sent again, for
  /// when no more come.
  void forgetOld(Time now);
  /// What is kept of packets takes so much.
  [[nodiscard]] std::size_t historyBytes() const;

  /// Adds what each viewer that is ready takes of the video.
  void addLoads(std::vector<ViewerLoad>& loads, Time now);
  /// What each viewer gets of the video, since the server has too much to do; those that aren't
  /// named get all that their paths carry. `burst`: how many packets may leave at once for those
  /// who get key frames only.
  void thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now);
  /// Whether it gets less than its path carries.
  [[nodiscard]] bool thinned(MemberId viewer) const;

  [[nodiscard]] ViewerCounters counters(MemberId viewer) const;
  /// Of all viewers, also of those that were removed. What the router counts of itself.
  [[nodiscard]] MediaTotals totals() const;
  /// How the codec of the publisher's video fits each viewer that is ready and wants video.
  [[nodiscard]] std::map<MemberId, CodecReport> codecReports() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::sfu
