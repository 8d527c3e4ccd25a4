#pragma once

#include <algorithm>

#include "sfu/router/router_fixture.h"

/// A router with one viewer whose path may become narrow, and another on a wide one.
namespace rtcpub::sfu {

constexpr MemberId kFast = 1;
constexpr MemberId kSlow = 2;

/// The video is 30 frames a second of 8 packets, some 1,040 bytes each: 2 Mbit/s.
class SlowViewerTest : public RouterTest {
 protected:
  static constexpr int kPacketsOfAFrame = 8;

  void SetUp() override {
    publish();
    auto media = viewerMedia();
    media.sections[0].extensions.push_back({fake::kTransportCcUri, 3});
    subscribe(kFast, media);
    subscribe(kSlow, media);
    play(milliseconds(1000));
  }

  /// The publisher sends its next frame.
  virtual void frame() = 0;

  void tick(Time end) {
    while (const auto due = router.deadline()) {
      if (*due > end) break;
      now = std::max(now, *due);
      router.onTime(now);
    }
    now = end;
  }
  void play(milliseconds time) {
    for (const Time end = now + time; now < end;) {
      frame();
      tick(now + std::chrono::microseconds(33'333));
    }
  }
  /// An estimate is believed when it falls.
  void narrowTo(std::int64_t bitsPerSecond) {
    router.onEstimate(kSlow, 10'000'000, now);
    router.onEstimate(kSlow, bitsPerSecond, now);
  }
};

}  // namespace rtcpub::sfu
