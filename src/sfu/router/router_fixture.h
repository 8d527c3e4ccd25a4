#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "sfu/router/fake_router_output.h"
#include "sfu/router/router.h"

/// A router with a publisher and viewers of fake packets.
namespace rtcpub::sfu {

using fake::Bytes;
using fake::codec;
using std::chrono::milliseconds;

constexpr MemberId kPublisher = 1000;
constexpr std::uint32_t kSsrc = 0xAA;
constexpr std::uint32_t kRtxSsrc = 0xBB;

inline NegotiatedMedia publisherMedia() {
  auto video = fake::section(MediaKind::kVideo,
                             {codec(Codec::vp8(), 96, 97), codec(Codec::h264(0x42E0), 98)});
  video.extensions = {{fake::kTransportCcUri, 1}, {fake::kPlayoutDelayUri, 2}};
  return {{video, fake::section(MediaKind::kAudio, {codec(Codec::opus(), 111, -1, 48000)})}};
}

inline NegotiatedMedia viewerMedia() {
  auto video = fake::section(MediaKind::kVideo,
                             {codec(Codec::vp8(), 120, 121), codec(Codec::h264(0x42E0), 122)},
                             kSsrc, kRtxSsrc);
  video.extensions = {{fake::kPlayoutDelayUri, 9}};
  return {{video, fake::section(MediaKind::kAudio, {codec(Codec::opus(), 63, -1, 48000)}, 0xCC)}};
}

class RouterTest : public ::testing::Test {
 protected:
  void publish(MemberId id = kPublisher, const NegotiatedMedia& media = publisherMedia()) {
    router.setPublisher(id, media, now);
    router.onPublisherReady(now);
  }
  void subscribe(MemberId id, const NegotiatedMedia& media = viewerMedia()) {
    router.addViewer(id, media);
    router.onViewerReady(id, now);
  }
  void receive(const fake::Packet& packet, MediaKind kind = MediaKind::kVideo) {
    const Bytes data = fake::bytesOf(packet);
    router.onPacket({.data = data, .kind = kind}, now);
  }
  void key() { receive(video(fake::vp8Key())); }
  void delta() { receive(video(fake::vp8Delta())); }
  /// The next packet of the publisher, a frame of its own.
  fake::Packet video(Bytes payload) {
    timestamp += 3000;
    return {.sequenceNumber = sequenceNumber++,
            .timestamp = timestamp,
            .ssrc = ssrc,
            .payload = std::move(payload)};
  }
  void nack(MemberId from, std::vector<std::uint16_t> sequenceNumbers) {
    router.onNack(from, kSsrc, sequenceNumbers, now);
  }
  void wait(milliseconds time) { now += time; }

  fake::Output output;
  Router router{output};
  Time now{std::chrono::seconds(100)};
  std::uint16_t sequenceNumber = 100;
  std::uint32_t timestamp = 7;
  std::uint32_t ssrc = 0x1234;
};

}  // namespace rtcpub::sfu
