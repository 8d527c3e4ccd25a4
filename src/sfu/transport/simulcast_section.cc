#include "sfu/transport/simulcast_section.h"

#include <algorithm>

#include "log/log.h"
#include "sfu/router/key_frame.h"
#include "sfu/router/rtp_packet.h"

namespace rtcpub::sfu {

class SimulcastSection::Layer final : public RtpReceiver::Events {
 public:
  Layer(SimulcastSection& section, std::size_t index) : section_(section), index_(index) {}

  void onMedia(const IncomingPacket& packet) override { section_.onMedia(index_, packet); }
  void onKeyFrameNeeded() override {
    // What is lost of a layer that nobody gets is nobody's loss.
    if (section_.choice_.chosen() == index_) section_.media_.onKeyFrameNeeded();
  }
  void onArrival(const webrtc::RtpPacketReceived& packet) override {
    section_.media_.onArrival(packet);
  }
  void sendFeedback(const rtc::Buffer& rtcp) override { section_.media_.sendFeedback(rtcp); }

  RtpReceiver* receiver = nullptr;

 private:
  SimulcastSection& section_;
  const std::size_t index_;
};

SimulcastSection::SimulcastSection(const MediaSection& section, RtpReceiver::Events& media,
                                   Events& events)
    : codecs_(section.codecs), media_(media), events_(events), choice_(section.rids.size()) {
  for (std::size_t i = 0; i < section.rids.size(); ++i) {
    layers_.push_back(std::make_unique<Layer>(*this, i));
  }
}

SimulcastSection::~SimulcastSection() = default;

RtpReceiver::Events& SimulcastSection::eventsOf(std::size_t layer) { return *layers_.at(layer); }

void SimulcastSection::setReceiver(std::size_t layer, RtpReceiver& receiver) {
  layers_.at(layer)->receiver = &receiver;
}

bool SimulcastSection::holdsBack(const RtpReceiver& receiver) const {
  const auto found = std::find_if(layers_.begin(), layers_.end(),
                                  [&](const auto& layer) { return layer->receiver == &receiver; });
  if (found == layers_.end() || !choice_.chosen()) return false;
  return *choice_.chosen() != static_cast<std::size_t>(found - layers_.begin());
}

void SimulcastSection::onMedia(std::size_t layer, const IncomingPacket& packet) {
  const auto rtp = RtpPacket::parse(packet.data);
  if (!rtp || rtp->payload().empty()) return;  // padding, by which a sender probes
  const auto* codec = codecOf(*rtp);
  if (codec == nullptr) return;
  const auto verdict = choice_.onPacket(
      layer, packet.data.size(), startsKeyFrame(codec->codec.kind, rtp->payload()), monotonicNow());
  if (verdict.ask && layers_[*verdict.ask]->receiver != nullptr) {
    layers_[*verdict.ask]->receiver->requestKeyFrame();
  }
  if (verdict.changed) {
    log().info("simulcast: layer {} of {} goes on from here", layer + 1, layers_.size());
    events_.onLayerChanged(rtp->ssrc());
  }
  if (!verdict.passes) return;
  scratch_.assign(packet.data.begin(), packet.data.end());
  const auto payload = std::span(scratch_).subspan(rtp->headerSize(), rtp->payload().size());
  numbers_.apply(codec->codec.kind, payload, verdict.changed);
  media_.onMedia({.data = scratch_, .kind = packet.kind});
}

const NegotiatedCodec* SimulcastSection::codecOf(const RtpPacket& packet) const {
  const auto codec = std::find_if(codecs_.begin(), codecs_.end(), [&](const auto& each) {
    return each.payloadType == packet.payloadType();
  });
  return codec == codecs_.end() ? nullptr : &*codec;
}

}  // namespace rtcpub::sfu
