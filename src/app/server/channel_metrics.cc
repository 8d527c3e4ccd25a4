#include "app/server/channel_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rtcpub {
namespace {

using metrics::Exposition;
using metrics::Labels;
using sfu::MediaTotals;

/// One figure of MediaTotals: of a family `rtcpub_NAME` and of one `rtcpub_channel_NAME`. Those of
/// one family follow each other, told apart by a label.
struct Counter {
  const char* name;
  const char* help;
  const char* label = nullptr;
  const char* labelled = nullptr;
  std::uint64_t (*of)(const MediaTotals&);
};

constexpr const char* kLacking = "Viewers that see nothing, since they take no codec of the video.";
constexpr const char* kRepairs = "Packets that publishers' losses were repaired by.";
constexpr const char* kRefusedCommands = "Drivers' commands that went no further.";
constexpr const char* kDrops = "Messages of data channels that were dropped.";

constexpr std::array kCounters = {
    Counter{.name = "received_packets_total",
            .help = "RTP packets that came from publishers, with those of RTX and FEC.",
            .of = [](const MediaTotals& t) { return t.receivedPackets; }},
    Counter{.name = "received_bytes_total",
            .help = "Bytes of these, with RTP headers, without those of SRTP, UDP and IP.",
            .of = [](const MediaTotals& t) { return t.receivedBytes; }},
    Counter{.name = "lost_packets_total",
            .help = "RTP packets of publishers that did not come by themselves.",
            .of = [](const MediaTotals& t) { return t.lostPackets; }},
    Counter{.name = "repaired_packets_total",
            .help = kRepairs,
            .label = "by",
            .labelled = "rtx",
            .of = [](const MediaTotals& t) { return t.repairedByRtx; }},
    Counter{.name = "repaired_packets_total",
            .help = kRepairs,
            .label = "by",
            .labelled = "fec",
            .of = [](const MediaTotals& t) { return t.repairedByFec; }},
    Counter{.name = "key_frames_total",
            .help = "Key frames of publishers' video.",
            .of = [](const MediaTotals& t) { return t.keyFrames; }},
    Counter{.name = "key_frame_requests_total",
            .help = "Key frames that publishers were asked for.",
            .of = [](const MediaTotals& t) { return t.keyFramesAsked; }},
    Counter{.name = "sent_packets_total",
            .help = "RTP packets that were sent to viewers, with retransmissions and padding.",
            .of = [](const MediaTotals& t) { return t.sentPackets; }},
    Counter{.name = "sent_bytes_total",
            .help = "Bytes of these, with RTP headers, without those of SRTP, UDP and IP.",
            .of = [](const MediaTotals& t) { return t.sentBytes; }},
    Counter{.name = "retransmitted_packets_total",
            .help = "RTP packets that were sent to viewers again, as they asked.",
            .of = [](const MediaTotals& t) { return t.retransmitted; }},
    Counter{.name = "unrepaired_packets_total",
            .help = "RTP packets that viewers asked for again, but that were kept no more.",
            .of = [](const MediaTotals& t) { return t.tooOld; }},
    Counter{.name = "dropped_frames_total",
            .help = "Frames that were left out for viewers whose paths are too narrow.",
            .of = [](const MediaTotals& t) { return t.droppedFrames; }},
    Counter{.name = "viewer_key_frame_requests_total",
            .help = "Key frames that viewers asked for, by PLI or FIR.",
            .of = [](const MediaTotals& t) { return t.picturesLost; }},
    Counter{.name = "received_messages_total",
            .help = "Messages that members sent on data channels.",
            .of = [](const MediaTotals& t) { return t.receivedMessages; }},
    Counter{.name = "received_message_bytes_total",
            .help = "Bytes of these.",
            .of = [](const MediaTotals& t) { return t.receivedMessageBytes; }},
    Counter{.name = "sent_messages_total",
            .help = "Messages of data channels that were sent to members, one for each.",
            .of = [](const MediaTotals& t) { return t.sentMessages; }},
    Counter{.name = "sent_message_bytes_total",
            .help = "Bytes of these.",
            .of = [](const MediaTotals& t) { return t.sentMessageBytes; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "full",
            .of = [](const MediaTotals& t) { return t.droppedMessages.full; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "stale",
            .of = [](const MediaTotals& t) { return t.droppedMessages.stale; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "too_large",
            .of = [](const MediaTotals& t) { return t.droppedMessages.tooLarge; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "no_channel",
            .of = [](const MediaTotals& t) { return t.droppedMessages.noChannel; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "ended",
            .of = [](const MediaTotals& t) { return t.droppedMessages.ended; }},
    Counter{.name = "dropped_messages_total",
            .help = kDrops,
            .label = "reason",
            .labelled = "no_right",
            .of = [](const MediaTotals& t) { return t.droppedMessages.noRight; }},
    Counter{.name = "forwarded_commands_total",
            .help = "Drivers' commands that went on to their robots.",
            .of = [](const MediaTotals& t) { return t.control.forwarded; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "not_driver",
            .of = [](const MediaTotals& t) { return t.control.notDriver; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "too_many",
            .of = [](const MediaTotals& t) { return t.control.tooMany; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "malformed",
            .of = [](const MediaTotals& t) { return t.control.malformed; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "emergency",
            .of = [](const MediaTotals& t) { return t.control.emergency; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "late",
            .of = [](const MediaTotals& t) { return t.control.late; }},
    Counter{.name = "refused_commands_total",
            .help = kRefusedCommands,
            .label = "reason",
            .labelled = "no_robot",
            .of = [](const MediaTotals& t) { return t.control.noRobot; }},
    Counter{.name = "lease_changes_total",
            .help = "How often another member drove from then on, or nobody.",
            .of = [](const MediaTotals& t) { return t.control.leaseChanges; }},
    Counter{.name = "emergency_stops_total",
            .help = "Emergency stops that began, pressed by a member or at the robot.",
            .of = [](const MediaTotals& t) { return t.control.emergencyStops; }},
};

void addCounter(Exposition::Family& family, const Counter& counter, const MediaTotals& totals,
                Labels labels) {
  if (counter.label != nullptr) labels.emplace_back(counter.label, counter.labelled);
  family.add(static_cast<double>(counter.of(totals)), labels);
}

/// What a member is to its channel, as a label's value.
enum Kind : std::size_t { kPublisher, kWaiting, kDriver, kViewer, kKinds };
constexpr std::array<const char*, kKinds> kKindNames{"publisher", "waiting", "driver", "viewer"};

Kind kindOf(const Hub& hub, MemberId id, const Hub::Member& member) {
  if (member.publishes()) return hub.waits(id) ? kWaiting : kPublisher;
  return member.rights.has(Right::kDrive) ? kDriver : kViewer;
}

/// Of the members of one channel, or of all.
struct Members {
  std::array<std::size_t, kKinds> ofKind{};
  std::size_t silent = 0;
  std::size_t thinned = 0;
  std::size_t lacking = 0;
  bool publisherConnected = false;
  std::optional<double> publisherRtt;  ///< seconds
  std::vector<double> rtts;            ///< of viewers, seconds
  std::vector<double> estimates;       ///< of the paths to viewers, bytes a second
};

void count(Members& members, Kind kind, const Hub::Member& member) {
  ++members.ofKind[kind];
  if (!member.present) ++members.silent;
}

void measure(Members& members, Kind kind, const sfu::MemberStats& stats) {
  const auto rtt = stats.rttMs ? std::optional(*stats.rttMs / 1000) : std::nullopt;
  if (kind == kPublisher) {
    members.publisherConnected = stats.connected;
    members.publisherRtt = rtt;
  } else if (kind != kWaiting) {
    if (rtt) members.rtts.push_back(*rtt);
    if (stats.estimateKbps) members.estimates.push_back(*stats.estimateKbps * 1000 / 8);
    if (stats.thinned) ++members.thinned;
    if (stats.lacking) ++members.lacking;
  }
}

/// By channel; the hub's and the media plane's views of them may be a second apart.
std::map<std::string, Members> membersByChannel(const Hub& hub, const sfu::MediaStats& media) {
  std::map<std::string, Members> channels;
  for (const auto& [id, member] : hub.members()) {
    count(channels[member.channel], kindOf(hub, id, member), member);
  }
  for (const auto& stats : media.members) {
    const auto* member = hub.find(stats.member);
    if (member != nullptr) {
      measure(channels[member->channel], kindOf(hub, stats.member, *member), stats);
    }
  }
  return channels;
}

/// Of the middle one, and of the one that does worst, as the last one in `values`' order.
void addViewers(Exposition::Family& family, const std::string& channel, std::vector<double> values,
                bool lowIsWorst) {
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  family.add(values[(values.size() - 1) / 2], {{"channel", channel}, {"viewer", "median"}});
  family.add(lowIsWorst ? values.front() : values.back(),
             {{"channel", channel}, {"viewer", "worst"}});
}

/// Those of the channels that are listed, whose names are bounded in number.
using Listed = std::vector<std::pair<std::string, Members>>;

Listed listed(const sfu::MediaStats& media, std::map<std::string, Members> channels) {
  Listed found;
  for (const auto& entry : media.channels) {
    found.emplace_back(entry.channel, std::move(channels[entry.channel]));
  }
  return found;
}

void addCounts(Exposition& page, const Listed& channels) {
  auto members = page.gauge("rtcpub_channel_members", "Members of a channel.");
  auto thinned = page.gauge("rtcpub_channel_thinned_viewers",
                            "Viewers that get less than their paths carry, for an overload.");
  auto lacking = page.gauge("rtcpub_channel_viewers_without_codec", kLacking);
  for (const auto& [channel, of] : channels) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      members.add(static_cast<double>(of.ofKind[kind]),
                  {{"channel", channel}, {"kind", kKindNames[kind]}});
    }
    thinned.add(static_cast<double>(of.thinned), {{"channel", channel}});
    lacking.add(static_cast<double>(of.lacking), {{"channel", channel}});
  }
}

void addPaths(Exposition& page, const Listed& channels) {
  auto connected = page.gauge("rtcpub_channel_publisher_connected",
                              "1 if the publisher's media was heard of in the last seconds.");
  auto rtt = page.gauge("rtcpub_channel_publisher_rtt_seconds",
                        "The round trip between server and publisher.");
  auto rtts = page.gauge("rtcpub_channel_viewer_rtt_seconds",
                         "The round trips between server and viewers: the median and the longest.");
  auto estimates =
      page.gauge("rtcpub_channel_viewer_estimate_bytes_per_second",
                 "What the paths to viewers carry, as estimated: the median and the least.");
  for (const auto& [channel, of] : channels) {
    connected.add(of.publisherConnected ? 1 : 0, {{"channel", channel}});
    if (of.publisherRtt) rtt.add(*of.publisherRtt, {{"channel", channel}});
    addViewers(rtts, channel, of.rtts, false);
    addViewers(estimates, channel, of.estimates, true);
  }
}

}  // namespace

void addTrafficMetrics(Exposition& page, const sfu::MediaStats& media) {
  for (auto first = kCounters.begin(); first != kCounters.end();) {
    const std::string_view name = first->name;
    const auto end = std::find_if(first, kCounters.end(),
                                  [&](const Counter& other) { return name != other.name; });
    auto all = page.counter("rtcpub_" + std::string(name), first->help);
    for (auto counter = first; counter != end; ++counter) {
      addCounter(all, *counter, media.totals, {});
    }
    auto byChannel = page.counter("rtcpub_channel_" + std::string(name),
                                  "By channel: " + std::string(first->help));
    for (const auto& [channel, totals] : media.channels) {
      for (auto counter = first; counter != end; ++counter) {
        addCounter(byChannel, *counter, totals, {{"channel", channel}});
      }
    }
    first = end;
  }
}

void addMemberMetrics(Exposition& page, const Hub& hub, const sfu::MediaStats& media) {
  Members all;
  for (const auto& [id, member] : hub.members()) count(all, kindOf(hub, id, member), member);
  auto members = page.gauge("rtcpub_members", "Members of all channels.");
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    members.add(static_cast<double>(all.ofKind[kind]), {{"kind", kKindNames[kind]}});
  }
  page.gauge("rtcpub_silent_members", "Members from which nothing comes at the moment.")
      .add(static_cast<double>(all.silent));
  page.gauge("rtcpub_channels", "Channels that have a publisher or a viewer.")
      .add(static_cast<double>(hub.channels().size()));
  page.gauge("rtcpub_unlisted_channels",
             "Channels that are there, but too many to be told one by one: they count in all only.")
      .add(static_cast<double>(media.unlistedChannels));
  auto byChannel = membersByChannel(hub, media);
  std::size_t lacking = 0;
  for (const auto& [channel, of] : byChannel) lacking += of.lacking;
  page.gauge("rtcpub_viewers_without_codec", kLacking).add(static_cast<double>(lacking));
  const auto channels = listed(media, std::move(byChannel));
  addCounts(page, channels);
  addPaths(page, channels);
}

}  // namespace rtcpub
