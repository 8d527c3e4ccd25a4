#include "core/spider/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rtcpub::spider {
namespace {

using testing::HasSubstr;

Error errorOf(std::string_view text) {
  const auto result = parse(text);
  return result ? Error{ErrorCode::kInternal, "no error"} : result.error();
}

std::string protocolErrorOf(std::string_view text) {
  const auto error = errorOf(text);
  EXPECT_EQ(error.code, ErrorCode::kProtocol) << text.substr(0, 100);
  return error.message;
}

std::string repeated(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Spider, ReadsOfferAndAnswer) {
  EXPECT_EQ(parse(R"({"type":"offer","data":"v=0\r\n"})"), Message(Offer{"v=0\r\n"}));
  EXPECT_EQ(parse(R"({"data":"v=0","type":"answer","more":1})"), Message(Answer{"v=0"}));
}

TEST(Spider, ReadsTheOldCandidateWithAndWithoutItsPrefix) {
  const Message expected = Candidate{"candidate:1 1 udp 1 192.0.2.1 9 typ host", {}, {}, {}};
  EXPECT_EQ(parse(R"({"type":"candidate","data":"candidate:1 1 udp 1 192.0.2.1 9 typ host"})"),
            expected);
  EXPECT_EQ(
      parse(R"({"type":"candidate","data":"a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"})"),
      expected);
  EXPECT_EQ(parse(R"({"type":"candidate","data":""})"), Message(Candidate{}));
}

TEST(Spider, ReadsTheNewCandidate) {
  EXPECT_EQ(
      parse(
          R"({"type":"candidate2","data":"{\"candidate\":\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":1,\"usernameFragment\":\"abcd\"}"})"),
      Message(Candidate{"candidate:1", "0", 1, "abcd"}));
  EXPECT_EQ(
      parse(
          R"({"type":"candidate2","data":"{\"candidate\":\"\",\"sdpMid\":null,\"sdpMLineIndex\":null}"})"),
      Message(Candidate{}));
}

TEST(Spider, ReadsWhatServersSay) {
  EXPECT_EQ(
      parse(R"({"type":"joins","data":"{\"channel\":\"x\",\"publishers\":1,\"subscribers\":2}"})"),
      Message(Joins{"x", 1, 2}));
  EXPECT_EQ(parse(R"({"type":"error","data":"{\"code\":\"replaced\",\"message\":\"m\"}"})"),
            Message(ServerError{"replaced", "m"}));
  EXPECT_EQ(parse(R"({"type":"notice","data":"{\"code\":\"no-right\",\"message\":\"m\"}"})"),
            Message(Notice{"no-right", "m"}));
  EXPECT_EQ(parse("close"), Message(Close{}));
}

TEST(Spider, ReadsPingsWithAnyDataOrNone) {
  for (const auto* ping :
       {R"({"type":"ping"})", R"({"type":"ping","data":""})", R"({"type":"ping","data":null})"}) {
    EXPECT_EQ(parse(ping), Message(Ping{})) << ping;
  }
}

TEST(Spider, WritesWhatItReads) {
  for (const Message& message :
       {Message(Offer{"v=0\r\n\"x\"\xc3\xa9"}), Message(Answer{""}), Message(Candidate{}),
        Message(Candidate{"candidate:1", "a\"b", 65535, "u"}), Message(Joins{"x", 0, 200}),
        Message(Ping{}), Message(ServerError{"replaced", "why"}), Message(Close{}),
        Message(Joins{"x", 1, 2, {"chat", "caf\xc3\xa9"}}), Message(Notice{"no-right", "why"}),
        Message(DriverNews{}), Message(DriverNews{DriverNews::Person{5, "Kim"}, true}),
        Message(Codecs{{"H264 High (6400)", {"VP8", "VP9"}, 3, 1, 2, 3, 3}})}) {
    EXPECT_EQ(parse(format(message)), message) << format(message);
  }
}

TEST(Spider, PutsOpenDataChannelsBesideTheOffer) {
  const Message offer = Offer{"v=0", {"chat", "a\"b"}};
  EXPECT_EQ(format(offer), R"({"type":"offer","data":"v=0","open":["chat","a\"b"]})");
  EXPECT_EQ(parse(format(offer)), offer);
}

TEST(Spider, OpensNothingThatIsNotNamedAsItShouldBe) {
  const std::string many = "[" + std::string(R"("a")") + [] {
    std::string rest;
    for (int i = 0; i < 64; ++i) rest += R"(,"a")";
    return rest;
  }() + "]";
  for (const std::string& open : {std::string("1"), std::string(R"("chat")"),
                                  std::string(R"(["chat",1])"), std::string("{}"), many}) {
    EXPECT_EQ(parse(R"({"type":"offer","data":"v=0","open":)" + open + "}"), Message(Offer{"v=0"}))
        << open;
  }
}

TEST(Spider, WritesTheFormOfTheProtocol) {
  EXPECT_EQ(format(Offer{"v=0\r\n"}), R"({"type":"offer","data":"v=0\r\n"})");
  EXPECT_EQ(
      format(Candidate{"candidate:1", "0", 0, {}}),
      R"({"type":"candidate2","data":"{\"candidate\":\"candidate:1\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0}"})");
  EXPECT_EQ(format(Ping{}), R"({"type":"ping"})");
  EXPECT_EQ(format(Close{}), "close");
}

TEST(Spider, ReadsCodecsOfANewerServerAndCleansTheirNames) {
  const auto read = parse(
      R"({"type":"codecs","data":"{\"sent\":\"AV1\\n\",\"taken\":[\"VP8\"],\"viewers\":2,\"lacking\":1,)"
      R"(\"takers\":{\"av1\":2,\"vp8\":1},\"more\":1}"})");
  EXPECT_EQ(read, Message(Codecs{{"AV1?", {"VP8"}, 2, 1, 0, 1, 0}}));
}

TEST(Spider, IgnoresCodecsInAnotherForm) {
  for (const auto* data :
       {"[]", "{}", R"({"sent":"VP8","taken":[],"viewers":1,"lacking":1})",
        R"({"sent":"VP8","taken":[1],"viewers":1,"lacking":1,"takers":{}})",
        R"({"sent":"VP8","taken":["VP8"],"viewers":-1,"lacking":1,"takers":{}})"}) {
    const std::string text = R"({"type":"codecs","data":)" + nlohmann::json(data).dump() + "}";
    EXPECT_EQ(errorOf(text).code, ErrorCode::kUnsupported) << text;
  }
}

TEST(Spider, WritesValidUtf8WhateverIsInTheMessage) {
  EXPECT_EQ(format(ServerError{"bad", "\xff"}),
            "{\"type\":\"error\",\"data\":\"{\\\"code\\\":\\\"bad\\\",\\\"message\\\":"
            "\\\"\xef\xbf\xbd\\\"}\"}");
}

TEST(Spider, RefusesWhatIsNotAJsonObject) {
  for (const auto* text : {"", " ", "hello", "Close", "close ", "{", R"({"type":"ping"}})",
                           "{'a':1}", "\xff\xfe", R"({"type":"\ud800"})", R"({"type":1e999})"}) {
    EXPECT_THAT(protocolErrorOf(text), HasSubstr("not JSON")) << text;
  }
  for (const auto* text : {"1", "null", "[]", "\"offer\"", R"([{"type":"ping"}])"}) {
    EXPECT_THAT(protocolErrorOf(text), HasSubstr("not a JSON object")) << text;
  }
}

TEST(Spider, RefusesWrongTypesAndMissingData) {
  EXPECT_THAT(protocolErrorOf("{}"), HasSubstr("\"type\", a string"));
  EXPECT_THAT(protocolErrorOf(R"({"type":1})"), HasSubstr("\"type\", a string"));
  EXPECT_THAT(protocolErrorOf(R"({"type":"offer"})"),
              HasSubstr("\"data\" of \"offer\" is missing"));
  EXPECT_THAT(protocolErrorOf(R"({"type":"answer","data":null})"), HasSubstr("missing"));
  EXPECT_THAT(protocolErrorOf(R"({"type":"offer","data":{"sdp":"v=0"}})"),
              HasSubstr("must be a string"));
  EXPECT_THAT(protocolErrorOf(R"({"type":"ping","data":7})"), HasSubstr("must be a string"));
}

TEST(Spider, RefusesBadCandidates) {
  const auto messageOf = [](const std::string& init) {
    return protocolErrorOf(format(Offer{init}).replace(9, 5, "candidate2"));
  };
  EXPECT_THAT(messageOf("x"), HasSubstr("not the text of a JSON object"));
  EXPECT_THAT(messageOf("{}"), HasSubstr("needs \"candidate\""));
  EXPECT_THAT(messageOf(R"({"candidate":1})"), HasSubstr("needs \"candidate\""));
  EXPECT_THAT(messageOf(R"({"candidate":"","sdpMid":0})"), HasSubstr("sdpMid"));
  EXPECT_THAT(messageOf(R"({"candidate":"","usernameFragment":[]})"),
              HasSubstr("usernameFragment"));
  for (const auto* index : {"-1", "65536", "1.0", "\"0\"", "18446744073709551616", "true"}) {
    EXPECT_THAT(messageOf(R"({"candidate":"","sdpMLineIndex":)" + std::string(index) + "}"),
                HasSubstr("sdpMLineIndex"));
  }
  EXPECT_THAT(messageOf(R"({"candidate":"1 1 udp"})"), HasSubstr("must begin with"));
  EXPECT_THAT(messageOf(R"({"candidate":"candidate:1\r\na=x"})"), HasSubstr("one line"));
  EXPECT_THAT(messageOf(R"({"candidate":"candidate:)" + std::string(5000, 'x') + "\"}"),
              HasSubstr("2048"));
  EXPECT_THAT(protocolErrorOf(R"({"type":"candidate","data":"candidate:1\u0000"})"),
              HasSubstr("one line"));
}

TEST(Spider, TellsUnknownMessagesFromBrokenOnes) {
  for (const auto* text :
       {R"({"type":"hello"})", R"({"type":"","data":"x"})", R"({"type":"joins","data":"3"})",
        R"({"type":"joins","data":"{\"channel\":\"x\",\"publishers\":-1,\"subscribers\":0}"})",
        R"({"type":"joins","data":"{\"channel\":\"x\",\"publishers\":1,\"subscribers\":9e9}"})",
        R"({"type":"error","data":"something"})", R"({"type":"error","data":"{\"code\":4}"})"}) {
    EXPECT_EQ(errorOf(text).code, ErrorCode::kUnsupported) << text;
  }
}

TEST(Spider, NeverEchoesLongOrUnprintableInput) {
  const auto message = errorOf(R"({"type":"\u001b[31m)" + std::string(100000, 'x') + "\"}").message;
  EXPECT_LT(message.size(), 100U);
  EXPECT_THAT(message, HasSubstr("\"?[31mxxx"));
}

TEST(Spider, RefusesDeepNesting) {
  for (const auto* part : {"[", R"({"a":)", R"([{"type":)"}) {
    EXPECT_THAT(protocolErrorOf(repeated(part, 10'000)), HasSubstr("nested too deeply"));
  }
  EXPECT_THAT(protocolErrorOf(R"({"type":"ping","x":)" + repeated("[", 8) + repeated("]", 8) + "}"),
              HasSubstr("nested too deeply"));
  EXPECT_EQ(parse(R"({"type":"ping","x":)" + repeated("[", 7) + repeated("]", 7) + "}"),
            Message(Ping{}));
}

/// Each member's name is compared with all before it.
TEST(Spider, RefusesManyMembers) {
  EXPECT_EQ(parse("{" + repeated(R"("a":0,)", 255) + R"("type":"ping"})"), Message(Ping{}));
  EXPECT_THAT(protocolErrorOf("{" + repeated(R"("a":0,)", 256) + R"("type":"ping"})"),
              HasSubstr("in too many parts"));
  const std::string inner = "{" + repeated(R"(\"a\":0,)", 256) + R"(\"candidate\":\"\"})";
  EXPECT_THAT(protocolErrorOf(R"({"type":"candidate2","data":")" + inner + "\"}"),
              HasSubstr("JSON object"));
}

TEST(Spider, RefusesHugeMessages) {
  EXPECT_THAT(protocolErrorOf(R"({"type":"offer","data":")" + repeated("x", 10'000'000) + "\"}"),
              HasSubstr("128 KiB"));
}

}  // namespace
}  // namespace rtcpub::spider
