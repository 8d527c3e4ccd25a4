#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/hub/hub.h"
#include "eventually.h"
#include "sfu/media_server.h"
#include "webrtc_peer.h"

/// A media server under a hub, and peers of libwebrtc in the same process.
namespace rtcpub::sfu {

using rtcpub::testing::eventually;
using rtcpub::testing::Peer;
using rtcpub::testing::PeerFactory;

inline constexpr const char* kChannel = "test";
inline constexpr Rights kPublisher{Right::kPublish};
inline constexpr Rights kViewer{Right::kView, Right::kDrive};

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
        {.heard = [this](MemberId id) { with([&](Hub& hub) { return heard(hub, id); }); },
         .stands =
             [this](MemberId id) {
               note("connected", id, "");
               if (hubHears_) with([&](Hub& hub) { return hub.onStands(id); });
             },
         .presence = [this](MemberId id, bool present) { note(present ? "back" : "away", id, ""); },
         .refused = [this](MemberId id, const std::string& label) { note("refused", id, label); },
         .notDriver =
             [this](MemberId id, control::Refusal why) {
               note("doesn't drive", id, std::string(control::code(why)));
             },
         .lease =
             [this](MemberId id, const control::LeaseMessageToServer& message) {
               with([&](Hub& hub) { return hub.onLeaseMessage(id, message, monotonicNow()); });
             },
         .drives = [this](MemberId id) { with([&](Hub& hub) { return hub.onDrives(id); }); },
         .silent =
             [this](const std::string& channel, std::uint64_t lease) {
               note("silent", lease, "");
               with([&](Hub& hub) { return hub.onSilent(channel, lease); });
             },
         .emergency =
             [this](const std::string& channel, bool inForce) {
               with([&](Hub& hub) { return hub.onEmergency(channel, inForce); });
             },
         .gone =
             [this](MemberId id, bool closed, const std::string& why) {
               note(closed ? "closed" : "gone", id, why);
               with([&](Hub& hub) { return hub.leave(id); });
             }});
    ASSERT_TRUE(server) << server.error().message;
    with([&](Hub& hub) {
      hub = Hub();
      server_ = std::move(*server);
      return Hub::Actions();
    });
  }

  /// Does with the hub what `event` does, and then what it says; any thread. Those that have to go
  /// stay unless sendsAway_, so that it is seen what comes of them.
  void with(const std::function<Hub::Actions(Hub&)>& event) {
    const std::lock_guard lock(hubMutex_);
    for (const auto& action : event(hub_)) {
      if (const auto* stamp = std::get_if<Hub::StampChannel>(&action)) {
        if (stamp->publisher) note("published", *stamp->publisher, "");
        server_->stampChannel(stamp->channel, stamp->publisher, stamp->openLabels);
      } else if (const auto* heir = std::get_if<Hub::StampHeir>(&action)) {
        server_->stampHeir(heir->channel, heir->heir, heir->openLabels);
      } else if (const auto* rights = std::get_if<Hub::StampRights>(&action)) {
        server_->stampRights(rights->member, rights->rights);
      } else if (const auto* driver = std::get_if<Hub::StampDriver>(&action)) {
        server_->stampDriver(driver->channel, driver->stamp);
      } else if (const auto* refuse = std::get_if<Hub::RefuseDrive>(&action)) {
        server_->refuseDrive(refuse->to, refuse->why, refuse->implicitly);
      } else if (const auto* evict = std::get_if<Hub::Evict>(&action)) {
        note("evicted", evict->member, evict->why.message);
        if (sendsAway_) server_->evict(evict->member);
      }
    }
  }
  static Hub::Actions heard(Hub& hub, MemberId id) {
    hub.onHeard(id);
    return {};
  }
  /// As its door would say.
  void leave(MemberId id) {
    server_->leave(id);
    with([&](Hub& hub) { return hub.leave(id); });
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

  Result<JoinAnswer> answer(MemberId id, Rights rights, const std::string& offer,
                            const std::vector<std::string>& openLabels = {}) {
    std::promise<Result<JoinAnswer>> answered;
    server_->join({.member = id,
                   .rights = rights,
                   .channel = kChannel,
                   .offer = offer,
                   .codec = {},
                   .loopback = true},
                  [&](Result<JoinAnswer> result) { answered.set_value(std::move(result)); });
    auto answer = answered.get_future().get();
    if (answer && answer->member == id && answer->joined) {
      with([&](Hub& hub) {
        return answer->anew
                   ? hub.enter(id,
                               {.channel = kChannel, .rights = rights, .openLabels = openLabels})
                   : hub.renegotiate(id, openLabels);
      });
    }
    return answer;
  }

  void join(MemberId id, Rights rights, Peer& peer,
            const std::vector<std::string>& openLabels = {}) {
    const auto answered = answer(id, rights, peer.offer(), openLabels);
    ASSERT_TRUE(answered) << answered.error().message;
    ASSERT_EQ(answered->member, id);
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
    join(id, kPublisher, *peer);
    return peer;
  }

  std::unique_ptr<Peer> subscriber(MemberId id) {
    auto peer = std::make_unique<Peer>(*factory_);
    peer->receiveVideo();
    peer->openChannel("stream");
    join(id, kViewer, *peer);
    return peer;
  }

  inline static PeerFactory* factory_ = nullptr;
  std::mutex mutex_;
  std::vector<std::string> events_;
  std::atomic<bool> hubHears_ = true;  ///< whose transport stands
  bool sendsAway_ = false;
  std::mutex hubMutex_;
  Hub hub_;
  std::unique_ptr<MediaServer> server_;
};

}  // namespace rtcpub::sfu
