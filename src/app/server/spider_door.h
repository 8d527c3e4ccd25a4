#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "app/server/door.h"
#include "app/server/hub_runner.h"
#include "app/server/spider_socket.h"
#include "core/access/admission.h"
#include "core/limits/offer_limits.h"
#include "log/occasional_warning.h"
#include "net/event_loop.h"
#include "net/web_server.h"
#include "sfu/media_server.h"

namespace rtcpub {

/// The door by which members come that speak Spider over WebSockets: admits them, answers their
/// offers by the media plane, and tells them what the hub says. Runs on: the signalling loop.
class SpiderDoor final : public Door {
 public:
  /// All outlive this.
  SpiderDoor(net::EventLoop& loop, HubRunner& hub, Admission& admission);

  /// Begins to let them in, and to ping. `media` outlives stop(), or this object.
  void start(sfu::MediaServer& media);
  /// Tells everyone `close` and lets nobody in any more.
  void stop();

  /// A WebSocket wants in.
  tl::expected<net::WebSocketAcceptance, net::HttpResponse> admit(const net::HttpRequest& request);

  // --- from the members' sockets
  void onOpened(SpiderSocket& socket);
  void onOffer(SpiderSocket& socket, const spider::Offer& offer);
  /// An offer gets no answer. Who has agreed on one before keeps what it has.
  void refuseOffer(SpiderSocket& socket, const spider::ServerError& error);
  void onGone(SpiderSocket& socket);

  /// How many offers got no answer, by the code that was said.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& refusedOffers() const {
    return refusedOffers_;
  }

 private:
  // Door
  void tell(MemberId member, const Attendance& who) override;
  void tell(MemberId member, const CodecReport& report) override;
  void tellRefused(MemberId member, const std::string& label) override;
  void tellRefused(MemberId member, control::Refusal why) override;
  void tell(MemberId member, const std::optional<Driver>& driver, bool emergency) override;
  void dismiss(MemberId member, const Farewell& why) override;
  void onMediaClosed(MemberId member) override;

  void onAnswer(SpiderSocket& socket, const Result<sfu::JoinAnswer>& answer,
                const std::vector<std::string>& openLabels);
  void onUnclaimed(MemberId id, const Result<sfu::JoinAnswer>& answer);
  void refuseGone(SpiderSocket& socket, const sfu::JoinAnswer& answer);
  void resume(SpiderSocket& socket, MemberId id);
  [[nodiscard]] SpiderSocket* find(MemberId id) const;
  void pingAll();

  net::EventLoop& loop_;
  HubRunner& hub_;
  Admission& admission_;
  sfu::MediaServer* media_ = nullptr;  // null before start() and after stop()
  OfferLimits offers_;
  /// Of members that can be told something now, and of those that are yet to be in. A member stays
  /// while its media do: its WebSocket may break off and another one take its place.
  std::map<MemberId, SpiderSocket*> sockets_;
  std::map<std::string, std::uint64_t> refusedOffers_;
  net::EventLoop::Timer pingTimer_;
  OccasionalWarning refusals_;
};

}  // namespace rtcpub
