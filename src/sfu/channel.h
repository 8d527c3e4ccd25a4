#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hub/member_id.h"
#include "core/hub/seat.h"
#include "rtcpub/clock.h"
#include "rtcpub/data_channel.h"
#include "rtcpub/rights.h"
#include "sfu/channel_control.h"
#include "sfu/publisher_clock.h"
#include "sfu/router/media_totals.h"
#include "sfu/router/router.h"
#include "sfu/transport/data_message.h"
#include "sfu/wake_up.h"

namespace rtcpub::sfu {

class Member;
class Network;

/// The media plane of one channel with its members' transports: the router for media, and the
/// forwarding of data messages. Who may do what, and who has the channel, is stamped on it; it has
/// no rule of its own. Runs on: the network thread.
class Channel final : public RouterOutput {
 public:
  /// Called inside this object's functions: only post.
  struct Events {
    /// A member is to know how the video's codec fits, since that has changed.
    std::function<void(MemberId, const CodecReport&)> codecs;
    /// A member has sent on this label what it has no right to; the first time.
    std::function<void(MemberId, const std::string& label)> refused;
    /// Likewise, since it doesn't drive.
    std::function<void(MemberId, control::Refusal)> notDriver = [](auto...) {};
    /// A member wants the lease, gives it back, or answers who asks.
    std::function<void(MemberId, const control::LeaseMessageToServer&)> lease = [](auto...) {};
    /// A member drives as old programs do, while nobody has the lease.
    std::function<void(MemberId)> drives = [](auto...) {};
    /// Who drives by this lease of the channel has said nothing for too long.
    std::function<void(const std::string& channel, std::uint64_t lease)> silent = [](auto...) {};
    /// Whether the channel's emergency stop is in force, when that has changed.
    std::function<void(const std::string& channel, bool)> emergency = [](auto...) {};
  };
  struct Place {
    MemberId id;
    Member* member;
  };

  /// `network` outlives this.
  Channel(std::string id, Network& network, Events events);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] const Events& events() const { return events_; }
  /// Sorted by their numbers.
  [[nodiscard]] const std::vector<Place>& members() const { return members_; }
  /// Null when it isn't here.
  [[nodiscard]] Member* find(MemberId id);
  [[nodiscard]] bool hasMember(MemberId id) { return find(id) != nullptr; }
  /// Whose media and messages are passed on; null while it has no transport, or there is none.
  [[nodiscard]] Member* publisher() const { return publisher_; }

  /// In place of a member of the same number, if there is one.
  void join(Member& member, Time now);
  void leave(Member& member);
  void renegotiate(Member& member, Time now);

  /// Whose media and messages are passed on, and the labels on which everybody may send to it.
  void stamp(std::optional<MemberId> publisher, std::vector<std::string> openLabels, Time now);
  /// Who has the channel as soon as its transport stands. Nothing happens when no such publisher is
  /// here: it may have gone, or be something else by now.
  void stampHeir(MemberId heir, std::vector<std::string> openLabels, Time now);
  /// What it said to the publisher before, and which still waits there, goes by them too: who may
  /// not drive any more moves nothing any more.
  void stampRights(Member& member, Rights rights, Time now);
  /// Who drives.
  void stampDriver(const control::DriveStamp& stamp, Time now) { control_.onStamp(stamp, now); }
  /// It asked for the lease in vain; `implicitly`: by driving.
  void onDriveRefused(Member& member, control::Refusal why, bool implicitly) {
    control_.onRefused(member, why, implicitly);
  }
  /// What it says to the publisher isn't passed on: it is told so the first time.
  void refuseDrive(Member& from, control::Refusal why);

  /// Its transport stands: an heir has the channel from now on, ahead of the hub's word.
  void onStands(Member& member);
  /// It is sent what there is: its transport stands, or goes on after it was away.
  void onReady(Member& member);
  /// Nothing goes to it until it is ready again.
  void onAway(Member& member);
  void onMedia(Member& from, const IncomingPacket& packet);
  void onVideoSourceChanged(Member& from, std::uint32_t ssrc);
  void onSenderReport(Member& from, const SenderReport& report);
  void onKeyFrameNeeded(Member& from);
  void onPictureLost(Member& from);
  void onNack(Member& from, std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers);
  void onEstimate(Member& from, std::int64_t bitsPerSecond);
  void onDataMessage(Member& from, const DataView& message);
  void onDataChannelOpened(Member& from, const std::string& label);
  /// It had its time to open those that it opens itself.
  void onHadTimeToOpen(Member& from);
  /// How many bytes of a member's reliable messages there is room for where they go. Those that
  /// don't keep up don't count, unless nobody does: then nobody is made to wait for another. What
  /// a publisher sends before it has the channel waits with it.
  [[nodiscard]] std::ptrdiff_t roomForData(const Member& from) const;
  /// Those whose messages it took may send more.
  void onDataTaken(const Member& by);
  /// About once a second.
  void onSecond(Time now);

  /// Adds what each viewer that is ready takes of the video.
  void addLoads(std::vector<ViewerLoad>& loads, Time now);
  /// What viewers get of the video, since the server is overloaded: Router::thin().
  void thin(const std::map<MemberId, Thinning>& plan, std::size_t burst, Time now);
  [[nodiscard]] bool thinned(MemberId viewer) const { return router_.thinned(viewer); }

  /// Of the publisher's video: "H264"; empty while there is none.
  [[nodiscard]] std::string codec() const;
  /// When the picture was taken that a viewer got under this RTP timestamp:
  /// Router::capturedNtpUs().
  [[nodiscard]] std::optional<std::int64_t> capturedNtpUs(MemberId viewer, std::uint32_t rtp) const;
  [[nodiscard]] ViewerCounters counters(MemberId viewer) const;
  /// What a viewer was told last of the video's codec; null when nothing had to be said.
  [[nodiscard]] const CodecReport* codecReport(MemberId viewer) const;
  [[nodiscard]] std::uint64_t packetsIn() const { return packetsIn_; }
  [[nodiscard]] std::uint64_t packetsOut() const { return packetsOut_; }
  /// What has passed since the channel began, also of members that are gone.
  [[nodiscard]] MediaTotals totals() const;
  /// A member's transport ends, after so much.
  void keep(const MediaTotals& past) { past_ += past; }

 private:
  // RouterOutput
  void sendRtp(MemberId to, const OutgoingPacket& packet) override;
  void sendSenderReport(MemberId to, const OutgoingSenderReport& report) override;
  void requestKeyFrame(MemberId publisher) override;

  [[nodiscard]] std::vector<Place>::iterator placeOf(MemberId id);
  void forget(Member& member);
  void vacate(MemberId id, Time now);
  void settle(Time now);
  void seat(Member& member, Time now);
  void unseat();
  void watch(Member& member, Time now);
  void forward(Member& from, const DataView& message);
  [[nodiscard]] bool maySay(const Member& from, std::string_view label) const;
  void refuse(Member& from, std::string_view label);
  void retract(Member& from);
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
  std::vector<Place> members_;   ///< sorted by id
  Seat seat_;                    ///< who has the channel, with a transport or not
  Member* publisher_ = nullptr;  ///< the same, when it has one
  PublisherClock clock_;
  ChannelControl control_;
  std::uint64_t packetsIn_ = 0;
  std::uint64_t packetsOut_ = 0;
  std::uint64_t bytesOut_ = 0;
  std::uint64_t keyFramesAsked_ = 0;
  std::uint64_t picturesLost_ = 0;
  std::uint64_t refusedMessages_ = 0;  ///< of members that had no right to send them
  MediaTotals past_;                   ///< of transports that are no more
  WakeUp wakeUp_;
};

}  // namespace rtcpub::sfu
