#include "net/request_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rtcpub::net {
namespace {

using testing::HasSubstr;

RequestHead get(HttpHeaders headers) {
  return {.method = "GET", .target = "/", .headers = std::move(headers)};
}

/// The status of the refusal; 0: there is none.
int problemOf(const RequestHead& head) {
  const auto problem = headProblem(head);
  return problem ? problem->status : 0;
}

TEST(RequestHead, WantsOneHost) {
  EXPECT_EQ(problemOf(get({{"Host", "x"}})), 0);
  EXPECT_EQ(problemOf(get({})), 400);
  EXPECT_EQ(problemOf(get({{"Host", "x"}, {"host", "x"}})), 400);
  RequestHead old = get({});
  old.version = 10;
  EXPECT_EQ(problemOf(old), 0);
}

TEST(RequestHead, IsBounded) {
  RequestHead head = get({{"Host", "x"}});
  head.target = std::string(4096, 'x');
  EXPECT_EQ(problemOf(head), 0);
  head.target += 'x';
  EXPECT_EQ(problemOf(head), 414);
  head = get({{"Host", "x"}});
  for (int i = 0; i < 127; ++i) head.headers.add("a", "");
  EXPECT_EQ(problemOf(head), 0);
  head.headers.add("a", "");
  EXPECT_EQ(problemOf(head), 431);
}

TEST(RequestHead, TellsWhereItsBodyEnds) {
  RequestHead head = get({{"Host", "x"}, {"Transfer-Encoding", "gzip"}});
  EXPECT_EQ(problemOf(head), 400);
}

TEST(RequestHead, TakesNoOtherTransferEncodingThanChunkedOfHttp11) {
  RequestHead head = get({{"Host", "x"}, {"Transfer-Encoding", "Chunked"}});
  head.chunked = true;
  EXPECT_EQ(problemOf(head), 0);
  head.version = 10;
  EXPECT_EQ(problemOf(head), 400);
  head = get({{"Host", "x"}, {"Transfer-Encoding", "gzip, chunked"}});
  head.chunked = true;
  EXPECT_EQ(problemOf(head), 400);
}

TEST(RequestHead, ExpectsNothingElseThanToBeContinued) {
  RequestHead head = get({{"Host", "x"}, {"Expect", "100-Continue"}});
  EXPECT_EQ(problemOf(head), 0);
  EXPECT_FALSE(waitsWithBody(head)) << "it has none";
  head.contentLength = 1;
  EXPECT_TRUE(waitsWithBody(head));
  head.version = 10;
  EXPECT_FALSE(waitsWithBody(head)) << "HTTP/1.0 doesn't know it";
  EXPECT_EQ(problemOf(get({{"Host", "x"}, {"Expect", "wonders"}})), 417);
}

TEST(RequestHead, AsksForAWebSocket) {
  EXPECT_TRUE(
      asksForWebSocket(get({{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "WebSocket"}})));
  EXPECT_FALSE(asksForWebSocket(get({{"Connection", "keep-alive"}, {"Upgrade", "websocket"}})));
  EXPECT_FALSE(asksForWebSocket(get({{"Connection", "Upgrade"}, {"Upgrade", "h2c"}})));
  RequestHead post = get({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}});
  post.method = "POST";
  EXPECT_FALSE(asksForWebSocket(post));
}

TEST(RequestHead, OfAWebSocketHasNoBody) {
  RequestHead head = get({{"Host", "x"}, {"Connection", "Upgrade"}, {"Upgrade", "websocket"}});
  EXPECT_EQ(problemOf(head), 0);
  head.contentLength = 0;
  EXPECT_EQ(problemOf(head), 0);
  head.contentLength = 10;
  EXPECT_EQ(problemOf(head), 400);
  EXPECT_THAT(headProblem(head)->body, HasSubstr("no body"));
}

}  // namespace
}  // namespace rtcpub::net
