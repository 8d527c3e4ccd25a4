#include "core/control/lease_message.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/text/text.h"

namespace rtcpub::control {
namespace {

TEST(LeaseMessage, SaysWhatAClientWants) {
  EXPECT_EQ(format(LeaseMessageToServer(LeaseRequest{})), R"({"request":{}})");
  EXPECT_EQ(format(LeaseMessageToServer(LeaseRequest{.takeOver = true})),
            R"({"request":{"take_over":true}})");
  EXPECT_EQ(format(LeaseMessageToServer(LeaseRelease{})), R"({"release":{}})");
  EXPECT_EQ(format(LeaseMessageToServer(LeaseReply{.to = 6, .give = true})),
            R"({"reply":{"to":6,"give":true}})");
  EXPECT_EQ(format(LeaseMessageToServer(EmergencyStop{"a dog"})), R"({"estop":{"why":"a dog"}})");
  EXPECT_EQ(format(LeaseMessageToServer(EmergencyClear{})), R"({"clear":{}})");
}

TEST(LeaseMessage, SaysWhatTheServerHasToTell) {
  EXPECT_EQ(format(LeaseMessageToClient(DriveNotice{})),
            R"({"drive":{"lease":0,"mine":false,"gated":false}})");
  EXPECT_EQ(format(LeaseMessageToClient(
                DriveNotice{.lease = 3,
                            .driver = Driver{5, "Kim"},
                            .mine = true,
                            .asking = Driver{6, "Bob"},
                            .gated = true,
                            .emergency = DriveNotice::Emergency{"Kim", "a dog", true}})),
            R"({"drive":{"lease":3,"mine":true,"gated":true,"driver":{"id":5,"name":"Kim"},)"
            R"("asking":{"id":6,"name":"Bob"},)"
            R"("emergency":{"by":"Kim","why":"a dog","confirmed":true}}})");
  EXPECT_EQ(format(LeaseMessageToClient(LeaseRefused{"busy", "Bob asks already"})),
            R"({"refused":{"code":"busy","message":"Bob asks already"}})");
  EXPECT_EQ(format(LeaseMessageToClient(StopOrder{2, "Kim", "a dog"})),
            R"({"estop":{"number":2,"by":"Kim","why":"a dog"}})");
  EXPECT_EQ(format(LeaseMessageToClient(ClearOrder{2})), R"({"clear":{"number":2}})");
}

TEST(LeaseMessage, ReadsAllThatItSays) {
  const std::array<LeaseMessageToServer, 6> toServer{
      LeaseRequest{},  LeaseRequest{.takeOver = true},   LeaseRelease{}, LeaseReply{6, true},
      EmergencyStop{}, EmergencyStop{"왜 \"안\" 멈춰?"},
  };
  for (const auto& message : toServer) {
    const auto read = parseLeaseMessageToServer(format(message));
    ASSERT_TRUE(read) << format(message);
    EXPECT_EQ(*read, message);
  }
  const std::array<LeaseMessageToClient, 5> toClient{
      DriveNotice{},
      DriveNotice{.lease = kMaxNumber,
                  .driver = Driver{kMaxNumber, "김"},
                  .mine = true,
                  .asking = Driver{6, ""},
                  .gated = true,
                  .emergency = DriveNotice::Emergency{"Kim", "a dog", true}},
      LeaseRefused{"no-answer", "Kim has not answered within 10 s"},
      StopOrder{2, "Kim", "a dog"},
      ClearOrder{2},
  };
  for (const auto& message : toClient) {
    const auto read = parseLeaseMessageToClient(format(message));
    ASSERT_TRUE(read) << format(message);
    EXPECT_EQ(*read, message);
  }
}

TEST(LeaseMessage, StopsInWhateverFormAStopIsAskedFor) {
  for (const char* text : {R"({"estop":{}})", R"({"estop":null})", R"({"estop":true})",
                           R"({"estop":{"why":7}})", R"({"request":{},"estop":{}})"}) {
    EXPECT_EQ(*parseLeaseMessageToServer(text), LeaseMessageToServer(EmergencyStop{})) << text;
  }
}

TEST(LeaseMessage, KeepsTheBeginningOfAReasonThatIsTooLong) {
  const auto read = parseLeaseMessageToServer(R"({"estop":{"why":"a\u0000\ndog)" +
                                              std::string(999, '!') + "\"}}");
  ASSERT_TRUE(read);
  const auto& why = std::get<EmergencyStop>(*read).why;
  EXPECT_EQ(why, "a  dog" + std::string(194, '!'));
}

TEST(LeaseMessage, CutsNoCharacterInTwo) {
  EXPECT_EQ(forPeople("멈춰", 5), "멈");
  EXPECT_EQ(forPeople("멈춰", 6), "멈춰");
  EXPECT_TRUE(text::isUtf8(forPeople("\xff\xed\xa0\x80 stop", 100)));
}

TEST(LeaseMessage, RefusesWhatCantBeMeant) {
  for (const char* text :
       {"", "close", "[]", "7", "null", "{", R"({"request":7})", R"({"request":[]})",
        R"({"reply":{}})", R"({"reply":{"to":-1,"give":true}})",
        R"({"reply":{"to":1.5,"give":true}})", R"({"reply":{"to":"6","give":true}})",
        R"({"reply":{"to":9007199254740992,"give":true}})", "{\"estop\":{\"why\":\"\xff\"}}"}) {
    const auto read = parseLeaseMessageToServer(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kProtocol) << text;
  }
  for (const char* text :
       {"", "[]", R"({"drive":{}})", R"({"drive":{"lease":-1}})",
        R"({"drive":{"lease":1,"driver":{}}})", R"({"drive":{"lease":1,"asking":7}})",
        R"({"refused":{}})", R"({"estop":{}})", R"({"estop":{"number":0}})", R"({"clear":{}})"}) {
    const auto read = parseLeaseMessageToClient(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kProtocol) << text;
  }
}

TEST(LeaseMessage, TellsWhatItDoesntKnowFromWhatIsWrong) {
  for (const char* text : {"{}", R"({"polite_request":{}})", R"({"request":null})"}) {
    EXPECT_EQ(parseLeaseMessageToServer(text).error().code, ErrorCode::kUnsupported) << text;
    EXPECT_EQ(parseLeaseMessageToClient(text).error().code, ErrorCode::kUnsupported) << text;
  }
}

TEST(LeaseMessage, ReadsNothingThatIsHuge) {
  EXPECT_FALSE(parseLeaseMessageToServer(R"({"estop":{"why":")" + std::string(5000, '!') + "\"}}"));
  EXPECT_FALSE(parseLeaseMessageToServer(std::string(4000, '[')));
}

TEST(LeaseMessage, TellsOfAnEmergencyThatItCantReadAllTheSame) {
  const auto read = parseLeaseMessageToClient(R"({"drive":{"lease":0,"emergency":true}})");
  ASSERT_TRUE(read);
  EXPECT_TRUE(std::get<DriveNotice>(*read).emergency);
}

TEST(LeaseMessage, SaysOnlyUtf8) {
  EXPECT_TRUE(text::isUtf8(format(LeaseMessageToServer(EmergencyStop{"\xff\xfe"}))));
  EXPECT_TRUE(text::isUtf8(format(LeaseMessageToClient(StopOrder{1, "\xff", "\xc3"}))));
}

}  // namespace
}  // namespace rtcpub::control
