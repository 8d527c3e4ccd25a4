#include "core/hub/lobby.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub {
namespace {

using spider::Joins;
using spider::Role;
using testing::ElementsAre;
using testing::IsEmpty;

/// Actions as text: "1 <- x 1/2" is `joins` of channel x, one publisher and two subscribers, to 1.
std::vector<std::string> texts(const std::vector<Lobby::Action>& actions) {
  std::vector<std::string> out;
  for (const auto& action : actions) {
    if (const auto* notify = std::get_if<Lobby::Notify>(&action)) {
      const auto& joins = std::get<Joins>(notify->message);
      out.push_back(std::to_string(notify->to) + " <- " + joins.channel + " " +
                    std::to_string(joins.publishers) + "/" + std::to_string(joins.subscribers));
    } else {
      const auto& evict = std::get<Lobby::Evict>(action);
      out.push_back(std::to_string(evict.client) + " evicted: " + evict.why.code);
    }
  }
  return out;
}

std::vector<std::string> channelsOf(const Lobby& lobby) {
  std::vector<std::string> out;
  for (const auto& channel : lobby.channels()) {
    out.push_back(channel.id + (channel.publisher ? " 1/" : " 0/") +
                  std::to_string(channel.subscribers));
  }
  return out;
}

TEST(Lobby, TellsEveryMemberOfEachChange) {
  Lobby lobby;
  EXPECT_THAT(texts(lobby.enter(1, Role::kPublisher, "x")), ElementsAre("1 <- x 1/0"));
  EXPECT_THAT(texts(lobby.enter(2, Role::kSubscriber, "x")),
              ElementsAre("1 <- x 1/1", "2 <- x 1/1"));
  EXPECT_THAT(texts(lobby.enter(3, Role::kSubscriber, "x")),
              ElementsAre("1 <- x 1/2", "2 <- x 1/2", "3 <- x 1/2"));
  EXPECT_THAT(texts(lobby.leave(2)), ElementsAre("1 <- x 1/1", "3 <- x 1/1"));
  EXPECT_THAT(texts(lobby.leave(1)), ElementsAre("3 <- x 0/1"));
  EXPECT_THAT(texts(lobby.leave(3)), IsEmpty());
}

TEST(Lobby, LetsSubscribersWaitForThePublisher) {
  Lobby lobby;
  EXPECT_THAT(texts(lobby.enter(1, Role::kSubscriber, "x")), ElementsAre("1 <- x 0/1"));
  EXPECT_THAT(texts(lobby.enter(2, Role::kPublisher, "x")),
              ElementsAre("2 <- x 1/1", "1 <- x 1/1"));
}

TEST(Lobby, EvictsTheOldPublisherWhenANewOneComes) {
  Lobby lobby;
  (void)lobby.enter(1, Role::kPublisher, "x");
  (void)lobby.enter(2, Role::kSubscriber, "x");
  EXPECT_THAT(texts(lobby.enter(3, Role::kPublisher, "x")),
              ElementsAre("1 evicted: replaced", "3 <- x 1/1", "2 <- x 1/1"));
  EXPECT_THAT(texts(lobby.leave(1)), IsEmpty());
  EXPECT_THAT(channelsOf(lobby), ElementsAre("x 1/1"));
}

TEST(Lobby, TellsNobodyElseWhenAMemberComesAgain) {
  Lobby lobby;
  (void)lobby.enter(1, Role::kPublisher, "x");
  (void)lobby.enter(2, Role::kSubscriber, "x");
  EXPECT_THAT(texts(lobby.enter(1, Role::kPublisher, "x")), ElementsAre("1 <- x 1/1"));
  EXPECT_THAT(texts(lobby.enter(2, Role::kSubscriber, "x")), ElementsAre("2 <- x 1/1"));
  EXPECT_THAT(channelsOf(lobby), ElementsAre("x 1/1"));
}

TEST(Lobby, GreetsOnlyThoseThatHaveAPlace) {
  Lobby lobby;
  (void)lobby.enter(1, Role::kPublisher, "x");
  (void)lobby.enter(2, Role::kSubscriber, "x");
  EXPECT_THAT(texts(lobby.greet(1)), ElementsAre("1 <- x 1/1"));
  EXPECT_THAT(texts(lobby.greet(2)), ElementsAre("2 <- x 1/1"));
  EXPECT_THAT(texts(lobby.greet(3)), IsEmpty());
  (void)lobby.enter(3, Role::kPublisher, "x");
  EXPECT_THAT(texts(lobby.greet(1)), IsEmpty()) << "it was replaced";
}

TEST(Lobby, KeepsChannelsApart) {
  Lobby lobby;
  (void)lobby.enter(1, Role::kPublisher, "x");
  EXPECT_THAT(texts(lobby.enter(2, Role::kPublisher, "y")), ElementsAre("2 <- y 1/0"));
  EXPECT_THAT(texts(lobby.leave(2)), IsEmpty());
  EXPECT_THAT(channelsOf(lobby), ElementsAre("x 1/0"));
}

TEST(Lobby, MovesAClientThatEntersAnotherPlace) {
  Lobby lobby;
  (void)lobby.enter(1, Role::kPublisher, "x");
  (void)lobby.enter(2, Role::kSubscriber, "x");
  EXPECT_THAT(texts(lobby.enter(2, Role::kSubscriber, "y")),
              ElementsAre("1 <- x 1/0", "2 <- y 0/1"));
  EXPECT_THAT(texts(lobby.enter(2, Role::kPublisher, "y")), ElementsAre("2 <- y 1/0"));
  EXPECT_THAT(channelsOf(lobby), ElementsAre("x 1/0", "y 1/0"));
}

TEST(Lobby, ListsChannelsSortedAndForgetsEmptyOnes) {
  Lobby lobby;
  EXPECT_THAT(channelsOf(lobby), IsEmpty());
  (void)lobby.enter(1, Role::kSubscriber, "b");
  (void)lobby.enter(2, Role::kPublisher, "a");
  EXPECT_THAT(channelsOf(lobby), ElementsAre("a 1/0", "b 0/1"));
  (void)lobby.leave(2);
  (void)lobby.leave(1);
  EXPECT_THAT(channelsOf(lobby), IsEmpty());
}

TEST(Lobby, DoesNotMindThatAStrangerLeaves) {
  Lobby lobby;
  EXPECT_THAT(texts(lobby.leave(7)), IsEmpty());
}

}  // namespace
}  // namespace rtcpub
