#include "app/server/server_record.h"

#include <gtest/gtest.h>

namespace rtcpub {
namespace {

TEST(ServerRecord, IsReadAsItWasWritten) {
  const ServerRecord record{.audience = "rtcpub",
                            .urls = {"https://192.0.2.1:8267", "http://127.0.0.1:8267"},
                            .fingerprint = "sha256:ab"};
  EXPECT_EQ(parseServerRecord(format(record)), record);
}

TEST(ServerRecord, HoldsNothingWhereItIsBroken) {
  for (const char* text :
       {"", "{", "[]", "null", R"({"urls":7,"audience":[]})", "{\"urls\":\"\xFF\"}"}) {
    EXPECT_EQ(parseServerRecord(text), ServerRecord()) << text;
  }
  EXPECT_EQ(parseServerRecord(std::string(1000, '[')), ServerRecord());
  EXPECT_EQ(parseServerRecord(R"({"urls":["https://a",7]})").urls,
            std::vector<std::string>{"https://a"});
}

}  // namespace
}  // namespace rtcpub
