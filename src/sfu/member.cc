#include "sfu/member.h"

#include <utility>

#include "sfu/channel.h"

namespace rtcpub::sfu {

Result<std::unique_ptr<Member>> Member::make(Network& network, Channel& channel,
                                             Admission admission, Events events, Time now) {
  std::unique_ptr<Member> member(new Member(channel, std::move(admission), std::move(events), now));
  auto transport = Transport::create(network, member->admission_.parameters, *member);
  if (!transport) return tl::unexpected(transport.error());
  member->transport_ = std::move(*transport);
  return member;
}

Member::Member(Channel& channel, Admission admission, Events events, Time now)
    : channel_(channel),
      admission_(std::move(admission)),
      events_(std::move(events)),
      joinedAt_(now),
      rights_(admission_.parameters.rights),
      ratedAt_(now) {}

Member::~Member() {
  if (transport_) channel_.keep(transport_->counters().totals);
  channel_.leave(*this);
}

bool Member::goesOnWith(const JoinRequest& request, const Offer& offer) const {
  return publishes() == request.rights.has(Right::kPublish) && channel_.id() == request.channel &&
         admission_.parameters.fingerprint == offer.fingerprint();
}

void Member::renegotiate(Negotiation negotiation, Time now) {
  admission_.parameters.negotiation = std::move(negotiation);
  transport_->renegotiate(admission_.parameters.negotiation);
  channel_.renegotiate(*this, now);
}

void Member::restartIce(IceCredentials theirs, IceCredentials ours) {
  admission_.clientIce = std::move(theirs);
  admission_.parameters.ice = ours;
  transport_->restartIce(std::move(ours));
}

bool Member::noticeFirstSign() {
  if (heard_ || !transport_->lastCheck()) return false;
  heard_ = true;
  return true;
}

std::optional<bool> Member::look(Time now, const MediaServerOptions& options) {
  silence_.look(transport_->lastHeard(), now);
  const auto check = transport_->lastCheck();
  setAway(transport_->ready() && check && now - *check > options.absence);
  // Who has data channels answers SCTP's heartbeats, whatever else there is to say.
  const bool vanished = transport_->dataUp() && silence_.length() > options.silence;
  const bool present = !away_ && !vanished;
  if (present == std::exchange(present_, present)) return std::nullopt;
  return present;
}

void Member::setAway(bool away) {
  if (away == std::exchange(away_, away)) return;
  if (away) {
    channel_.onAway(*this);
  } else {
    channel_.onReady(*this);
  }
}

std::optional<std::string> Member::lost(Time now, const MediaServerOptions& options) const {
  const auto last = transport_->lastCheck();
  if (last && now - *last > options.retention) return "its ICE checks stopped";
  if (deserted_ && silence_.length() > options.desertion) {
    return "it fell silent, and its signalling was closed";
  }
  if (transport_->ready() || now - joinedAt_ <= options.patience) return std::nullopt;
  return last ? "its DTLS did not get ready" : "nothing came from it";
}

void Member::measureRate(Time now) {
  const double seconds = std::chrono::duration<double>(now - ratedAt_).count();
  const std::uint64_t bytes = stats().bytes;
  if (seconds <= 0) return;
  // Counters begin anew when a section is renegotiated.
  kbps_ = bytes < ratedBytes_ ? 0 : static_cast<double>(bytes - ratedBytes_) * 8 / 1000 / seconds;
  ratedAt_ = now;
  ratedBytes_ = bytes;
}

/// Publishers and viewers say something every second or so.
bool Member::isHeard() const {
  constexpr std::chrono::seconds kQuiet{3};
  const auto last = transport_->lastHeard();
  return transport_->ready() && last && monotonicNow() - *last < kQuiet;
}

MemberStats Member::stats() const {
  const auto transport = transport_->counters();
  MemberStats stats{.member = id(),
                    .channel = channel_.id(),
                    .connected = isHeard(),
                    .droppedMessages = transport.totals.droppedMessages.all(),
                    .staleMessages = transport.totals.droppedMessages.stale,
                    .refusedMessages = refusedMessages_,
                    .rttMs = transport.rttMs,
                    .kbps = kbps_};
  if (publishes()) {
    if (transport.codec) stats.codec = name(transport.codec->kind);
    stats.packets = transport.totals.receivedPackets;
    stats.bytes = transport.totals.receivedBytes;
    stats.lost = transport.missingPackets;
    stats.recovered = transport.totals.repairedByFec;
  } else {
    const auto counters = channel_.counters(id());
    stats.codec = channel_.codec();
    stats.packets = counters.packets;
    stats.bytes = counters.bytes;
    stats.retransmitted = counters.retransmitted;
    stats.droppedFrames = counters.droppedFrames;
    stats.thinned = channel_.thinned(id());
    const auto* report = channel_.codecReport(id());
    if (report != nullptr && report->lacking != 0) stats.lacking = *report;
    if (transport.estimate) stats.estimateKbps = static_cast<double>(*transport.estimate) / 1000;
  }
  return stats;
}

void Member::onReady() {
  channel_.onStands(*this);
  events_.stands(id());
}

void Member::onGone(bool closed, std::string reason) {
  events_.gone(id(), closed, std::move(reason));
}

void Member::onMedia(const IncomingPacket& packet) { channel_.onMedia(*this, packet); }

void Member::onVideoSourceChanged(std::uint32_t ssrc) {
  channel_.onVideoSourceChanged(*this, ssrc);
}

void Member::onSenderReport(const SenderReport& report) { channel_.onSenderReport(*this, report); }

void Member::onKeyFrameNeeded() { channel_.onKeyFrameNeeded(*this); }

void Member::onNack(std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers) {
  channel_.onNack(*this, ssrc, sequenceNumbers);
}

void Member::onPictureLost() { channel_.onPictureLost(*this); }

void Member::onEstimate(std::int64_t bitsPerSecond) { channel_.onEstimate(*this, bitsPerSecond); }

void Member::onDataMessage(const DataView& message) {
  DataView own = message;
  own.sender = id();
  channel_.onDataMessage(*this, own);
}

std::ptrdiff_t Member::roomForData() const { return channel_.roomForData(*this); }

void Member::onDataTaken() { channel_.onDataTaken(*this); }

void Member::onDataChannelOpened(const std::string& label) {
  channel_.onDataChannelOpened(*this, label);
}

void Member::onHadTimeToOpen() { channel_.onHadTimeToOpen(*this); }

}  // namespace rtcpub::sfu
