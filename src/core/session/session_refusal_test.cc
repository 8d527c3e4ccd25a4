#include <chrono>

#include "core/session/session_fixture.h"

namespace rtcpub::session {
namespace {

// --- Refusals that pass

TEST_F(SessionTest, TriesAgainWhenARefusalPassesWithTime) {
  for (const auto* code : {"too-many-refusals", "not-yet-valid"}) {
    session_ = make({});
    handle(Start{});
    EXPECT_THAT(handle(SocketFailed{.error = {ErrorCode::kRejected, "no"}, .code = code}),
                ElementsAre("report connecting"))
        << code;
    EXPECT_THAT(wait(250ms), ElementsAre("dial"));
  }
}

TEST_F(SessionTest, DialsNoSoonerThanItIsTold) {
  handle(Start{});
  const SocketFailed refused{.error = {ErrorCode::kRejected, "too many refusals"},
                             .code = "too-many-refusals",
                             .retryAfter = 60s};
  handle(refused);
  EXPECT_THAT(wait(66s), ElementsAre("dial")) << "a little at random";
  handle(SocketFailed{.error = kRefused, .retryAfter = 1ms});
  EXPECT_THAT(wait(275ms), ElementsAre("dial"));
  handle(SocketFailed{
      .error = kRefused, .code = "too-many-refusals", .retryAfter = std::chrono::years(1)});
  EXPECT_EQ(session_.deadline(), now_ + 16min + 30s) << "a quarter of an hour, and a tenth of it";
}

TEST_F(SessionTest, WaitsNotLongForAProxyWhateverThatAsksFor) {
  handle(Start{});
  handle(SocketFailed{.error = kRefused, .retryAfter = 900s});
  EXPECT_EQ(session_.deadline(), now_ + 11s) << "ten seconds, and a tenth of them";
}

}  // namespace
}  // namespace rtcpub::session
