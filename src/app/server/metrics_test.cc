#include "app/server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rtcpub {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr MemberId kRobot = 1;
constexpr MemberId kNewRobot = 2;
constexpr MemberId kWatcher = 3;
constexpr MemberId kDriver = 4;

class Metrics : public testing::Test {
 protected:
  void enter(MemberId id, Rights rights, const std::string& channel = "car") {
    (void)hub.enter(id, {.channel = channel, .rights = rights});
  }

  [[nodiscard]] ServerFigures figures() const {
    return {.version = "1.2.3", .hub = hub, .media = media};
  }
  [[nodiscard]] std::string text() const { return metricsText(figures()); }

  Hub hub;
  sfu::MediaStats media{.channels = {{"car", {}}}};
};

TEST_F(Metrics, NamesItsVersion) {
  EXPECT_THAT(text(), HasSubstr("rtcpub_build_info{version=\"1.2.3\"} 1\n"));
}

TEST_F(Metrics, TellsOfAnEmptyServerWithoutInventingFigures) {
  media.channels.clear();
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_members{kind=\"publisher\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_received_packets_total 0\n"));
  EXPECT_THAT(page, Not(HasSubstr("channel=")));
  EXPECT_THAT(page, Not(HasSubstr("certificate_expiry_timestamp_seconds 0")));
  EXPECT_THAT(page, Not(HasSubstr("process_")));
}

TEST_F(Metrics, CountsMembersByWhatTheyMayDo) {
  enter(kRobot, Right::kPublish);
  enter(kNewRobot, Right::kPublish);
  enter(kWatcher, Right::kView);
  enter(kDriver, {Right::kView, Right::kDrive});
  const std::string page = text();
  for (const auto* kind : {"publisher", "waiting", "viewer", "driver"}) {
    EXPECT_THAT(page, HasSubstr("rtcpub_members{kind=\"" + std::string(kind) + "\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("rtcpub_channel_members{channel=\"car\",kind=\"" +
                                std::string(kind) + "\"} 1\n"));
  }
  EXPECT_THAT(page, HasSubstr("rtcpub_channels 1\n"));
}

TEST_F(Metrics, CountsMembersOfAChannelThatIsNotListedInAllOnly) {
  enter(kWatcher, Right::kView, "other");
  media.unlistedChannels = 1;
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_members{kind=\"viewer\"} 1\n"));
  EXPECT_THAT(page, Not(HasSubstr("channel=\"other\"")));
  EXPECT_THAT(page, HasSubstr("rtcpub_unlisted_channels 1\n"));
}

TEST_F(Metrics, TellsTheMedianAndTheWorstViewer) {
  enter(kRobot, Right::kPublish);
  for (MemberId id = 10; id < 15; ++id) {
    enter(id, Right::kView);
    const auto number = static_cast<double>(id - 10);
    media.members.push_back(
        {.member = id, .rttMs = 10 + number, .estimateKbps = 800 + 80 * number});
  }
  const std::string page = text();
  const std::string of = "{channel=\"car\",viewer=";
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_viewer_rtt_seconds" + of + "\"median\"} 0.012\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_viewer_rtt_seconds" + of + "\"worst\"} 0.014\n"));
  const std::string estimate = "rtcpub_channel_viewer_estimate_bytes_per_second" + of;
  EXPECT_THAT(page, HasSubstr(estimate + "\"median\"} 120000\n"));
  EXPECT_THAT(page, HasSubstr(estimate + "\"worst\"} 100000\n"));
}

TEST_F(Metrics, TellsHowThePublisherDoes) {
  enter(kRobot, Right::kPublish);
  media.members.push_back({.member = kRobot, .connected = true, .rttMs = 25});
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_publisher_connected{channel=\"car\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_publisher_rtt_seconds{channel=\"car\"} 0.025\n"));
}

TEST_F(Metrics, LeavesOutAFigureThatIsNotFinite) {
  enter(kRobot, Right::kPublish);
  enter(kWatcher, Right::kView);
  media.members.push_back({.member = kRobot, .rttMs = std::nan("")});
  media.members.push_back({.member = kWatcher,
                           .rttMs = std::numeric_limits<double>::infinity(),
                           .estimateKbps = -std::numeric_limits<double>::infinity()});
  media.busy = std::nan("");
  const std::string page = text();
  EXPECT_THAT(page, Not(HasSubstr("Nan\n")));
  EXPECT_THAT(page, Not(HasSubstr("Inf\n")));
  EXPECT_THAT(page, HasSubstr("rtcpub_members{kind=\"viewer\"} 1\n"));
}

TEST_F(Metrics, TellsTotalsInAllAndByChannel) {
  media.totals = {.receivedPackets = 30, .repairedByFec = 3, .droppedMessages = {.noRight = 4}};
  media.totals.control = {.forwarded = 50, .notDriver = 5, .emergencyStops = 1};
  media.channels = {{"car", {.receivedPackets = 10, .droppedMessages = {.stale = 2}}}};
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_received_packets_total 30\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_received_packets_total{channel=\"car\"} 10\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_repaired_packets_total{by=\"fec\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_repaired_packets_total{by=\"rtx\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_dropped_messages_total{reason=\"no_right\"} 4\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_forwarded_commands_total 50\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_refused_commands_total{reason=\"not_driver\"} 5\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_emergency_stops_total 1\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_lease_changes_total 0\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_channel_dropped_messages_total{channel=\"car\","
                              "reason=\"stale\"} 2\n"));
}

TEST_F(Metrics, TellsAnOverloadInTotalAndWhileItLasts) {
  media.busy = 0.97;
  media.overloadedFor = std::chrono::milliseconds(2500);
  EXPECT_THAT(text(), HasSubstr("rtcpub_overloaded 0\n"));
  media.overload = sfu::OverloadReport{.onLowestLayer = 3, .onKeyFrames = 2};
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_overloaded 1\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_overload_seconds_total 2.5\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_media_busy_ratio 0.97\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_thinned_viewers{level=\"lowest_layer\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_thinned_viewers{level=\"key_frames\"} 2\n"));
}

TEST_F(Metrics, CountsRefusalsByTheirCode) {
  auto counted = figures();
  counted.refusals = {{"expired", 2}, {"no-token", 5}};
  counted.refusedOffers = {{"bad-offer", 1}};
  counted.evictions = {{"replaced", 3}};
  const std::string page = metricsText(counted);
  EXPECT_THAT(page, HasSubstr("rtcpub_refusals_total{code=\"expired\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_refusals_total{code=\"no-token\"} 5\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_refused_offers_total{code=\"bad-offer\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_evictions_total{code=\"replaced\"} 3\n"));
}

TEST_F(Metrics, BeginsEachCodeAtZero) {
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("rtcpub_refusals_total{code=\"no-token\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_refused_offers_total{code=\"bad-offer\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_evictions_total{code=\"removed\"} 0\n"));
}

TEST_F(Metrics, TellsBothLoopsApart) {
  DurationHistogram lag;
  lag.observe(std::chrono::milliseconds(3));
  media.lag.observe(std::chrono::milliseconds(300));
  auto late = figures();
  late.signallingLag = lag;
  const std::string page = metricsText(late);
  EXPECT_THAT(page, HasSubstr("rtcpub_loop_lag_seconds_sum{loop=\"signalling\"} 0.003\n"));
  EXPECT_THAT(page, HasSubstr("rtcpub_loop_lag_seconds_sum{loop=\"media\"} 0.3\n"));
}

}  // namespace
}  // namespace rtcpub
