#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/client/server_link.h"
#include "peer/peer.h"

/// An engine and a server of tests. What is asked of them is noted; what they say, the test says.
namespace rtcpub::fake {

/// What happened, in order, from any thread.
class Notes {
 public:
  void add(std::string what) {
    const std::lock_guard lock(mutex_);
    all_.push_back(std::move(what));
    changed_.notify_all();
  }
  /// Waits until it was noted that often; generous, for slow machines.
  [[nodiscard]] bool waitFor(const std::string& what, int times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60),
                             [&] { return std::count(all_.begin(), all_.end(), what) >= times; });
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
};

class Peer final : public peer::Peer {
 public:
  Peer(peer::PeerListener& hears, Notes& notes) : listener(hears), notes_(notes) {}
  ~Peer() override { notes_.add("peer gone"); }

  Result<void> sendVideo(VideoSource& /*source*/,
                         const peer::VideoSendOptions& /*options*/) override {
    return {};
  }
  Result<void> receiveVideo(std::optional<VideoCodec> /*codec*/) override { return {}; }
  Result<void> addChannel(const std::string& label,
                          const DataChannelOptions& /*options*/) override {
    notes_.add("channel " + label);
    return {};
  }
  void createOffer() override { notes_.add("create offer"); }
  void preferCodec(VideoCodec /*codec*/) override { notes_.add("prefer codec"); }
  void restartIce() override { notes_.add("restart ice"); }
  void refreshPath() override { notes_.add("refresh path"); }
  void applyAnswer(const std::string& sdp) override { notes_.add("apply answer " + sdp); }
  void applyOffer(const std::string& sdp) override { notes_.add("apply offer " + sdp); }
  void addCandidate(const Candidate& candidate) override { notes_.add("add " + candidate.line); }
  bool send(const std::string& label, const Message& message,
            const peer::Dispatch& /*dispatch*/) override {
    notes_.add("send " + label + (label.starts_with("rtcpub.") ? "" : " " + message.data));
    if (onSend) onSend(label, message);
    return true;
  }
  void stats(std::function<void(peer::PeerStats)> done) override { done(counters); }

  peer::PeerListener& listener;
  peer::PeerStats counters;
  std::function<void(const std::string& label, const Message& message)> onSend;

 private:
  Notes& notes_;
};

class Link final : public ServerLink {
 public:
  Link(SessionEvents sessionEvents, Notes& notes)
      : events(std::move(sessionEvents)), notes_(notes) {}
  ~Link() override { notes_.add("link gone"); }

  void send(const session::ToServer& what) override {
    const auto* const offer = std::get_if<session::Offer>(&what);
    notes_.add(offer != nullptr ? "offer " + offer->sdp : "say something else");
  }
  void close(std::function<void()> done) override {
    notes_.add("farewell");
    done();
  }
  [[nodiscard]] bool hasLocalAddress() const override { return hasAddress; }

  const SessionEvents events;
  bool hasAddress = true;

 private:
  Notes& notes_;
};

}  // namespace rtcpub::fake
