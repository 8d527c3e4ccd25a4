#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sfu/router/media.h"
#include "sfu/router/picture_numbers.h"
#include "sfu/router/rtp_packet.h"
#include "sfu/router/simulcast_choice.h"
#include "sfu/transport/rtp_receiver.h"

namespace rtcpub::sfu {

/// Stands between the receivers of a section's simulcast layers and whoever gets its media: of all
/// layers one goes on. Runs on: the network thread.
class SimulcastSection {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    /// The next packet is a key frame's first, of another layer.
    virtual void onLayerChanged(std::uint32_t ssrc) = 0;
  };

  /// All outlive this.
  SimulcastSection(const MediaSection& section, RtpReceiver::Events& media, Events& events);
  ~SimulcastSection();

  /// What the receiver of one layer is to tell; lives as long as this.
  [[nodiscard]] RtpReceiver::Events& eventsOf(std::size_t layer);
  /// That receiver.
  void setReceiver(std::size_t layer, RtpReceiver& receiver);

  /// Whether this receiver is one of the section's, whose layer doesn't go on.
  [[nodiscard]] bool holdsBack(const RtpReceiver& receiver) const;

 private:
  class Layer;

  void onMedia(std::size_t layer, const IncomingPacket& packet);
  /// Null for a payload type that wasn't negotiated.
  [[nodiscard]] const NegotiatedCodec* codecOf(const RtpPacket& packet) const;

  const std::vector<NegotiatedCodec> codecs_;
  RtpReceiver::Events& media_;
  Events& events_;
  SimulcastChoice choice_;
  PictureNumbers numbers_;
  std::vector<std::uint8_t> scratch_;  ///< a packet as it goes on
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace rtcpub::sfu
