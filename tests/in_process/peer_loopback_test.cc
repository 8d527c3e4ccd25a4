#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <future>
#include <iterator>
#include <string>
#include <vector>

#include "peer_pair.h"

namespace rtcpub::peer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

PeerStats statsOf(Peer& peer) {
  std::promise<PeerStats> figures;
  peer.stats([&](PeerStats stats) { figures.set_value(std::move(stats)); });
  return figures.get_future().get();
}

void printLatency(const char* what, const std::vector<End::Seen>& frames) {
  std::vector<double> ages;
  for (const auto& frame : frames) ages.push_back(frame.ageMs);
  std::sort(ages.begin(), ages.end());
  std::printf("%s: capture to decoded frame p50 %.1f ms, p99 %.1f ms (%zu frames)\n", what,
              ages[ages.size() / 2], ages[ages.size() * 99 / 100], ages.size());
}

class PeerVideo : public testing::TestWithParam<std::pair<const char*, VideoCodec>> {};

TEST_P(PeerVideo, ArrivesWithItsStampInOrder) {
  PatternSource source(640, 480, 30);
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, {.codec = GetParam().second}));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(30));
  source.stop();

  const auto frames = peers.atSubscriber.snapshot();
  std::vector<End::Seen> stamped;
  std::copy_if(frames.begin(), frames.end(), std::back_inserter(stamped),
               [](const auto& frame) { return frame.stamp.has_value(); });
  // libvpx's VP9 now and then leaves a block of the stamp as it was, more often on a busy machine.
  EXPECT_GE(stamped.size() * 3, frames.size() * 2);
  for (std::size_t i = 0; i < stamped.size(); ++i) {
    EXPECT_EQ(stamped[i].width, 640);
    EXPECT_EQ(stamped[i].height, 480);
    EXPECT_LT(stamped[i].ageMs, 5000);
    if (i == 0) continue;
    EXPECT_GT(stamped[i].stamp->frame, stamped[i - 1].stamp->frame);
    EXPECT_GE(stamped[i].at, stamped[i - 1].at);
    ASSERT_TRUE(stamped[i].rtp && stamped[i - 1].rtp);
    const double byRtpUs = static_cast<std::int32_t>(*stamped[i].rtp - *stamped[i - 1].rtp) / 0.09;
    EXPECT_NEAR(byRtpUs, stamped[i].stamp->timeUs - stamped[i - 1].stamp->timeUs, 2'500);
  }
  printLatency(GetParam().first, stamped);

  const auto sent = statsOf(*peers.publisher);
  const auto received = statsOf(*peers.subscriber);
  for (const auto& stats : {sent, received}) {
    EXPECT_EQ(stats.codec, GetParam().first);
    EXPECT_EQ(stats.width, 640);
    EXPECT_EQ(stats.height, 480);
    EXPECT_GE(stats.frames, 30U);
    EXPECT_GT(stats.packets, 30U);
    EXPECT_GT(stats.videoBytes, 10'000U);
    EXPECT_TRUE(stats.rttMs);
  }
  EXPECT_THAT(peers.atPublisher.failures, IsEmpty());
  EXPECT_THAT(peers.atSubscriber.failures, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(, PeerVideo,
                         testing::Values(std::pair{"H264", VideoCodec::kH264},
                                         std::pair{"VP8", VideoCodec::kVp8},
                                         std::pair{"VP9", VideoCodec::kVp9}),
                         [](const auto& codec) { return std::string(codec.param.first); });

TEST(PeerConnection, CarriesNv12WithItsColors) {
  PatternSource source(640, 480, 30, PixelFormat::kNv12);
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->sendVideo(source, {}));
  ASSERT_TRUE(peers.subscriber->receiveVideo({}));
  ASSERT_TRUE(source.start());
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForFrames(5));
  source.stop();
  for (const auto& frame : peers.atSubscriber.snapshot()) {
    EXPECT_TRUE(frame.stamp);
    EXPECT_NEAR(frame.u, 128, 8);  // the stamp's place is grey
    EXPECT_NEAR(frame.v, 128, 8);
  }
}

TEST(PeerConnection, CarriesMessagesBothWaysOnOneChannelInOrder) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("metric", {}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("metric"));
  ASSERT_TRUE(peers.atSubscriber.waitForOpen("metric"));

  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(peers.publisher->send("metric", "to the viewer " + std::to_string(i)));
    ASSERT_TRUE(peers.subscriber->send("metric", Message::bytes(std::string(1, char(i)))));
  }
  ASSERT_TRUE(peers.atSubscriber.waitForMessages(50));
  ASSERT_TRUE(peers.atPublisher.waitForMessages(50));
  for (int i = 0; i < 50; ++i) {
    const auto index = static_cast<std::size_t>(i);
    EXPECT_EQ(peers.atSubscriber.messages[index],
              std::pair(std::string("metric"), Message("to the viewer " + std::to_string(i))));
    EXPECT_EQ(peers.atPublisher.messages[index],
              std::pair(std::string("metric"), Message::bytes(std::string(1, char(i)))));
  }
  EXPECT_EQ(peers.atPublisher.opened["metric"], 1);
}

TEST(PeerConnection, CarriesTheLargestMessageAndTheEmptyOne) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("stream", {.ordered = true}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("stream"));
  const Message largest(std::string(kMaxMessageSize, 'x'));
  ASSERT_TRUE(peers.publisher->send("stream", largest));
  ASSERT_TRUE(peers.atSubscriber.waitForMessages(1));
  ASSERT_TRUE(peers.publisher->send("stream", ""));
  ASSERT_TRUE(peers.atSubscriber.waitForMessages(2));
  EXPECT_EQ(peers.atSubscriber.messages[0].second, largest);
  EXPECT_EQ(peers.atSubscriber.messages[1].second, Message(""));
}

TEST(PeerConnection, TakesMessagesOnlyWhileAChannelIsOpen) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("stream", {}));
  EXPECT_FALSE(peers.publisher->send("stream", "too early"));
  EXPECT_FALSE(peers.publisher->send("unknown", "nowhere"));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("stream"));
  EXPECT_TRUE(peers.publisher->send("stream", "in time"));
}

using Done = std::vector<std::pair<std::uint64_t, bool>>;

TEST(PeerConnection, TellsWhenTheOtherEndHasAMessage) {
  PeerPair peers;
  for (const char* label : {"reliable", "again"}) {
    ASSERT_TRUE(peers.publisher->addChannel(label, {}));
  }
  peers.publisher->createOffer();
  for (const char* label : {"reliable", "again"}) {
    ASSERT_TRUE(peers.atPublisher.waitForOpen(label));
  }
  // Far more than fits into SCTP's buffers at once, and the empty one.
  const Message block(std::string(64 * 1024, 'x'));
  for (std::uint64_t id = 1; id <= 30; ++id) {
    ASSERT_TRUE(peers.publisher->send("reliable", block, {.id = id, .deadline = {}}));
    ASSERT_TRUE(peers.publisher->send("again", "", {.id = 100 + id, .deadline = {}}));
  }
  ASSERT_TRUE(peers.atPublisher.waitFor([](const End& end) { return end.done.size() == 60; }));
  Done first;
  Done second;
  for (const auto& done : peers.atPublisher.done)
    (done.first < 100 ? first : second).push_back(done);
  ASSERT_EQ(first.size(), 30U);
  for (std::uint64_t id = 1; id <= 30; ++id) {
    EXPECT_EQ(first[id - 1], std::pair(id, true));
    EXPECT_EQ(second[id - 1], std::pair(100 + id, true));
  }
  // SCTP acknowledges what it has, a moment before the other thread hands it on.
  EXPECT_TRUE(peers.atSubscriber.waitFor([](const End& end) { return end.messages.size() == 60; }));
}

TEST(PeerConnection, GivesUpWhatIsTooOldWhenItWouldLeave) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("stream", {.ordered = false, .maxRetransmits = 0}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("stream"));
  const Time now = monotonicNow();
  ASSERT_TRUE(peers.publisher->send("stream", "old", {.id = 1, .deadline = now}));
  ASSERT_TRUE(peers.publisher->send("stream", "in time",
                                    {.id = 2, .deadline = now + std::chrono::hours(1)}));
  ASSERT_TRUE(peers.atPublisher.waitFor([](const End& end) { return end.done.size() == 2; }));
  EXPECT_EQ(peers.atPublisher.done, (Done{{1, false}, {2, true}}));
  // SCTP acknowledges what it has, a moment before the other thread hands it on.
  ASSERT_TRUE(peers.atSubscriber.waitFor([](const End& end) { return !end.messages.empty(); }));
  EXPECT_EQ(peers.atSubscriber.messages.size(), 1U);
  EXPECT_EQ(peers.atSubscriber.messages[0].second, Message("in time"));
}

TEST(PeerConnection, GivesUpWhatThereIsNoRoomForIfItMayBeLost) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("stream", {.ordered = false, .maxRetransmits = 0}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("stream"));
  const Message block(std::string(64 * 1024, 'x'));
  const Time deadline = monotonicNow() + std::chrono::hours(1);
  for (std::uint64_t id = 1; id <= 200; ++id) {
    ASSERT_TRUE(peers.publisher->send("stream", block, {.id = id, .deadline = deadline}));
  }
  ASSERT_TRUE(peers.atPublisher.waitFor([](const End& end) { return end.done.size() == 200; }));
  EXPECT_GT(std::ranges::count(peers.atPublisher.done, false, &Done::value_type::second), 0);
  ASSERT_TRUE(peers.publisher->send("stream", "after it", {.id = 201, .deadline = deadline}));
  ASSERT_TRUE(peers.atSubscriber.waitFor(
      [](const End& end) { return end.messages.back().second == Message("after it"); }));
}

TEST(PeerConnection, TellsWithWhichOptionsTheOtherSideOpenedAChannel) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel(
      "stream", {.ordered = false, .maxPacketLifeTimeMs = 300, .protocol = "json"}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForOpen("stream"));
  ASSERT_EQ(peers.atSubscriber.peersChannels.size(), 1U);
  const auto& [label, options] = peers.atSubscriber.peersChannels[0];
  EXPECT_EQ(label, "stream");
  EXPECT_FALSE(options.ordered);
  EXPECT_EQ(options.maxPacketLifeTimeMs, 300);
  EXPECT_EQ(options.maxRetransmits, std::nullopt);
  EXPECT_EQ(options.protocol, "json");
  EXPECT_TRUE(peers.atPublisher.peersChannels.empty());
}

TEST(PeerConnection, ClosesAChannelWhoseLabelIsNotUtf8) {
  PeerPair peers;
  for (const char* label : {"first \xff", "second"}) {
    ASSERT_TRUE(peers.publisher->addChannel(label, {}));
  }
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atSubscriber.waitForOpen("second"));
  EXPECT_FALSE(peers.atSubscriber.opened.contains("first \xff"));
}

TEST(PeerConnection, NegotiatesTheChannelsOptions) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel(
      "lossy", {.ordered = false, .maxRetransmits = 0, .protocol = "json"}));
  EXPECT_FALSE(
      peers.publisher->addChannel("wrong", {.maxRetransmits = 1, .maxPacketLifeTimeMs = 1}));
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("lossy"));
  ASSERT_TRUE(peers.publisher->send("lossy", "x"));
  ASSERT_TRUE(peers.atSubscriber.waitForMessages(1));
}

/// What a peer on its own offers.
std::string offerOf(const std::function<void(Peer&)>& prepare, const PeerOptions& options = {}) {
  End end;
  const auto peer = Peer::create(options, end).value();
  prepare(*peer);
  peer->createOffer();
  EXPECT_TRUE(end.waitFor([](const End& seen) { return !seen.offer.empty(); }));
  return end.offer;
}

TEST(PeerConnection, OffersEveryCodecWithH264FirstAndFlexFec) {
  PatternSource source(640, 480, 30);
  const auto offer = offerOf([&](Peer& peer) {
    ASSERT_TRUE(peer.sendVideo(source, {}));
    ASSERT_TRUE(peer.addChannel("metric", {}));
  });
  EXPECT_THAT(offer, HasSubstr("a=sendonly"));
  EXPECT_THAT(offer, HasSubstr("m=application"));
  EXPECT_THAT(offer, HasSubstr("a=group:BUNDLE 0 1"));
  EXPECT_LT(offer.find("H264/90000"), offer.find("VP8/90000"));
  EXPECT_LT(offer.find("VP8/90000"), offer.find("VP9/90000"));
  EXPECT_THAT(offer, Not(HasSubstr("packetization-mode=0")));
  EXPECT_LT(offer.find("VP9/90000"), offer.find("flexfec-03/90000"));
  EXPECT_THAT(offer, HasSubstr("a=ssrc-group:FEC-FR "));
  for (const auto* unwanted : {"red/90000", "ulpfec", "m=audio"}) {
    EXPECT_THAT(offer, Not(HasSubstr(unwanted)));
  }
}

TEST(PeerConnection, OffersOnlyTheCodecAskedForWithItsRetransmission) {
  const auto offer = offerOf([](Peer& peer) { ASSERT_TRUE(peer.receiveVideo(VideoCodec::kVp8)); });
  EXPECT_THAT(offer, HasSubstr("a=recvonly"));
  EXPECT_THAT(offer, HasSubstr("VP8/90000"));
  EXPECT_THAT(offer, HasSubstr("rtx/90000"));
  EXPECT_THAT(offer, Not(HasSubstr("H264")));
  EXPECT_THAT(offer, Not(HasSubstr("VP9")));
}

TEST(PeerConnection, SaysWhyAnAnswerIsRefused) {
  for (const auto* const answer :
       {"", "garbage", "v=0\r\nm=video\r\n", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"}) {
    End end;
    const auto peer = Peer::create({}, end).value();
    ASSERT_TRUE(peer->receiveVideo({}));
    peer->createOffer();
    ASSERT_TRUE(end.waitFor([](const End& seen) { return !seen.offer.empty(); }));
    peer->applyAnswer(answer);
    ASSERT_TRUE(end.waitFor([](const End& seen) { return !seen.failures.empty(); })) << answer;
    EXPECT_THAT(end.failures[0], HasSubstr("the server's answer"));
    EXPECT_EQ(end.answersApplied, 0);
  }
}

TEST(PeerConnection, OutlivesCandidatesThatAreNone) {
  PeerPair peers;
  ASSERT_TRUE(peers.publisher->addChannel("metric", {}));
  for (const auto* const line :
       {"", "candidate:", "garbage", "candidate:1 1 udp 1 999.1.1.1 99999 typ"}) {
    peers.publisher->addCandidate({line, "0", 0, {}});
    peers.publisher->addCandidate({line, {}, {}, {}});
    peers.publisher->addCandidate({line, "nowhere", 77, {}});
  }
  peers.publisher->createOffer();
  ASSERT_TRUE(peers.atPublisher.waitForOpen("metric"));
  EXPECT_THAT(peers.atPublisher.failures, IsEmpty());
}

TEST(PeerConnection, RefusesASecondVideoAndIceServersThatAreNone) {
  PatternSource first(640, 480, 30);
  PatternSource second(640, 480, 30);
  End end;
  const auto peer = Peer::create({}, end).value();
  ASSERT_TRUE(peer->sendVideo(first, {}));
  EXPECT_EQ(peer->sendVideo(second, {}).error().code, ErrorCode::kInvalidArgument);

  const auto refused = Peer::create({.iceServers = {{"nonsense", "", ""}}}, end);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

TEST(PeerConnection, MayGoAtAnyMomentOfItsLife) {
  PatternSource source(640, 480, 30);
  ASSERT_TRUE(source.start());
  for (int moment = 0; moment < 6; ++moment) {
    PeerPair peers;
    if (moment == 0) continue;
    ASSERT_TRUE(peers.publisher->sendVideo(source, {}));
    ASSERT_TRUE(peers.publisher->addChannel("metric", {}));
    if (moment == 1) continue;
    ASSERT_TRUE(peers.subscriber->receiveVideo({}));
    peers.publisher->createOffer();
    peers.publisher->stats([](const PeerStats&) {});
    if (moment == 2) continue;
    ASSERT_TRUE(peers.atPublisher.waitFor([](const End& end) { return end.answersApplied == 1; }));
    if (moment == 3) continue;
    ASSERT_TRUE(peers.atPublisher.waitForOpen("metric"));
    ASSERT_TRUE(peers.publisher->send("metric", Message(std::string(100'000, 'x'))));
    if (moment == 4) continue;
    ASSERT_TRUE(peers.atSubscriber.waitForFrames(1));
  }
}

}  // namespace
}  // namespace rtcpub::peer
