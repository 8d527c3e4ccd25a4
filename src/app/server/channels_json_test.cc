#include "app/server/channels_json.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

bool all(std::string_view /*channel*/) { return true; }

Membership member(const std::string& channel, Rights rights, const std::string& name = "") {
  return {.channel = channel, .rights = rights, .name = name};
}

/// A robot that publishes on car-1, another that waits for it, and a viewer each there and on
/// car-2.
Hub hub() {
  Hub hub;
  (void)hub.enter(1, member("car-1", Right::kPublish, "Robot \"one\""));
  (void)hub.enter(2, member("car-1", {Right::kView, Right::kDrive}, "Kim"));
  (void)hub.enter(3, member("car-2", Right::kView));
  (void)hub.enter(4, member("car-1", Right::kPublish));
  return hub;
}

TEST(ChannelsJson, ListsChannelsWithTheirPublisherAndCountsViewers) {
  EXPECT_EQ(channelsJson(hub(), {}, all),
            R"({"channels":[{"id":"car-1","publisher":{"connected":false,"codec":"","kbps":0,)"
            R"("packets":0,"lost":0,"recovered":0},"subscribers":1},)"
            R"({"id":"car-2","publisher":null,"subscribers":1}]})");
}

TEST(ChannelsJson, TellsOfThePublisherThatHasTheChannel) {
  sfu::MediaStats stats;
  for (const MemberId id : {1, 4}) {
    stats.members.push_back({.member = id, .channel = "car-1", .codec = id == 1 ? "VP8" : "H264"});
  }
  EXPECT_NE(channelsJson(hub(), stats, all).find(R"("codec":"VP8")"), std::string::npos);
  EXPECT_EQ(channelsJson(hub(), stats, all).find("H264"), std::string::npos);
}

TEST(ChannelsJson, ListsOnlyWhatOneMayView) {
  const auto isSecond = [](std::string_view channel) { return channel == "car-2"; };
  EXPECT_EQ(channelsJson(hub(), {}, isSecond),
            R"({"channels":[{"id":"car-2","publisher":null,"subscribers":1}]})");
  EXPECT_EQ(channelsJson(hub(), {}, [](std::string_view) { return false; }), R"({"channels":[]})");
}

TEST(ChannelsJson, SumsWhatViewersSentWithoutTheRightTo) {
  sfu::MediaStats stats;
  stats.members.push_back({.member = 2, .channel = "car-1", .refusedMessages = 3});
  EXPECT_NE(channelsJson(hub(), stats, all).find(R"("refused_messages":3)"), std::string::npos);
}

TEST(ChannelsJson, TellsWhoDrivesAndOfAnEmergencyStop) {
  Hub driven = hub();
  (void)driven.onLeaseMessage(2, control::LeaseRequest{}, Time{});
  (void)driven.onEmergency("car-1", true);
  EXPECT_NE(channelsJson(driven, {}, all)
                .find(R"("subscribers":1,"driver":{"id":2,"name":"Kim"},"emergency":true})"),
            std::string::npos);
}

TEST(ChannelsJson, ListsMembersWithNamesAndRightsForWhoeverLooksAfterThem) {
  const auto isFirst = [](std::string_view channel) { return channel == "car-1"; };
  EXPECT_EQ(membersJson(hub(), isFirst),
            R"({"members":[{"id":1,"channel":"car-1","name":"Robot \"one\"","rights":["publish"],)"
            R"("present":true,"publishing":true},)"
            R"({"id":2,"channel":"car-1","name":"Kim","rights":["view","drive"],"present":true},)"
            R"({"id":4,"channel":"car-1","name":"","rights":["publish"],"present":true,)"
            R"("publishing":false}]})");
}

TEST(ChannelsJson, WritesNamesThatAreNoUtf8) {
  Hub hub;
  (void)hub.enter(1, member("x", Right::kView, "caf\xe9"));
  EXPECT_NE(membersJson(hub, all).find("caf\xef\xbf\xbd"), std::string::npos);
}

}  // namespace
}  // namespace rtcpub
