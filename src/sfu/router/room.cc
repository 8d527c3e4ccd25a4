#include "sfu/router/room.h"

#include <set>

#include "sfu/router/key_frame_limiter.h"
#include "sfu/router/relay.h"

namespace rtcpub::sfu {

class Room::Impl {
 public:
  explicit Impl(RoomOutput& roomOutput)
      : output(roomOutput),
        video(MediaKind::kVideo, roomOutput),
        audio(MediaKind::kAudio, roomOutput) {}

  Relay& relay(MediaKind kind) { return kind == MediaKind::kVideo ? video : audio; }

  /// A publisher whose transport isn't up yet can't be asked; onPublisherReady makes up for it.
  void requestKeyFrame(Time now) {
    if (publisher && publisherReady && limiter.request(now)) output.requestKeyFrame(*publisher);
  }

  RoomOutput& output;
  Relay video;
  Relay audio;
  KeyFrameLimiter limiter;
  std::optional<ClientId> publisher;
  bool publisherReady = false;
  std::set<ClientId> subscribers;
};

Room::Room(RoomOutput& output) : impl_(std::make_unique<Impl>(output)) {}
Room::~Room() = default;

void Room::setPublisher(ClientId id, const NegotiatedMedia& media, Time now) {
  if (impl_->publisher == id) {
    impl_->video.renegotiatePublisher(media);
    impl_->audio.renegotiatePublisher(media);
    if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
    return;
  }
  impl_->publisher = id;
  impl_->publisherReady = false;
  impl_->limiter.reset();
  impl_->video.setPublisher(media);
  impl_->audio.setPublisher(media);
}

void Room::removePublisher(ClientId id) {
  if (impl_->publisher != id) return;  // another one has its place already
  impl_->publisher.reset();
  impl_->publisherReady = false;
  impl_->limiter.reset();
  impl_->video.removePublisher();
  impl_->audio.removePublisher();
}

std::optional<ClientId> Room::publisher() const { return impl_->publisher; }

void Room::onPublisherReady(Time now) {
  if (!impl_->publisher) return;
  impl_->publisherReady = true;
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Room::addSubscriber(ClientId id, const NegotiatedMedia& media) {
  impl_->subscribers.insert(id);
  impl_->video.setSubscriber(id, media);
  impl_->audio.setSubscriber(id, media);
}

void Room::onSubscriberReady(ClientId id, Time now) {
  impl_->video.startSubscriber(id);
  impl_->audio.startSubscriber(id);
  if (impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Room::pauseSubscriber(ClientId id) {
  impl_->video.pauseSubscriber(id);
  impl_->audio.pauseSubscriber(id);
}

void Room::removeSubscriber(ClientId id) {
  impl_->subscribers.erase(id);
  impl_->video.removeSubscriber(id);
  impl_->audio.removeSubscriber(id);
}

std::vector<ClientId> Room::subscribers() const {
  return {impl_->subscribers.begin(), impl_->subscribers.end()};
}

bool Room::empty() const { return !impl_->publisher && impl_->subscribers.empty(); }

void Room::onPacket(const IncomingPacket& packet, Time now) {
  if (!impl_->publisher) return;
  const auto arrival = impl_->relay(packet.kind).onPacket(packet.data, now);
  if (arrival.startsKeyFrame) impl_->limiter.onKeyFrame();
  if (arrival.needsKeyFrame && impl_->video.someoneWaits()) impl_->requestKeyFrame(now);
}

void Room::onSenderReport(const SenderReport& report, Time /*now*/) {
  impl_->relay(report.kind).onSenderReport(report);
}

void Room::onNack(ClientId from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers,
                  Time now) {
  impl_->video.onNack(from, ssrc, sequenceNumbers, now);
  impl_->audio.onNack(from, ssrc, sequenceNumbers, now);
}

void Room::onKeyFrameNeeded(Time now) { impl_->requestKeyFrame(now); }

std::optional<Time> Room::deadline() const {
  if (!impl_->publisher || !impl_->publisherReady) return std::nullopt;
  return impl_->limiter.deadline(impl_->video.someoneWaits());
}

void Room::onTime(Time now) {
  if (!impl_->publisher || !impl_->publisherReady) return;
  if (impl_->limiter.onTime(now, impl_->video.someoneWaits())) {
    impl_->output.requestKeyFrame(*impl_->publisher);
  }
}

SubscriberCounters Room::counters(ClientId subscriber) const {
  const auto video = impl_->video.counters(subscriber);
  const auto audio = impl_->audio.counters(subscriber);
  return {.packets = video.packets + audio.packets,
          .bytes = video.bytes + audio.bytes,
          .retransmitted = video.retransmitted + audio.retransmitted,
          .tooOld = video.tooOld + audio.tooOld};
}

}  // namespace rtcpub::sfu
