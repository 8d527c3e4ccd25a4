#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/server/access_time.h"
#include "app/server/door.h"
#include "core/hub/hub.h"
#include "net/event_loop.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// The hub at work: brings it what doors and the media plane say, in the order in which it is said,
/// and the time; and does what it answers. Runs on: the signalling loop.
class HubRunner {
 public:
  explicit HubRunner(net::EventLoop& loop, std::function<AccessTime()> now = accessNow);

  /// For the media plane, which may call them on its thread, as long as the loop runs.
  [[nodiscard]] sfu::MediaServerEvents mediaEvents();
  /// `media` and `door` outlive stop(), or this object.
  void start(sfu::MediaServer& media, Door& door);
  /// The media plane and the door are called no more.
  void stop();

  // --- From doors

  [[nodiscard]] MemberId newId() { return nextId_++; }
  void enter(MemberId id, Membership membership);
  void renegotiate(MemberId id, std::vector<std::string> openLabels);
  void resume(MemberId id, Membership membership);
  /// Its signalling ended without a farewell, while its media go on.
  void desert(MemberId id);
  /// Its media end, too.
  void leave(MemberId id);
  /// Somebody with the right to do so sends it away. False when it isn't in.
  bool remove(MemberId id);

  [[nodiscard]] const Hub& hub() const { return hub_; }
  /// Of the last second.
  [[nodiscard]] const sfu::MediaStats& stats() const { return stats_; }
  /// How many members had to go, by the code that they were told.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& evictions() const { return evictions_; }

 private:
  void onGone(MemberId id, bool closed, const std::string& reason);
  void dismiss(MemberId id, const Farewell& why);
  void perform(const Hub::Actions& actions);
  void perform(const Hub::StampChannel& action);
  void perform(const Hub::StampHeir& action);
  void perform(const Hub::StampRights& action);
  void perform(const Hub::Evict& action);
  void perform(const Hub::Notify& action);
  void perform(const Hub::NotifyCodecs& action);
  void perform(const Hub::StampDriver& action);
  void perform(const Hub::RefuseDrive& action);
  void perform(const Hub::NotifyDriver& action);
  void armEnd();
  void onSecond();

  net::EventLoop& loop_;
  const std::function<AccessTime()> now_;
  Hub hub_;
  sfu::MediaServer* media_ = nullptr;  // null before start() and after stop(), like the door
  Door* door_ = nullptr;
  MemberId nextId_ = 1;
  sfu::MediaStats stats_;
  std::map<std::string, std::uint64_t> evictions_;
  net::EventLoop::Timer end_;  // of somebody's rights
  net::EventLoop::Timer second_;
};

}  // namespace rtcpub
