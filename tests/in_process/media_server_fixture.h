#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "eventually.h"
#include "sfu/media_server.h"
#include "webrtc_peer.h"

/// A media server, and peers of libwebrtc in the same process.
namespace rtcpub::sfu {

using rtcpub::testing::eventually;
using rtcpub::testing::Peer;
using rtcpub::testing::PeerFactory;

inline constexpr const char* kChannel = "test";

/// The first one of a description.
inline std::string iceUfrag(const std::string& sdp) {
  const auto begin = sdp.find("a=ice-ufrag:");
  return begin == std::string::npos ? "none" : sdp.substr(begin, sdp.find('\r', begin) - begin);
}

/// The offer of another client with the same certificate.
inline std::string otherUfrag(std::string sdp, MemberId id) {
  const std::string line = iceUfrag(sdp);
  for (auto at = sdp.find(line); at != std::string::npos; at = sdp.find(line, at + 1)) {
    sdp.replace(at, line.size(), "a=ice-ufrag:other" + std::to_string(id));
  }
  return sdp;
}

class MediaServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { factory_ = new PeerFactory; }
  static void TearDownTestSuite() { delete factory_; }

  void SetUp() override { start({.port = 0}); }

  void start(MediaServerOptions options) {
    auto server = MediaServer::create(
        std::move(options),
        {.connected = [this](MemberId id) { note("connected", id, ""); },
         .published = [this](MemberId id) { note("published", id, ""); },
         .presence = [this](MemberId id, bool present) { note(present ? "back" : "away", id, ""); },
         .gone = [this](MemberId id, bool closed,
                        const std::string& why) { note(closed ? "closed" : "gone", id, why); }});
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }

  void note(const std::string& what, MemberId id, const std::string& why) {
    const std::lock_guard lock(mutex_);
    events_.push_back(what + " " + std::to_string(id) + (why.empty() ? "" : ": " + why));
  }

  std::vector<std::string> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  bool happened(const std::string& event) {
    return eventually([&] {
      const auto all = events();
      return std::any_of(all.begin(), all.end(),
                         [&](const auto& one) { return one.starts_with(event); });
    });
  }

  Result<JoinAnswer> answer(MemberId id, spider::Role role, const std::string& offer) {
    std::promise<Result<JoinAnswer>> answered;
    server_->join({.client = id,
                   .role = role,
                   .channel = kChannel,
                   .offer = offer,
                   .codec = {},
                   .loopback = true},
                  [&](Result<JoinAnswer> result) { answered.set_value(std::move(result)); });
    return answered.get_future().get();
  }

  void join(MemberId id, spider::Role role, Peer& peer) {
    const auto answered = answer(id, role, peer.offer());
    ASSERT_TRUE(answered) << answered.error().message;
    ASSERT_EQ(answered->client, id);
    ASSERT_EQ(peer.accept(answered->sdp), "") << answered->sdp;
  }

  MediaStats stats() {
    std::promise<MediaStats> stats;
    server_->stats([&](MediaStats result) { stats.set_value(std::move(result)); });
    return stats.get_future().get();
  }

  std::unique_ptr<Peer> publisher(MemberId id) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->sendVideo();
    peer->openChannel("metric");
    join(id, spider::Role::kPublisher, *peer);
    return peer;
  }

  std::unique_ptr<Peer> subscriber(MemberId id) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->receiveVideo();
    peer->openChannel("stream");
    join(id, spider::Role::kSubscriber, *peer);
    return peer;
  }

  inline static PeerFactory* factory_ = nullptr;
  std::mutex mutex_;
  std::vector<std::string> events_;
  std::unique_ptr<MediaServer> server_;
};

}  // namespace rtcpub::sfu
