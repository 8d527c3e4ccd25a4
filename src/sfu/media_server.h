#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/codec_report.h"
#include "core/control/lease.h"
#include "core/control/lease_message.h"
#include "core/hub/member_id.h"
#include "core/limits/connection_table.h"
#include "core/measure/duration_histogram.h"
#include "rtcpub/codec.h"
#include "rtcpub/result.h"
#include "rtcpub/rights.h"
#include "sfu/router/load_governor.h"
#include "sfu/router/media_totals.h"
#include "sfu/router/totals_ledger.h"
#include "sfu/transport/stream_stats.h"
#include "sfu/transport/turn/turn_stats.h"

namespace rtcpub::sfu {

struct MediaServerOptions {
  std::uint16_t port = 8268;           ///< UDP; 0 takes a free one
  std::vector<std::string> publicIps;  ///< told to clients instead of the interfaces' addresses
  /// What comes to the port from another machine is never seen, and programs on this one are told
  /// the loopback addresses only.
  bool thisMachineOnly = false;
  /// A member is dropped when it isn't connected by then.
  std::chrono::milliseconds patience{10000};
  /// A connected member is away when its ICE checks have stopped for so long: nothing is sent to
  /// it until they go on (RFC 7675 allows 30 s; some clients check every 6 s only).
  std::chrono::milliseconds absence{15000};
  /// … and is dropped when they stopped so long ago: longer than most holes in a network's cover.
  std::chrono::milliseconds retention{120000};
  /// A member with data channels counts as away already when nothing came from it for so long: its
  /// SCTP answers each kHeartbeat, so one that is lost changes nothing.
  std::chrono::milliseconds silence{2500};
  /// A member is dropped when nothing came from it for so long and its signalling was closed by its
  /// side: its program is no more. A network that is away closes nothing.
  std::chrono::milliseconds desertion{15000};
  /// What the network thread does, told some ten times a second on it; measured if there is none.
  std::function<LoadSample()> load{};
};

/// Somebody that wants in.
struct JoinRequest {
  MemberId member = 0;
  std::string name{};  ///< for people; empty: nobody said
  /// What it may do: whoever may publish sends media, everybody else receives them.
  Rights rights = Right::kView;
  std::string channel;
  std::string offer;                ///< SDP
  std::optional<VideoCodec> codec;  ///< accept this video codec only
  /// Tell it the loopback candidates, too: it is a program on this machine (browsers can't use
  /// them).
  bool loopback = false;
  /// The server's address that its WebSocket has reached, if that is known.
  std::string called{};
};

/// What whoever asked is told.
struct JoinAnswer {
  /// It is this member: the one that asked, or one from before that it proved to be.
  MemberId member = 0;
  std::string sdp;
  /// It has a transport that is new: its first, or another one in that one's place.
  bool anew = true;
  /// False: its offer has stopped all that it had, so it is in no channel any more.
  bool joined = true;
};

struct MemberStats {
  MemberId member = 0;
  std::string channel;
  bool connected = false;     ///< and heard of in the last seconds
  std::string codec;          ///< of the video that passes: "H264", …
  std::uint64_t packets = 0;  ///< from a publisher, or to a viewer
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;           ///< publisher: packets that never came
  std::uint64_t recovered = 0;      ///< publisher: packets of these that FEC brought back
  std::uint64_t retransmitted = 0;  ///< viewer
  std::uint64_t droppedFrames = 0;  ///< viewer: left out since its path is too narrow
  /// Of data channels: for it, or from it where they lay in the server for too long.
  std::uint64_t droppedMessages = 0;
  std::uint64_t staleMessages = 0;  ///< of these, those that were older than their channel allows
  /// Of data channels: from it, and not passed on since it has no right to send them.
  std::uint64_t refusedMessages = 0;
  std::optional<double> rttMs;
  double kbps = 0;                     ///< over the last second or so
  std::optional<double> estimateKbps;  ///< viewer: what the path to it carries
  bool thinned = false;                ///< viewer: gets less than its path carries, for an overload
  std::optional<CodecReport> lacking;  ///< viewer that can't take the codec of the video
};

/// There is more to send than one core can.
struct OverloadReport {
  std::chrono::milliseconds lasts{};
  double busy = 0;                     ///< of the network thread's time, of late
  std::size_t onLowestLayer = 0;       ///< viewers that get every second or fourth picture
  std::size_t onKeyFrames = 0;         ///< viewers that get a key frame every few seconds
  std::uint64_t droppedDatagrams = 0;  ///< that came in and could not even be read in time
};

struct MediaStats {
  std::vector<MemberStats> members;
  MediaTotals totals;  ///< of all channels, from the beginning
  /// By channel: no more than TotalsLedger::kMost, sorted by name. Those that have ended stay while
  /// there is room, and go on counting when they begin anew.
  std::vector<ChannelTotals> channels;
  std::size_t unlistedChannels = 0;  ///< that are there, but not in `channels`
  std::uint64_t packetsIn = 0;
  std::uint64_t packetsOut = 0;
  std::uint64_t sendFailures = 0;  ///< packets that the socket didn't take
  std::uint64_t garbage = 0;       ///< datagrams that belong to nobody or are malformed
  std::uint64_t droppedLate = 0;   ///< datagrams of media that could not even be read in time
  StreamStats streams;
  TurnStats turn;
  double busy = 0;  ///< of the network thread's time, of late: from 0 to 1
  std::optional<OverloadReport> overload;
  std::chrono::milliseconds overloadedFor{};  ///< in all, from the beginning
  DurationHistogram lag;  ///< how much later than due the network thread came to what was due
};

/// For the TURN server: a relay can be had until `life` has passed.
struct RelayCredentials {
  std::string username;
  std::string password;
  std::chrono::seconds life{};
};

/// What happens to a member without being asked for. Called on the network thread: only post.
struct MediaServerEvents {
  /// Something has come on its transport for the first time.
  std::function<void(MemberId)> heard{};
  /// Its transport stands: ICE, DTLS and the keys.
  std::function<void(MemberId)> stands{};
  /// It fell silent, or is heard again.
  std::function<void(MemberId, bool present)> presence{};
  /// How the codec of the video fits has changed: for a publisher all its viewers, for a viewer
  /// itself.
  std::function<void(MemberId, CodecReport)> codecs{};
  /// A message of it wasn't passed on, as on this label, since it has no right to send it. Told
  /// once of each transport.
  std::function<void(MemberId, std::string label)> refused{};
  /// Likewise, since it doesn't drive.
  std::function<void(MemberId, control::Refusal)> notDriver{};
  /// It wants the lease, gives it back, or answers who asks.
  std::function<void(MemberId, control::LeaseMessageToServer)> lease{};
  /// It drives as old programs do, while nobody has the lease.
  std::function<void(MemberId)> drives{};
  /// Who drives by this lease of the channel has said nothing for too long.
  std::function<void(std::string channel, std::uint64_t lease)> silent{};
  /// Whether the channel's emergency stop is in force, when that has changed.
  std::function<void(std::string channel, bool)> emergency{};
  /// ICE checks stopped for long, DTLS failed or was closed, or nothing came within 10 s: the
  /// member is gone already. `closed` is by the member itself.
  std::function<void(MemberId, bool closed, std::string reason)> gone{};
};

/// The server's media plane: one UDP port, one network thread that owns everything in sfu.
/// Its functions may be called from any thread; callbacks come on the network thread.
class MediaServer {
 public:
  /// Opens the port and starts the network thread. Errors: kIo, kInvalidArgument.
  static Result<std::unique_ptr<MediaServer>> create(MediaServerOptions options,
                                                     MediaServerEvents events);
  ~MediaServer();

  [[nodiscard]] std::uint16_t port() const;
  /// A TCP port of the program's leads here, too: what comes there for us is given to takeStream(),
  /// answers name it as a way to the media, and the TURN server has the UDP port of this number.
  /// `scope` is the interface of a link-local address. Once, before the first member. Errors: kIo
  /// (that UDP port is taken; the rest goes on).
  Result<void> serveBeside(const std::string& address, std::uint16_t port, std::uint32_t scope = 0);
  /// Takes over a TCP connection, of which `received` was read already.
  void takeStream(int descriptor, std::vector<std::uint8_t> received);
  /// For one client of the TURN server, whose rights end then; nothing: they don't.
  [[nodiscard]] RelayCredentials relayCredentials(std::optional<Time> until) const;

  /// The addresses that answers name (without loopback unless there are no others).
  [[nodiscard]] std::vector<std::string> addresses() const;

  /// How long the network thread has been late: it did nothing when something was due.
  [[nodiscard]] std::chrono::milliseconds late() const;

  /// Makes the answer and the member's transport. The offer is read on the caller's thread, and
  /// `answered` is called there when it can't be. Errors: kProtocol (the SDP is garbage, has no
  /// section, only rejected ones, or lacks ICE or DTLS parameters), kUnsupported (no common codec).
  /// A second offer of the same member renegotiates on the same transport, with new ICE credentials
  /// when it has new ones (RFC 8839 section 4.4.1.1.1), or on a new one when its certificate is
  /// another. An offer that has the ICE credentials and the certificate of a member of the same
  /// kind and channel comes from that member, whose signalling broke off: nothing else would know
  /// its password. A viewer gets what there is from then on; a publisher's media and messages go
  /// to nobody until it has the channel. An offer that is refused changes nothing.
  void join(JoinRequest request, std::function<void(Result<JoinAnswer> answer)> answered);
  /// Who has the channel from now on: the member whose media and messages are passed on, and whom
  /// viewers' messages go to. Those on these labels do so whether or not the viewer may drive.
  /// Whoever decides (the hub) does so for good: it holds for a transport that this member is yet
  /// to have, too.
  void stampChannel(std::string channel, std::optional<MemberId> publisher,
                    std::vector<std::string> openLabels);
  /// Who has the channel as soon as its transport stands, and what it opens: nobody is waited for
  /// then. `stands` is told, by which the hub comes to the same; until it has stamped the channel
  /// so its other stamps are from before. Nothing happens when no such publisher is there.
  void stampHeir(std::string channel, MemberId heir, std::vector<std::string> openLabels);
  /// What a member may do from now on. Whether it publishes can't change.
  void stampRights(MemberId member, Rights rights);
  /// Who drives in a channel from now on, and who asks.
  void stampDriver(std::string channel, control::DriveStamp stamp);
  /// It asked for the lease in vain; `implicitly`: as old programs do, by driving.
  void refuseDrive(MemberId member, control::Refusal why, bool implicitly);
  /// Whether the member's WebSocket was closed by its side, without a farewell, and no other one
  /// has come in its place.
  void setDeserted(MemberId member, bool deserted);
  void leave(MemberId member);
  /// Likewise, but it has to go: what it said to the publisher and still waits there is dropped.
  void evict(MemberId member);
  void stats(std::function<void(MediaStats)> done);

 private:
  class Impl;
  explicit MediaServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::sfu
