#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/hub/lobby.h"
#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"
#include "sfu/publisher_clock.h"
#include "sfu/publisher_seat.h"
#include "sfu/router/router.h"
#include "sfu/transport/data_message.h"
#include "sfu/wake_up.h"

namespace rtcpub::sfu {

class Member;
class Network;

/// The media plane of one channel with its clients' transports: the room for media, and the relay
/// of data messages. Runs on: the network thread.
class Channel final : public RouterOutput {
 public:
  /// Called inside this object's functions: only post.
  struct Events {
    /// A client is to know how the video's codec fits, since that has changed.
    std::function<void(MemberId, const CodecReport&)> codecs;
    /// Another one than before is the publisher from now on.
    std::function<void(MemberId)> published;
  };

  /// `network` outlives this.
  Channel(std::string id, Network& network, Events events);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool empty() const { return members_.empty(); }

  /// In place of a client of the same number, if there is one. While another one publishes, a
  /// publisher waits until its transport stands (PublisherSeat); who is replaced then stays a
  /// member until it leaves, and publishes again if the other one leaves before.
  void join(Member& client, Time now);
  void leave(Member& client);
  /// Whether it is a publisher that has to wait for its transport.
  [[nodiscard]] bool waits(MemberId id) const { return seat_.waits(id); }
  /// Who has to go before this publisher may wait, if it has to wait.
  [[nodiscard]] std::optional<MemberId> tooMany(const Member& newcomer) const;
  void renegotiate(Member& client, Time now);

  /// Its transport stands, or goes on after it was away.
  void onReady(Member& client);
  /// Nothing goes to it until it is ready again.
  void onAway(Member& client);
  void onMedia(Member& from, const IncomingPacket& packet);
  void onVideoSourceChanged(Member& from, std::uint32_t ssrc);
  void onSenderReport(Member& from, const SenderReport& report);
  void onKeyFrameNeeded(Member& from);
  void onPictureLost(Member& from);
  void onNack(Member& from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers);
  void onEstimate(Member& from, std::int64_t bitsPerSecond);
  void onDataMessage(Member& from, const DataView& message);
  /// How many bytes of a client's reliable messages there is room for where they go. Those that
  /// don't keep up don't count, unless nobody does: then nobody is made to wait for another.
  [[nodiscard]] std::ptrdiff_t roomForData(const Member& from) const;
  /// Those whose messages it took may send more.
  void onDataTaken(const Member& by);
  /// About once a second.
  void onSecond(Time now);

  /// Adds what those take of the video who are ready.
  void addLoads(std::vector<ViewerLoad>& loads, Time now);
  /// What viewers get of the video, since the server is overloaded: Router::thin().
  void thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now);
  [[nodiscard]] bool thinned(MemberId subscriber) const { return router_.thinned(subscriber); }

  /// Of the publisher's video: "H264"; empty while there is none.
  [[nodiscard]] std::string codec() const;
  [[nodiscard]] SubscriberCounters counters(MemberId subscriber) const;
  /// What a subscriber was told last of the video's codec; null when nothing had to be said.
  [[nodiscard]] const CodecReport* codecReport(MemberId subscriber) const;
  [[nodiscard]] std::uint64_t packetsIn() const { return packetsIn_; }
  [[nodiscard]] std::uint64_t packetsOut() const { return packetsOut_; }

 private:
  // RouterOutput
  void sendRtp(MemberId to, const OutgoingPacket& packet) override;
  void sendSenderReport(MemberId to, const OutgoingSenderReport& report) override;
  void requestKeyFrame(MemberId publisher) override;

  [[nodiscard]] Member* member(MemberId id) const;
  void forget(Member& client);
  void seat(Member& client, Time now);
  void dropKept();
  void relay(Member& from, const DataView& message);
  void onClockMessage(Member& from, std::string_view data);
  static void sendClockMessage(Member& to, std::string_view data, Time now);
  void tellCodecs();
  void tellViewer(MemberId id, const CodecReport& report);
  /// Tells the publisher what it may send, if there is something to tell.
  void limitPublisher(Time now);
  void armTimer(Time now);
  void onDue();

  const std::string id_;
  const Events events_;
  std::map<MemberId, CodecReport> toldCodecs_;
  Router router_;
  std::unordered_map<MemberId, Member*> members_;
  std::vector<Member*> subscribers_;
  PublisherSeat seat_;
  Member* publisher_ = nullptr;  ///< who has the seat
  PublisherClock clock_;
  std::uint64_t packetsIn_ = 0;
  std::uint64_t packetsOut_ = 0;
  WakeUp wakeUp_;
};

}  // namespace rtcpub::sfu
