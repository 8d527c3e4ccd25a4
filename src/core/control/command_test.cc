#include "core/control/command.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rtcpub::control {
namespace {

const std::string kGood =
    R"({"command":{"lease":3,"seq":17,"given":1234567890123,"bound":400,"life":150,)"
    R"("axes":{"steering":-0.2,"throttle":0.5},"saw":{"rtp":4000000000}}})";

/// The good one with a part of it exchanged.
std::string with(const std::string& part, const std::string& other) {
  std::string text = kGood;
  return text.replace(text.find(part), part.size(), other);
}

std::string errorOf(const std::string& text) {
  const auto command = parseCommand(text);
  return command ? "none" : command.error().message;
}

TEST(Command, IsReadAndWritten) {
  const auto command = parseCommand(kGood);
  ASSERT_TRUE(command) << command.error().message;
  EXPECT_EQ(*command, (Command{.lease = 3,
                               .sequence = 17,
                               .givenUs = 1'234'567'890'123,
                               .boundUs = 400,
                               .life = std::chrono::milliseconds(150),
                               .axes = {{"steering", -0.2}, {"throttle", 0.5}},
                               .sawRtp = 4'000'000'000}));
  EXPECT_EQ(format(*command), kGood);
}

TEST(Command, SaysWhenItsPictureWasTaken) {
  const Command command{.lease = 1, .sequence = 1, .sawNtpUs = 3'970'000'000'000'000, .old = true};
  EXPECT_EQ(parseCommand(format(command)), command);
}

TEST(Command, LeavesOutAxesAtRest) {
  const auto command = parseCommand(with("-0.2", "0"));
  ASSERT_TRUE(command);
  EXPECT_EQ(command->axes, (Axes{{"throttle", 0.5}}));
}

TEST(Command, TakesFractionsOfAMicrosecond) {
  const auto command = parseCommand(with("1234567890123", "1234567890123.4"));
  ASSERT_TRUE(command);
  EXPECT_EQ(command->givenUs, 1'234'567'890'123);
}

TEST(Command, RefusesWhatCannotBeOne) {
  EXPECT_EQ(errorOf(""), "command: it is no JSON object");
  EXPECT_EQ(errorOf("{}"), "command: there is none in it");
  EXPECT_EQ(errorOf(R"({"command":[]})"), "command: there is none in it");
  EXPECT_EQ(errorOf(std::string(5000, ' ')), "command: it is over 4096 bytes long");
  EXPECT_EQ(errorOf(std::string(100, '[')), "command: it has too many parts");
  EXPECT_EQ(errorOf(with("\"lease\":3", "\"lease\":0")),
            "command: lease is no whole number from 1 on");
  EXPECT_EQ(errorOf(with("\"seq\":17", "\"seq\":\"17\"")),
            "command: seq is no whole number from 1 on");
  EXPECT_EQ(errorOf(with("1234567890123", "1e300")), "command: given is no time in microseconds");
  EXPECT_EQ(errorOf(with("400", "-1")), "command: bound is no time of up to 10 s in microseconds");
  EXPECT_EQ(errorOf(with("150", "1001")), "command: life is no time of 20 to 1000 ms");
}

TEST(Command, RefusesAxesThatAreNoNumbersFromMinusOneToOne) {
  EXPECT_EQ(errorOf(with("0.5", "1e308")), "command: axis \"throttle\" is no number from -1 to 1");
  EXPECT_EQ(errorOf(with("0.5", "null")), "command: axis \"throttle\" is no number");
  EXPECT_EQ(errorOf(with("0.5", "NaN")), "command: it is no JSON object");
  EXPECT_EQ(errorOf(with("\"throttle\"", "\"a b\"")),
            "command: axis \"a b\": a name has 1 to 32 of A-Z a-z 0-9 _ . -");
  Axes many;
  for (std::size_t i = 0; i <= kMaxAxes; ++i) many["a" + std::to_string(i)] = 1;
  EXPECT_EQ(checkAxes(many).error().message, "33 axes: 32 at most are taken");
  EXPECT_FALSE(checkAxes({{"x", std::nan("")}}));
}

}  // namespace
}  // namespace rtcpub::control
