#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/access/grant.h"
#include "core/codec_report.h"
#include "core/hub/drives.h"
#include "core/hub/member_id.h"
#include "core/limits/connection_table.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"

namespace rtcpub {

/// What a member comes in with: where it goes, and what its grant allows it there.
struct Membership {
  std::string channel;
  Rights rights;
  std::string name{};  ///< for people; empty: nobody said
  /// When its rights end, by two clocks: Grant.
  std::optional<UnixTime> expires{};
  std::optional<Time> until{};
  /// From where its signalling comes; nothing: that doesn't tell it from others.
  std::optional<NetworkKey> network{};
  /// Publisher: the labels on which viewers may send without the right to drive.
  std::vector<std::string> openLabels{};
  friend bool operator==(const Membership&, const Membership&) = default;
};

/// Who is in a channel, as its members are told.
struct Attendance {
  std::string channel;
  int publishers = 0;  ///< 0 or 1
  int viewers = 0;
  std::vector<std::string> openLabels{};  ///< of its publisher: Membership
  friend bool operator==(const Attendance&, const Attendance&) = default;
};

/// Why a member has to go.
struct Farewell {
  std::string code;  ///< one word for programs: docs/protocol.md
  std::string message;
  friend bool operator==(const Farewell&, const Farewell&) = default;
};

/// Who is in which channel, with which rights, who publishes, and who drives: the only place that
/// knows. Doors
/// tell it who comes and goes, the media plane whose transport stands; it says what both are to do
/// about it. Pure.
///
/// A channel has one publisher: the newest whose transport stands. So an offer alone throws nobody
/// off; only a channel that nobody has is taken at once. Viewers come before or after it.
class Hub {
 public:
  /// Publishers that wait for one channel. A newcomer beyond that sends one of them away. With as
  /// many offers as one address may send in a second (kOffersOfAddress), each has over a second to
  /// show itself, though all come from there.
  static constexpr std::size_t kMaxWaiting = 64;
  /// Members whose signalling has ended, while their media go on. As many as may have signalling:
  /// all come back that way when a proxy is started anew.
  static constexpr ConnectionTable::Room kDeserted{.ofOneNetwork = 256, .inAll = 1000};

  struct Notify {
    MemberId to;
    Attendance who;
    friend bool operator==(const Notify&, const Notify&) = default;
  };
  /// A member is told how the codec of the video fits it, or a publisher's viewers.
  struct NotifyCodecs {
    MemberId to;
    CodecReport report;
    friend bool operator==(const NotifyCodecs&, const NotifyCodecs&) = default;
  };
  /// Its media end, it is told why, and it goes. It is out already.
  struct Evict {
    MemberId member;
    Farewell why;
    friend bool operator==(const Evict&, const Evict&) = default;
  };
  /// For the media plane: who has the channel from now on, and what it opens to viewers.
  struct StampChannel {
    std::string channel;
    std::optional<MemberId> publisher;
    std::vector<std::string> openLabels;
    bool isNew = false;  ///< it wasn't the publisher before
    friend bool operator==(const StampChannel&, const StampChannel&) = default;
  };
  /// For the media plane: a publisher that waits, and has the channel as soon as its transport
  /// stands. The media plane seats it then, since its first packets come at once, and tells
  /// onStands(), which says the same: Seat.
  struct StampHeir {
    std::string channel;
    MemberId heir;
    std::vector<std::string> openLabels;
    friend bool operator==(const StampHeir&, const StampHeir&) = default;
  };
  /// For the media plane: what a member may do from now on.
  struct StampRights {
    MemberId member;
    Rights rights;
    friend bool operator==(const StampRights&, const StampRights&) = default;
  };
  /// For the media plane: who drives in a channel from now on, and who asks.
  struct StampDriver {
    std::string channel;
    control::DriveStamp stamp;
    friend bool operator==(const StampDriver&, const StampDriver&) = default;
  };
  /// For the media plane: whoever it is has asked for the lease in vain, or driven as old programs
  /// do (`implicitly`).
  struct RefuseDrive {
    MemberId to;
    control::Refusal why;
    bool implicitly = false;
    friend bool operator==(const RefuseDrive&, const RefuseDrive&) = default;
  };
  /// A member is told who drives.
  struct NotifyDriver {
    MemberId to;
    std::optional<Driver> driver;
    bool emergency = false;
    friend bool operator==(const NotifyDriver&, const NotifyDriver&) = default;
  };
  /// To be done in their order.
  using Action = std::variant<StampChannel, StampHeir, StampRights, Evict, Notify, NotifyCodecs,
                              StampDriver, RefuseDrive, NotifyDriver>;
  using Actions = std::vector<Action>;

  struct Member : Membership {
    bool present = true;                  ///< it is heard of, as the media plane says
    bool heard = false;                   ///< anything has come on its transport at all
    std::optional<CodecReport> codecs{};  ///< what it was told last
    [[nodiscard]] bool publishes() const { return rights.has(Right::kPublish); }
    [[nodiscard]] bool views() const { return rights.has(Right::kView); }
  };
  struct Channel {
    std::string id;
    std::optional<MemberId> publisher;
    int viewers = 0;  ///< that are present
    std::optional<Driver> driver{};
    bool emergency = false;  ///< its robot is stopped until somebody clears that
    friend bool operator==(const Channel&, const Channel&) = default;
  };

  // --- Doors

  /// Its offer was answered, and it has a transport of its own from now on: the first, or another
  /// one in that one's place. A viewer is in at once; a publisher has the channel at once when
  /// nobody else does, and waits for its transport otherwise.
  [[nodiscard]] Actions enter(MemberId id, Membership membership);
  /// The same transport goes on, by the same signalling: tells the member who is there.
  [[nodiscard]] Actions renegotiate(MemberId id, std::vector<std::string> openLabels);
  /// The same transport goes on, by other signalling, which has a grant of its own: that one holds.
  /// Tells the member all that it may have missed.
  [[nodiscard]] Actions resume(MemberId id, Membership membership);
  /// Its signalling has ended without a farewell: it may come back to its media, by resume(). Where
  /// there is no room for one more of these the one goes that has been one for longest, of the
  /// network that has most of them, so that a flood harms its own.
  [[nodiscard]] Actions desert(MemberId id);
  /// It has gone. Nothing happens when it isn't in.
  [[nodiscard]] Actions leave(MemberId id);
  /// Somebody with the right to do so sends it away. Nothing happens when it isn't in.
  [[nodiscard]] Actions remove(MemberId id);

  // --- The media plane

  /// Something has come on its transport for the first time.
  void onHeard(MemberId id);
  /// Its transport stands: a publisher that waited takes the channel, and whoever had it goes.
  [[nodiscard]] Actions onStands(MemberId id);
  /// It fell silent, or is heard again. A viewer that is away is none; a publisher keeps its place.
  [[nodiscard]] Actions onPresence(MemberId id, bool present);
  /// How the codec of its channel's video fits it, or a publisher's viewers, has changed.
  [[nodiscard]] Actions onCodecs(MemberId id, CodecReport report);

  // --- Who drives

  /// What a member says about the lease of its channel.
  [[nodiscard]] Actions onLeaseMessage(MemberId id, const control::LeaseMessageToServer& message,
                                       Time now);
  /// A member drives as old programs do, while nobody has the lease.
  [[nodiscard]] Actions onDrives(MemberId id);
  /// Who drives by this lease has said nothing for too long.
  [[nodiscard]] Actions onSilent(const std::string& channel, std::uint64_t lease);
  /// Whether the channel's emergency stop is in force.
  [[nodiscard]] Actions onEmergency(const std::string& channel, bool inForce);

  // --- Time

  /// When the next one's rights end, by the clock that nobody sets, or the time to answer who asks.
  [[nodiscard]] std::optional<Time> deadline() const;
  /// Those whose rights have ended by either clock go; each channel is told once. Then, and every
  /// second or so, since the other clock is set, and goes on while the machine sleeps.
  [[nodiscard]] Actions onTime(const AccessTime& now);

  // --- Who is in

  [[nodiscard]] bool contains(MemberId id) const { return members_.contains(id); }
  [[nodiscard]] bool deserted(MemberId id) const { return deserted_.contains(id); }
  /// Null when it isn't in. Until the next event.
  [[nodiscard]] const Member* find(MemberId id) const;
  [[nodiscard]] const std::map<MemberId, Member>& members() const { return members_; }
  [[nodiscard]] std::optional<MemberId> publisherOf(std::string_view channel) const;
  /// Whether it is a publisher that hasn't the channel.
  [[nodiscard]] bool waits(MemberId id) const;
  /// Those that have a publisher or a viewer, sorted by id.
  [[nodiscard]] std::vector<Channel> channels() const;

 private:
  struct Seats {
    std::optional<MemberId> publisher;
    std::vector<MemberId> members;  ///< the one whose transport is the newest last
  };
  using Channels = std::map<std::string, Seats, std::less<>>;

  void insert(MemberId id, Membership membership);
  void update(MemberId id, Member& member, Membership membership, Actions& actions);
  void schedule(MemberId id, const Membership& membership);
  void unschedule(MemberId id, const Membership& membership);
  [[nodiscard]] std::optional<MemberId> ended(const AccessTime& now) const;
  /// Takes it out. Whether those who stay have something to be told.
  bool extract(MemberId id);
  Actions evict(MemberId id, Farewell why);
  /// A channel that its publisher has left goes to the last that came of those who wait. Forgets it
  /// when nobody is left.
  void settle(const std::string& channel, bool publisherLeft, Actions& actions);
  void seat(MemberId id, const std::string& channel, Seats& seats, Actions& actions);
  void stampHeir(MemberId id, Actions& actions) const;
  void makeRoomToWait(MemberId newcomer, const std::string& channel, Actions& actions);
  [[nodiscard]] std::vector<MemberId> waitingFor(const Seats& seats) const;
  [[nodiscard]] bool isCounted(MemberId id, const Seats& seats) const;
  [[nodiscard]] Attendance attendance(const std::string& channel, const Seats& seats) const;
  void tell(MemberId id, Actions& actions) const;
  void tellAll(const std::string& channel, Actions& actions) const;
  // Who drives: hub_drives.cc.
  [[nodiscard]] std::optional<Driver> driver(std::optional<MemberId> id) const;
  void tellDriver(MemberId id, Actions& actions) const;
  void tellDrives(Actions& actions);
  [[nodiscard]] Actions withDrives(Actions actions);

  std::map<MemberId, Member> members_;
  Channels channels_;  ///< none without a member
  Drives drives_;
  std::set<std::pair<Time, MemberId>> ends_;
  std::set<std::pair<UnixTime, MemberId>> expiries_;
  ConnectionTable deserted_{{kDeserted}};
};

}  // namespace rtcpub
