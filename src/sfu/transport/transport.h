#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/rights.h"
#include "sfu/router/router.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/data_message.h"
#include "sfu/transport/network.h"

namespace rtcpub::sfu {

/// What happens on a client's transport. Called on the network thread from inside libwebrtc: the
/// transport must not be destroyed in a call.
class TransportEvents {
 public:
  virtual ~TransportEvents() = default;
  /// ICE, DTLS and, where media was negotiated, SRTP stand. Once.
  virtual void onReady() = 0;
  /// DTLS failed or was closed by the client. Once.
  virtual void onGone(bool closed, std::string reason) = 0;

  // From a publisher.
  virtual void onMedia(const IncomingPacket& packet) = 0;
  /// Its video goes on under another SSRC, which has a key frame first.
  virtual void onVideoSourceChanged(std::uint32_t ssrc) = 0;
  virtual void onSenderReport(const SenderReport& report) = 0;
  /// Some packet was lost for good.
  virtual void onKeyFrameNeeded() = 0;

  // From a viewer.
  virtual void onNack(std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers) = 0;
  virtual void onPictureLost() = 0;
  /// What the path to it carries, on every change.
  virtual void onEstimate(std::int64_t bitsPerSecond) = 0;

  /// Of a data channel; its sender is this client.
  virtual void onDataMessage(const DataView& message) = 0;
  /// How many bytes of its reliable messages there is room for where they go; 0 or less: none.
  [[nodiscard]] virtual std::ptrdiff_t roomForData() const = 0;
  /// It took messages that waited for it.
  virtual void onDataTaken() = 0;
  /// It has opened a data channel.
  virtual void onDataChannelOpened(const std::string& label) = 0;
  /// It had its time to open those that it opens itself. Once for its data section.
  virtual void onHadTimeToOpen() = 0;
};

/// Everything that was negotiated with a client, in both directions.
struct TransportParameters {
  std::uint64_t member = 0;  ///< its number
  Rights rights = Right::kView;
  IceCredentials ice;       ///< the server's
  Fingerprint fingerprint;  ///< the client's
  bool dtlsServer = true;   ///< the client starts DTLS
  Negotiation negotiation;
};

/// One client's way on the shared port: ICE-lite, DTLS, SRTP and SCTP.
/// Runs on: the network thread.
class Transport {
 public:
  struct Counters {
    /// What came from it, and its messages: for it, or from it where they were dropped at once.
    MediaTotals totals;
    std::uint64_t missingPackets = 0;  ///< of the lost; falls when they were only late
    std::optional<Codec> codec;
    std::optional<double> rttMs;
    std::optional<std::int64_t> estimate;  ///< of the path to a viewer, bits a second
  };

  /// Both outlive this. Errors: kProtocol (libwebrtc doesn't take the DTLS parameters).
  static Result<std::unique_ptr<Transport>> create(Network& network,
                                                   const TransportParameters& parameters,
                                                   TransportEvents& events);
  ~Transport();

  /// The same transport carries something else from now on.
  void renegotiate(const Negotiation& negotiation);

  [[nodiscard]] bool ready() const;
  /// ICE goes on under new credentials of the server's; DTLS and all above don't notice.
  void restartIce(IceCredentials local);
  /// Nothing before the first valid ICE check.
  [[nodiscard]] std::optional<Time> lastCheck() const;
  /// When anything came from it.
  [[nodiscard]] std::optional<Time> lastHeard() const;

  void sendRtp(const OutgoingPacket& packet);
  void sendSenderReport(const OutgoingSenderReport& report, Time now);
  void requestKeyFrame();
  /// The most that a publisher is to send (REMB).
  void limitRate(std::int64_t bitsPerSecond);
  /// Of a publisher: receiver reports. About once a second.
  void sendReports(Time now);
  /// The way to the client and back, as its data channel measured it.
  void setRtt(std::chrono::microseconds rtt);

  /// Whether data channels can be used.
  [[nodiscard]] bool dataUp() const;
  [[nodiscard]] bool hasOpened(std::string_view label) const;
  /// Whether it had its time to open those channels that it opens itself.
  [[nodiscard]] bool hadTimeToOpen() const;
  void sendData(const DataView& message);
  /// Drops what waits for it and `which` says; how many messages.
  std::size_t dropData(const std::function<bool(const DataMessage&)>& which);
  /// How many bytes of this sender's reliable messages may still wait for it; less than 0: too many
  /// do.
  [[nodiscard]] std::ptrdiff_t roomForData(std::uint64_t sender) const;
  /// Whether it takes messages fast enough for others to wait for it.
  [[nodiscard]] bool keepsUp(Time now) const;
  /// There may be room for what it sends.
  void resumeData();

  [[nodiscard]] Counters counters() const;

 private:
  class Impl;
  explicit Transport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::sfu
