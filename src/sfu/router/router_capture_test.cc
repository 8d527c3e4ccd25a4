// From what a viewer got back to when the publisher took it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// 2026, in microseconds since 1900.
constexpr std::int64_t kNtpUs = 3'976'000'000'000'000;
/// A tick of 90 kHz is 11.1 us, and both ways are rounded.
constexpr std::int64_t kRoundingUs = 13;

class CapturedPictures : public RouterTest {
 protected:
  /// A publisher's stream counts by its own clock, which began so long before.
  void count(std::uint32_t stream, std::uint32_t first) {
    ssrc = stream;
    timestamp = first;
    zero = first;
    zeroUs = ntpUs();
  }
  /// The publisher's clock.
  [[nodiscard]] std::int64_t ntpUs() const { return kNtpUs + now.time_since_epoch().count(); }
  /// When a picture of this timestamp was taken.
  [[nodiscard]] std::int64_t takenUs(std::uint32_t rtp) const {
    return zeroUs + static_cast<std::int32_t>(rtp - zero) * std::int64_t{1'000'000} / 90'000;
  }
  /// What the stream's reports say from now on.
  void report(std::uint32_t stream, std::uint32_t rtp, std::int64_t us) {
    const auto fraction = static_cast<std::uint64_t>(us % 1'000'000) << 32;
    const auto ntp = static_cast<std::uint64_t>(us / 1'000'000) << 32 | fraction / 1'000'000;
    router.onSenderReport(
        {.kind = MediaKind::kVideo, .ssrc = stream, .ntp = ntp, .rtpTimestamp = rtp}, now);
  }
  void report() { report(ssrc, timestamp + 450, takenUs(timestamp + 450)); }
  /// The timestamp under which the newest picture went out to the viewer.
  [[nodiscard]] std::uint32_t seen(MemberId viewer = 1) const {
    const auto newest = std::find_if(output.sent.rbegin(), output.sent.rend(),
                                     [viewer](const auto& one) { return one.to == viewer; });
    return newest->packet().timestamp();
  }
  [[nodiscard]] std::optional<std::int64_t> captured(std::uint32_t rtp, MemberId viewer = 1) const {
    return router.capturedNtpUs(viewer, rtp, now);
  }
  /// Whether it is known when a picture was taken, and right.
  [[nodiscard]] bool knows(std::uint32_t rtp, std::int64_t us, MemberId viewer = 1) const {
    const auto found = captured(rtp, viewer);
    return found && std::abs(*found - us) <= kRoundingUs;
  }
  [[nodiscard]] bool knowsTheNewest(MemberId viewer = 1) const {
    return knows(seen(viewer), takenUs(timestamp), viewer);
  }

  std::uint32_t zero = 7;
  std::int64_t zeroUs = kNtpUs;
};

TEST_F(CapturedPictures, AreUnknownBeforeTheFirstSenderReport) {
  publish();
  subscribe(1);
  EXPECT_EQ(captured(5), std::nullopt);
  count(0x1234, 1'000'000);
  key();
  EXPECT_EQ(captured(seen()), std::nullopt);
  report();
  EXPECT_TRUE(knowsTheNewest());
  EXPECT_EQ(captured(seen(), 2), std::nullopt) << "nobody";
}

TEST_F(CapturedPictures, AreKnownByAReportThatCameBeforeThem) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  report();
  key();
  EXPECT_TRUE(knowsTheNewest());
  delta();
  EXPECT_TRUE(knowsTheNewest());
}

TEST_F(CapturedPictures, OfAnotherPublisherAreNobodys) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  report();
  const auto before = seen();
  ASSERT_TRUE(knowsTheNewest());
  router.removePublisher(kPublisher);
  EXPECT_EQ(captured(before), std::nullopt) << "its clock may be another one's by now";
  wait(milliseconds(3000));
  publish(kPublisher + 1);
  count(0x1234, 77);  // the same SSRC: of another session all the same
  key();
  EXPECT_EQ(captured(seen()), std::nullopt) << "the old one's report says nothing of the new one";
  report();
  EXPECT_TRUE(knowsTheNewest());
  EXPECT_EQ(captured(before), std::nullopt);
}

TEST_F(CapturedPictures, AreKnownOnBothSidesOfAChangeOfSimulcastLayers) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  report();
  const auto before = seen();
  const auto taken = takenUs(timestamp);
  // The other layer's report was heard while nobody got it.
  wait(milliseconds(100));
  report(0x77, 5'000'000, ntpUs());
  EXPECT_TRUE(knows(before, taken));
  router.onVideoSourceChanged(0x77);
  count(0x77, 5'000'000);
  sequenceNumber = 9;
  key();
  EXPECT_TRUE(knowsTheNewest());
  EXPECT_TRUE(knows(before, taken)) << "which is still on the screen";
}

TEST_F(CapturedPictures, AreKnownOverAChangeOfCodecsThatTheViewerDoesNotTake) {
  publish();
  auto media = viewerMedia();
  media.sections[0].codecs.resize(1);  // VP8
  subscribe(1, media);
  count(0x1234, 1'000'000);
  key();
  report();
  const auto before = seen();
  const auto taken = takenUs(timestamp);
  for (int i = 0; i < 10; ++i) {
    auto packet = video(fake::h264Key());
    packet.payloadType = 98;
    receive(packet);
  }
  EXPECT_EQ(seen(), before);
  EXPECT_TRUE(knows(before, taken));
  key();
  EXPECT_TRUE(knowsTheNewest());
  EXPECT_TRUE(knows(before, taken));
}

TEST_F(CapturedPictures, AreKnownOfRetransmissionsToo) {
  publish();
  subscribe(1);
  key();
  publish(kPublisher + 1);
  wait(milliseconds(500));
  count(0x4321, 1'000'000);
  sequenceNumber = 4000;
  key();
  report();
  delta();
  const auto lost = output.to(1).back().packet().sequenceNumber();
  const auto taken = takenUs(timestamp);
  delta();
  nack(1, {lost});
  ASSERT_EQ(output.to(1).back().packet().ssrc(), kRtxSsrc);
  EXPECT_TRUE(knows(seen(), taken));
}

TEST_F(CapturedPictures, AreKnownWhereFramesAreLeftOut) {
  publish();
  subscribe(1);
  subscribe(2);
  count(0x1234, 1'000'000);
  key();
  report();
  router.thin({{1, Thinning::kKeyFrames}}, 1000, now);
  for (int i = 0; i < 5; ++i) delta();
  EXPECT_TRUE(knowsTheNewest(2));
  wait(milliseconds(2000));
  key();
  EXPECT_TRUE(knowsTheNewest(1));
  router.thin({}, 1000, now);
  router.pauseViewer(1);
  delta();
  router.onViewerReady(1, now);
  key();
  EXPECT_TRUE(knowsTheNewest(1));
}

TEST_F(CapturedPictures, AreKnownOverAWrapOfTheirTimestamps) {
  publish();
  subscribe(1);
  count(0x1234, 0xFFFF'F000);
  key();
  report();
  const auto before = seen();
  const auto taken = takenUs(timestamp);
  for (int i = 0; i < 3; ++i) {
    delta();
    EXPECT_TRUE(knowsTheNewest());
  }
  EXPECT_LT(seen(), before) << "it has wrapped";
  EXPECT_TRUE(knows(before, taken));
  report();
  EXPECT_TRUE(knows(before, taken));
}

TEST_F(CapturedPictures, AreKnownForAsLongAsSomebodyDrives) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  for (int i = 0; i < 30 * 60; ++i) {  // 30 h: timestamps come round twice
    wait(minutes(1));
    timestamp += 60 * 90'000 - 3000;
    delta();
    zero = timestamp;
    zeroUs = ntpUs();
    report();
    ASSERT_TRUE(knowsTheNewest()) << i;
  }
}

TEST_F(CapturedPictures, AreKnownByAnOldReport) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  report();
  wait(minutes(10));
  timestamp += 10 * 60 * 90'000;
  delta();
  EXPECT_TRUE(knowsTheNewest());
  wait(seconds(1));
  EXPECT_EQ(captured(seen()), std::nullopt);
}

TEST_F(CapturedPictures, AreUnknownOfASenderWithoutAClock) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  report();
  router.onSenderReport(
      {.kind = MediaKind::kVideo, .ssrc = ssrc, .ntp = 0, .rtpTimestamp = timestamp}, now);
  EXPECT_EQ(captured(seen()), std::nullopt);
}

TEST_F(CapturedPictures, AreUnknownIfTheViewerNeverGotThem) {
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  key();
  report();
  const auto first = seen();
  EXPECT_EQ(captured(first - 3000), std::nullopt) << "before the first one";
  EXPECT_EQ(captured(first + 2 * 90'000), std::nullopt) << "not even sent";
  EXPECT_EQ(captured(first + 0x8000'0000), std::nullopt);
  for (int i = 0; i < 70; ++i) {
    timestamp += 90'000 - 3000;
    delta();
  }
  EXPECT_EQ(captured(first), std::nullopt) << "a minute ago";
}

/// All at once, in any order: whatever is said of a picture is true.
class AnyCourse : public CapturedPictures {
 protected:
  struct Picture {
    std::uint32_t seen = 0;
    std::int64_t takenUs = 0;
    int session = 0;
    bool known = false;
    Time at{};
  };

  void step(std::mt19937& random) {
    const auto what = random() % 200;
    const auto stream = static_cast<std::uint32_t>(random());
    if (what < 2) {
      router.removePublisher(publisher_);
      publish(++publisher_);
      reported_ = false;
      count(stream, static_cast<std::uint32_t>(random()));
      sequenceNumber = static_cast<std::uint16_t>(random());
    } else if (what < 6) {
      router.onVideoSourceChanged(stream);
      count(stream, static_cast<std::uint32_t>(random()));
      sequenceNumber = static_cast<std::uint16_t>(random());
      report();
      reported_ = true;
    } else if (what < 8) {
      router.onViewerReady(1, now);
    } else if (what < 16) {
      report();
      reported_ = true;
    } else {
      const auto ms = static_cast<std::int64_t>(random() % 200);
      wait(milliseconds(ms));
      timestamp = zero + static_cast<std::uint32_t>((ntpUs() - zeroUs) * 9 / 100) - 3000;
      frame(random() % 10 == 0);
    }
  }

  void frame(bool isKey) {
    output.sent.clear();
    isKey ? key() : delta();
    if (output.sent.empty()) return;
    pictures.push_back({seen(), takenUs(timestamp), publisher_, reported_, now});
    EXPECT_TRUE(!reported_ || knowsTheNewest());
  }

  void check(const Picture& picture) const {
    const auto found = captured(picture.seen);
    if (picture.session != publisher_) {
      EXPECT_EQ(found, std::nullopt) << "another publisher's";
    } else if (found) {
      EXPECT_TRUE(knows(picture.seen, picture.takenUs));
    } else {
      EXPECT_TRUE(!picture.known || now - picture.at > seconds(5)) << "it was known";
    }
  }

  std::vector<Picture> pictures;

 private:
  int publisher_ = kPublisher;
  bool reported_ = false;
};

TEST_F(AnyCourse, SaysNothingWrong) {
  std::mt19937 random(3);
  publish();
  subscribe(1);
  count(0x1234, 1'000'000);
  for (int i = 0; i < 20'000; ++i) {
    step(random);
    if (pictures.size() < 2) continue;
    check(pictures.back());
    check(pictures[pictures.size() - 1 - random() % std::min<std::size_t>(pictures.size(), 300)]);
    if (HasFailure()) FAIL() << "step " << i;
  }
  EXPECT_GT(pictures.size(), 10'000U);
}

}  // namespace
}  // namespace rtcpub::sfu
