#include "peer/sctp_seam.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/sctp_factory.h"
#include "engine/sctp_packet.h"
#include "engine/sctp_wrapper.h"
#include "engine/stale_chunks.h"
#include "media/sctp/dcsctp_transport.h"
#include "rtcpub/clock.h"
#include "system_wrappers/include/clock.h"

namespace rtcpub::peer {
namespace {

using dcsctp::LifecycleId;
using dcsctp::StreamID;

/// A DATA_CHANNEL_OPEN or its acknowledgement (RFC 8832 section 8.1), which is no message.
constexpr dcsctp::PPID kControl{50};

/// The socket of one peer connection. It sends nothing again that has outlived its life.
class SeamSocket final : public engine::SctpWrapper {
 public:
  SeamSocket(dcsctp::DcSctpSocketCallbacks& owner, std::shared_ptr<SctpSeam> seam)
      : SctpWrapper(owner), seam_(std::move(seam)) {}

  dcsctp::SendStatus Send(dcsctp::DcSctpMessage message,
                          const dcsctp::SendOptions& options) override {
    if (message.ppid() == kControl) return socket().Send(std::move(message), options);
    const StreamID stream = message.stream_id();
    const LifecycleId id(++lastId_);
    const auto limited = withLife(options, id);
    if (limited.lifetime) {
      const auto payload = message.payload();
      stale_.onSend(*stream, {payload.data(), payload.size()},
                    monotonicNow() + std::chrono::milliseconds(**limited.lifetime));
    }
    ended_ = false;
    const auto status = socket().Send(std::move(message), limited);
    if (status == dcsctp::SendStatus::kSuccess) {
      const std::uint64_t number = sent_[stream]++;
      if (ended_) {
        seam_->done(*stream, number, false);  // too old at once
      } else {
        watched_.emplace(*id, std::pair(stream, number));
      }
    } else if (status == dcsctp::SendStatus::kErrorResourceExhaustion && seam_->lifetime) {
      // Else libwebrtc's channel would keep it until there is room, however long that takes.
      seam_->done(*stream, sent_[stream]++, false);
      return dcsctp::SendStatus::kSuccess;
    }
    return status;
  }

  void ReceivePacket(rtc::ArrayView<const std::uint8_t> packet) override {
    stale_.onReceived({packet.data(), packet.size()});
    SctpWrapper::ReceivePacket(packet);
  }

  dcsctp::SendPacketStatus SendPacketWithStatus(
      rtc::ArrayView<const std::uint8_t> packet) override {
    scratch_.assign(packet.begin(), packet.end());
    if (!stale_.remove(scratch_, monotonicNow())) return owner().SendPacketWithStatus(packet);
    if (scratch_.size() <= engine::sctp::kHeaderSize) return dcsctp::SendPacketStatus::kSuccess;
    engine::sctp::setChecksum(scratch_);
    return owner().SendPacketWithStatus(scratch_);
  }

  dcsctp::ResetStreamsStatus ResetStreams(rtc::ArrayView<const StreamID> streams) override {
    for (const StreamID stream : streams) forget(stream);
    return socket().ResetStreams(streams);
  }

  void OnLifecycleMessageDelivered(LifecycleId id) override { end(id, true); }
  /// The last event of each message; what was delivered is known before.
  void OnLifecycleEnd(LifecycleId id) override { end(id, false); }

 private:
  dcsctp::SendOptions withLife(dcsctp::SendOptions options, LifecycleId id) const {
    options.lifecycle_id = id;
    if (seam_->lifetime) {
      const dcsctp::DurationMs life(static_cast<std::int32_t>(seam_->lifetime->count()));
      options.lifetime = options.lifetime ? std::min(*options.lifetime, life) : life;
    }
    return options;
  }

  void end(LifecycleId id, bool delivered) {
    ended_ |= *id == lastId_;
    const auto found = watched_.find(*id);
    if (found == watched_.end()) return;
    const auto [stream, number] = found->second;
    watched_.erase(found);
    seam_->done(*stream, number, delivered);
  }

  /// Its number may be another channel's next.
  void forget(StreamID stream) {
    sent_.erase(stream);
    std::erase_if(watched_, [&](const auto& entry) { return entry.second.first == stream; });
  }

  const std::shared_ptr<SctpSeam> seam_;
  engine::StaleChunks stale_;
  std::vector<std::uint8_t> scratch_;
  std::uint64_t lastId_ = 0;
  bool ended_ = false;  ///< the message handed last, maybe before Send() has returned
  std::map<StreamID, std::uint64_t> sent_;
  std::map<std::uint64_t, std::pair<StreamID, std::uint64_t>> watched_;
};

class SctpTransports final : public webrtc::SctpTransportFactoryInterface {
 public:
  SctpTransports(rtc::Thread& thread, std::shared_ptr<SctpSeam> seam)
      : thread_(thread), seam_(std::move(seam)) {}

  std::unique_ptr<cricket::SctpTransportInternal> CreateSctpTransport(
      rtc::PacketTransportInternal* channel) override {
    auto wrap = [seam = seam_](dcsctp::DcSctpSocketCallbacks& owner) {
      return std::make_unique<SeamSocket>(owner, seam);
    };
    return std::make_unique<webrtc::DcSctpTransport>(
        &thread_, channel, webrtc::Clock::GetRealTimeClock(),
        std::make_unique<engine::SctpFactory>(engine::lowDelay, std::move(wrap)));
  }

 private:
  rtc::Thread& thread_;
  const std::shared_ptr<SctpSeam> seam_;
};

}  // namespace

std::unique_ptr<webrtc::SctpTransportFactoryInterface> makeSctpTransports(
    rtc::Thread& thread, std::shared_ptr<SctpSeam> seam) {
  return std::make_unique<SctpTransports>(thread, std::move(seam));
}

}  // namespace rtcpub::peer
