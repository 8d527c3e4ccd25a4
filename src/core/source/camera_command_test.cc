#include "core/source/camera_command.h"

#include <gtest/gtest.h>

namespace rtcpub::camera_command {
namespace {

TEST(CameraCommand, SelectsACameraByItsName) {
  EXPECT_EQ(parse(R"({"camera":"rear"})", false), Command(Select{"rear"}));
  EXPECT_EQ(parse(R"( { "camera" : "Straße 1" } )", false), Command(Select{"Straße 1"}));
}

TEST(CameraCommand, AsksForTheList) {
  EXPECT_EQ(parse(R"({"camera":"?"})", false), Command(List{}));
}

TEST(CameraCommand, FollowsTheCarsMotionWhenItShould) {
  EXPECT_EQ(parse(R"({"motion":{"key":"back","value":3}})", true), Command(Select{"rear"}));
  EXPECT_EQ(parse(R"({"motion":{"key":"forward","value":0.5}})", true), Command(Select{"front"}));
  EXPECT_FALSE(parse(R"({"motion":{"key":"back","value":3}})", false));
}

TEST(CameraCommand, LeavesTheCameraWhenTheCarStopsOrTurns) {
  EXPECT_FALSE(parse(R"({"motion":{"key":"back","value":0}})", true));
  EXPECT_FALSE(parse(R"({"motion":{"key":"back","value":-1}})", true));
  EXPECT_FALSE(parse(R"({"motion":{"key":"left","value":5}})", true));
}

TEST(CameraCommand, IsNothingInAnythingElse) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "null",
                           "12",
                           "[]",
                           R"(["camera"])",
                           R"("{\"camera\":\"rear\"}")",
                           "rear",
                           R"({"camera":null})",
                           R"({"camera":7})",
                           R"({"camera":["rear"]})",
                           R"({"camera":{}})",
                           R"({"camera":""})",
                           R"({"Camera":"rear"})",
                           "{\"camera\":\"\xFF\"}",
                           R"({"motion":null})",
                           R"({"motion":"back"})",
                           R"({"motion":{}})",
                           R"({"motion":{"key":"back"}})",
                           R"({"motion":{"key":7,"value":7}})",
                           R"({"motion":{"key":"back","value":"3"}})",
                           R"({"motion":{"key":"back","value":true}})",
                           R"({"motion":{"key":"back","value":1e999}})",
                           R"({"speed":{"key":"maxSpeed","value":400}})"}) {
    EXPECT_FALSE(parse(text, true)) << text;
  }
}

TEST(CameraCommand, IsNothingInWhatIsTooLongOrTooDeep) {
  EXPECT_FALSE(parse(R"({"camera":")" + std::string(1024, 'a') + R"("})", true));
  EXPECT_FALSE(parse(std::string(200'000, '['), true));
  EXPECT_FALSE(parse(R"({"camera":)" + std::string(1000, '['), true));
}

TEST(CameraCommand, TellsTheCamerasAndTheOneOnTheAir) {
  EXPECT_EQ(format({"front", "rear"}, "rear"), R"({"cameras":["front","rear"],"camera":"rear"})");
}

TEST(CameraCommand, TellsAnyNameAsJson) {
  EXPECT_EQ(format({"a\"\n\xFF"}, "a\"\n\xFF"),
            "{\"cameras\":[\"a\\\"\\n\xEF\xBF\xBD\"],\"camera\":\"a\\\"\\n\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace rtcpub::camera_command
