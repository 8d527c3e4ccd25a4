#include "core/control/motion.h"

#include <gtest/gtest.h>

namespace rtcpub::control {
namespace {

using Texts = std::vector<std::string>;

TEST(Motion, SaysWhatItsKeyDoesToAnAxis) {
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"forward","value":5}})"), (Motion{"throttle", 0.5}));
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"back","value":10}})"), (Motion{"throttle", -1}));
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"right","value":1}})"), (Motion{"steering", 0.1}));
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"left","value":2.5}})"), (Motion{"steering", -0.25}));
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"back","value":0}})")->value, 0);
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"forward","value":400}})")->value, 1);
}

TEST(Motion, IsNothingElse) {
  for (const char* text :
       {"", "forward", "[]", R"({"camera":"rear"})", R"({"motion":"forward"})",
        R"({"motion":{"key":"up","value":1}})", R"({"motion":{"key":"forward"}})",
        R"({"motion":{"key":"forward","value":"5"}})",
        R"({"motion":{"key":"forward","value":-5}})"}) {
    EXPECT_EQ(parseMotion(text), std::nullopt) << text;
  }
  EXPECT_EQ(parseMotion(R"({"motion":{"key":"forward","value":5}})" + std::string(300, ' ')),
            std::nullopt);
}

TEST(Motion, MayBeWhateverAProgramReadsAsThat) {
  const std::string padded =
      R"({"pad":")" + std::string(5000, ' ') + R"(","motion":{"key":"forward","value":9}})";
  for (const std::string& text :
       {std::string(R"({"motion":{"key":"forward","value":NaN}})"), std::string(R"({"motion":7})"),
        std::string(R"({"x":1,"motion":null})"),
        std::string(R"({"\u006dotion":{"key":"forward","value":9}})"), padded,
        std::string("{\0\"\0m\0o\0t\0i\0o\0n\0\"\0:\0007\0}\0", 24),  // Python reads UTF-16, too
        std::string("\xfe\xff\0{\0\"\0m\0o\0t\0i\0o\0n\0\"\0:\xac\0\0}", 26),
        std::string("\0\0\xfe\xff\0\0\0{\0\0\0\"motion\":NaN}", 24),
        std::string("\xef\xbb\xbf{\"motion\":{\"key\":\"back\",\"value\":10},\"x\":NaN}")}) {
    EXPECT_TRUE(saysMotion(text)) << text;
  }
  for (const char* text : {"", "hello", R"({"speed":{"key":"maxSpeed","value":400}})",
                           R"({"camera":"rear"})", R"(["motion"])", R"("motion")", "motion"}) {
    EXPECT_FALSE(saysMotion(text)) << text;
  }
  EXPECT_FALSE(saysMotion(std::string_view("{\0\1 bytes", 9)));
}

TEST(Motion, ChangesOneAxisAndLeavesTheOther) {
  Axes axes;
  apply({"throttle", 0.5}, axes);
  apply({"steering", -1}, axes);
  EXPECT_EQ(axes, (Axes{{"steering", -1}, {"throttle", 0.5}}));
  apply({"throttle", 0}, axes);
  EXPECT_EQ(axes, (Axes{{"steering", -1}}));
}

TEST(Motion, TellsAnOldProgramWhatHasChangedForIt) {
  EXPECT_EQ(motionsOf({}, {{"throttle", 0.5}, {"steering", -0.2}}),
            (Texts{R"({"motion":{"key":"forward","value":5}})",
                   R"({"motion":{"key":"left","value":2}})"}));
  EXPECT_EQ(motionsOf({{"throttle", 0.5}}, {{"throttle", 0.52}}), Texts{});
  EXPECT_EQ(motionsOf({{"throttle", 0.5}}, {{"throttle", -0.5}}),
            (Texts{R"({"motion":{"key":"back","value":5}})"}));
  EXPECT_EQ(motionsOf({{"throttle", 0.5}}, {}),
            (Texts{R"({"motion":{"key":"forward","value":0}})"}));
  EXPECT_EQ(motionsOf({}, {{"throttle", 0.001}}),
            (Texts{R"({"motion":{"key":"forward","value":1}})"}));
  EXPECT_EQ(motionsOf({}, {{"arm", 1}}), Texts{});
}

}  // namespace
}  // namespace rtcpub::control
