#include "sfu/router/codec_reports.h"
#include "sfu/router/router_fixture.h"

namespace rtcpub::sfu {
namespace {

using Names = std::vector<std::string>;

NegotiatedMedia mediaOf(std::vector<NegotiatedCodec> codecs, std::uint32_t ssrc = 0) {
  return {{fake::section(MediaKind::kVideo, std::move(codecs), ssrc)}};
}

/// A robot that can send H264 High and VP8, whose packets say which.
class RouterCodecsTest : public RouterTest {
 protected:
  void robot() {
    publish(kPublisher, mediaOf({codec(Codec::h264(0x6400), 98), codec(Codec::vp8(), 96)}));
  }
  void sendsH264() {
    auto packet = video(fake::h264Key());
    packet.payloadType = 98;
    receive(packet);
  }
  void sendsVp8() { key(); }
  CodecReport of(MemberId id) { return router.codecReports().at(id); }
};

TEST_F(RouterCodecsTest, ReportsWhoTakesWhatIsSent) {
  robot();
  subscribe(1, mediaOf({codec(Codec::h264(0x640C), 102), codec(Codec::vp8(), 100)}, 1));
  sendsH264();
  EXPECT_EQ(of(1), (CodecReport{.sent = "H264 High (6400)", .viewers = 1, .h264 = 1, .vp8 = 1}));
}

TEST_F(RouterCodecsTest, ReportsWhoLacksItAndWhatItTakes) {
  robot();
  subscribe(2, mediaOf({codec(Codec::h264(0x42E0), 102), codec(Codec::vp8(), 100),
                        codec(Codec::vp8(), 101)},
                       2));
  sendsH264();
  EXPECT_EQ(of(2), (CodecReport{.sent = "H264 High (6400)",
                                .taken = Names{"H264 Constrained Baseline (42e0)", "VP8"},
                                .viewers = 1,
                                .lacking = 1,
                                .vp8 = 1}));
  sendsVp8();
  EXPECT_EQ(of(2), (CodecReport{.sent = "VP8", .viewers = 1, .vp8 = 1}))
      << "it went away by itself";
}

TEST_F(RouterCodecsTest, ReportsBeforeTheFirstPacketWhoCanTakeNothingAtAll) {
  robot();
  subscribe(1, mediaOf({codec(Codec::vp8(), 100)}, 1));
  subscribe(2, mediaOf({codec(Codec::vp9(0), 100)}, 2));
  EXPECT_EQ(of(1).lacking, 0);
  EXPECT_EQ(of(2).lacking, 1);
  EXPECT_EQ(of(2).sent, "H264 High (6400)");
}

TEST_F(RouterCodecsTest, ReportsNobodyWithoutVideoOrWhoIsNotConnectedYet) {
  robot();
  subscribe(1, {{fake::section(MediaKind::kAudio, {codec(Codec::opus(), 63, -1, 48000)}, 0xCC)}});
  router.addViewer(2, mediaOf({codec(Codec::vp9(0), 100)}, 2));
  sendsH264();
  EXPECT_TRUE(router.codecReports().empty());
}

TEST_F(RouterCodecsTest, LetsNobodyLackAnythingWithoutAPublisher) {
  subscribe(1, mediaOf({codec(Codec::vp9(0), 100)}, 1));
  EXPECT_EQ(of(1), CodecReport{.viewers = 1});
  robot();
  EXPECT_EQ(of(1).lacking, 1);
  router.removePublisher(kPublisher);
  EXPECT_EQ(of(1), CodecReport{.viewers = 1});
}

TEST_F(RouterCodecsTest, AddsThemUpForThePublisher) {
  robot();
  subscribe(1, mediaOf({codec(Codec::h264(0x6400), 102), codec(Codec::vp8(), 100)}, 1));
  subscribe(2, mediaOf({codec(Codec::vp8(), 100)}, 2));
  subscribe(3, mediaOf({codec(Codec::vp8(), 100), codec(Codec::vp9(0), 98)}, 3));
  sendsH264();
  EXPECT_EQ(sumOf(router.codecReports()), (CodecReport{.sent = "H264 High (6400)",
                                                       .taken = Names{"VP8", "VP9"},
                                                       .viewers = 3,
                                                       .lacking = 2,
                                                       .h264 = 1,
                                                       .vp8 = 3}));
}

}  // namespace
}  // namespace rtcpub::sfu
