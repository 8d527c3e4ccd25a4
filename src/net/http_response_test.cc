#include "net/http_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const HttpResponse kHello{.contentType = "text/plain", .body = "hello", .headers = {{"A", "b"}}};

TEST(FormatResponse, IsAWholeAnswer) {
  EXPECT_EQ(formatResponse(kHello, {.version = 11, .keepAlive = true}, 784111777),
            "HTTP/1.1 200 OK\r\n"
            "Server: rtcpub\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n"
            "Content-Type: text/plain\r\n"
            "A: b\r\n"
            "Content-Length: 5\r\n"
            "\r\n"
            "hello");
}

TEST(FormatResponse, NamesWhatItsStatusMeans) {
  for (const auto& [status, phrase] : std::initializer_list<std::pair<int, const char*>>{
           {408, "408 Request Timeout\r\n"},
           {414, "414 URI Too Long\r\n"},
           {431, "431 Request Header Fields Too Large\r\n"},
           {503, "503 Service Unavailable\r\n"}}) {
    EXPECT_THAT(formatResponse({.status = status}, {}, 0),
                StartsWith(std::string("HTTP/1.1 ") + phrase));
  }
}

TEST(FormatResponse, LeavesOutTheBodyThatHeadDoesNotWant) {
  EXPECT_THAT(formatResponse(kHello, {.headOnly = true}, 0),
              AllOf(HasSubstr("Content-Length: 5\r\n"), EndsWith("\r\n\r\n")));
}

TEST(FormatResponse, HasNeitherTypeNorLengthWithoutContent) {
  EXPECT_THAT(formatResponse({.status = 204, .body = "x"}, {}, 0),
              AllOf(StartsWith("HTTP/1.1 204 No Content\r\n"), Not(HasSubstr("Content-Length")),
                    Not(HasSubstr("Content-Type:")), EndsWith("\r\n\r\n")));
}

/// Each version keeps or closes the connection by itself, and is told the other.
TEST(FormatResponse, SaysWhatBecomesOfTheConnection) {
  EXPECT_THAT(formatResponse(kHello, {.version = 11, .keepAlive = false}, 0),
              HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(formatResponse(kHello, {.version = 10, .keepAlive = true}, 0),
              AllOf(StartsWith("HTTP/1.0 "), HasSubstr("\r\nConnection: keep-alive\r\n")));
  EXPECT_THAT(formatResponse(kHello, {.version = 10, .keepAlive = false}, 0),
              Not(HasSubstr("Connection:")));
}

}  // namespace
}  // namespace rtcpub::net
