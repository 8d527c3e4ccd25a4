#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/measure/stamp.h"
#include "core/video/frame_buffer.h"
#include "core/video/pattern.h"
#include "peer/peer.h"
#include "rtcpub/video_source.h"

/// Two peers in one process that signal by calling each other, over the machine's own interfaces.
namespace rtcpub::peer {

/// Pushes stamped reference pictures at a steady rate.
class PatternSource : public VideoSource {
 public:
  PatternSource(int width, int height, int fps, PixelFormat format = PixelFormat::kI420)
      : pattern_(width, height), pool_(width, height), period_(1'000'000 / fps), format_(format) {}
  ~PatternSource() override { stop(); }

  Result<void> start() override {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
  }
  void stop() override { thread_ = {}; }

 private:
  void run(const std::stop_token& stop) {
    auto next = monotonicNow();
    for (int n = 0; !stop.stop_requested(); ++n) {
      push(draw(n));
      next += std::chrono::microseconds(period_);
      std::this_thread::sleep_until(next);
    }
  }

  VideoFrame draw(int n) {
    auto buffer = pool_.take();
    pattern_.draw(n, buffer->y(), buffer->strideY(), buffer->u(), buffer->strideU(), buffer->v(),
                  buffer->strideV());
    const auto now = monotonicNow();
    stamp::write(buffer->y(), buffer->strideY(),
                 {static_cast<std::uint16_t>(n),
                  static_cast<std::uint32_t>(now.time_since_epoch().count())});
    auto frame = toFrame(buffer, now);
    return format_ == PixelFormat::kNv12 ? toNv12(frame) : frame;
  }

  static VideoFrame toNv12(const VideoFrame& i420) {
    const auto rows = static_cast<std::size_t>(i420.height / 2);
    const auto columns = static_cast<std::size_t>(i420.width / 2);
    auto uv = std::make_shared<std::vector<std::uint8_t>>(rows * columns * 2);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        auto* const sample = &(*uv)[(row * columns + column) * 2];
        sample[0] =
            i420.planes[1].data[row * static_cast<std::size_t>(i420.planes[1].stride) + column];
        sample[1] =
            i420.planes[2].data[row * static_cast<std::size_t>(i420.planes[2].stride) + column];
      }
    }
    auto nv12 = i420;
    nv12.format = PixelFormat::kNv12;
    nv12.planes[1] = {uv->data(), i420.width};
    nv12.planes[2] = {};
    nv12.owner =
        std::make_shared<std::pair<std::shared_ptr<const void>, decltype(uv)>>(i420.owner, uv);
    return nv12;
  }

  const Pattern pattern_;
  FramePool pool_;
  const int period_;  ///< microseconds
  const PixelFormat format_;
  std::jthread thread_;
};

/// One end: passes its signalling to the other, and keeps what it is told.
class End final : public PeerListener {
 public:
  struct Seen {
    int width = 0;
    int height = 0;
    std::optional<stamp::Stamp> stamp;
    double ageMs = 0;
    Time at;
    std::optional<std::uint32_t> rtp;
    std::uint8_t u = 0;  ///< a chroma sample
    std::uint8_t v = 0;
  };

  /// Waits until `enough` says so of this end, 20 s at most.
  template <class Enough>
  bool waitFor(Enough enough) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return enough(*this); });
  }
  bool waitForFrames(std::size_t count) {
    return waitFor([count](const End& end) { return end.frames.size() >= count; });
  }
  bool waitForMessages(std::size_t count) {
    return waitFor([count](const End& end) { return end.messages.size() >= count; });
  }
  bool waitForOpen(const std::string& label) {
    return waitFor([&](const End& end) { return end.opened.contains(label); });
  }

  std::vector<Seen> snapshot() {
    const std::lock_guard lock(mutex_);
    return frames;
  }

  // Read inside of waitFor, or after it what doesn't change any more.
  std::vector<Seen> frames;
  std::vector<std::pair<std::string, Message>> messages;
  std::map<std::string, int> opened;
  std::vector<std::pair<std::string, DataChannelOptions>> peersChannels;
  std::vector<std::pair<std::uint64_t, bool>> done;  ///< messages, and whether they were delivered
  std::vector<std::string> failures;
  int connected = 0;
  int candidates = 0;
  int answersApplied = 0;
  std::string offer;
  std::string answer;

  /// Where to signal to; null: nowhere, from when this returns.
  void connectTo(Peer* other) {
    const std::lock_guard lock(mutex_);
    other_ = other;
  }

 private:
  template <class Change>
  void note(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  void onOffer(std::string sdp) override {
    note([&] {
      if (other_) other_->applyOffer(sdp);
      offer = std::move(sdp);
    });
  }
  void onAnswer(std::string sdp) override {
    note([&] {
      if (other_) other_->applyAnswer(sdp);
      answer = std::move(sdp);
    });
  }
  void onAnswerApplied() override {
    note([&] { ++answersApplied; });
  }
  void onCandidate(Candidate candidate) override {
    note([&] {
      if (other_) other_->addCandidate(candidate);
      ++candidates;
    });
  }
  void onConnected() override {
    note([&] { ++connected; });
  }
  void onDisconnected() override {}
  void onPathFailed(std::string reason) override { onFailed(std::move(reason)); }
  void onNetworkChanged() override {}
  void onFailed(std::string reason) override {
    note([&] { failures.push_back(std::move(reason)); });
  }
  void onChannelOpen(const std::string& label) override {
    note([&] { ++opened[label]; });
  }
  void onMessage(const std::string& label, Message message) override {
    note([&] { messages.emplace_back(label, std::move(message)); });
  }
  void onPeersChannel(const std::string& label, const DataChannelOptions& options) override {
    note([&] { peersChannels.emplace_back(label, options); });
  }
  void onMessageDone(const std::string& /*label*/, std::uint64_t id, bool delivered) override {
    note([&] { done.emplace_back(id, delivered); });
  }
  void onVideoFrame(VideoFrame frame) override {
    Seen seen;
    seen.width = frame.width;
    seen.height = frame.height;
    seen.at = frame.time;
    seen.rtp = frame.rtpTimestamp;
    seen.stamp = stamp::read(frame.planes[0].data, frame.planes[0].stride, frame.width,
                             frame.height, frame.width);
    if (seen.stamp) {
      seen.ageMs = stamp::ageUs(*seen.stamp, frame.time.time_since_epoch().count()) / 1000.0;
    }
    seen.u = frame.planes[1].data[0];
    seen.v = frame.planes[2].data[0];
    note([&] { frames.push_back(seen); });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Peer* other_ = nullptr;
};

/// A publisher's and a subscriber's peer. Here the publisher offers and the subscriber answers.
struct PeerPair {
  explicit PeerPair(const PeerOptions& options = {})
      : publisher(Peer::create(options, atPublisher).value()),
        subscriber(Peer::create(options, atSubscriber).value()) {
    atPublisher.connectTo(subscriber.get());
    atSubscriber.connectTo(publisher.get());
  }
  ~PeerPair() {
    atPublisher.connectTo(nullptr);
    atSubscriber.connectTo(nullptr);
  }

  End atPublisher;
  End atSubscriber;
  std::unique_ptr<Peer> publisher;
  std::unique_ptr<Peer> subscriber;
};

}  // namespace rtcpub::peer
