#include "core/data/bounded_messages.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(BoundedMessages, HandsOutMessagesInTheirOrder) {
  BoundedMessages messages(4, 100);
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(messages.front(), nullptr);
  messages.push("a");
  messages.push(Message::bytes("b"));
  ASSERT_NE(messages.front(), nullptr);
  EXPECT_EQ(*messages.front(), Message("a"));
  messages.pop();
  EXPECT_EQ(*messages.front(), Message::bytes("b"));
  messages.pop();
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(messages.dropped(), 0U);
}

TEST(BoundedMessages, DropsTheOldestWhenThereAreTooMany) {
  BoundedMessages messages(2, 100);
  for (const char* text : {"a", "b", "c"}) messages.push(text);
  EXPECT_EQ(*messages.front(), Message("b"));
  EXPECT_EQ(messages.dropped(), 1U);
}

TEST(BoundedMessages, DropsTheOldestWhenTheyAreTooLarge) {
  BoundedMessages messages(10, 10);
  messages.push("1234");
  messages.push("56");
  messages.push("7890");
  EXPECT_EQ(messages.dropped(), 0U);
  messages.push("12345");
  EXPECT_EQ(*messages.front(), Message("7890"));
  EXPECT_EQ(messages.dropped(), 2U);
}

TEST(BoundedMessages, DropsAMessageThatIsTooLargeByItself) {
  BoundedMessages messages(10, 10);
  messages.push("small");
  messages.push("larger than ten");
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(messages.dropped(), 2U);
}

TEST(BoundedMessages, HasRoomAgainForWhatWasTaken) {
  BoundedMessages messages(1, 10);
  for (int i = 0; i < 100; ++i) {
    messages.push("1234567890");
    messages.pop();
  }
  EXPECT_EQ(messages.dropped(), 0U);
}

TEST(BoundedMessages, DropsWhatIsTooOld) {
  BoundedMessages messages(10, 100);
  messages.push("a", Time(std::chrono::milliseconds(1)));
  messages.push("b", Time(std::chrono::milliseconds(2)));
  messages.dropBefore(Time(std::chrono::milliseconds(2)));
  EXPECT_EQ(messages.dropped(), 1U);
  EXPECT_EQ(*messages.front(), Message("b"));
  messages.drop();
  EXPECT_TRUE(messages.empty());
  EXPECT_EQ(messages.dropped(), 2U);
}

}  // namespace
}  // namespace rtcpub
