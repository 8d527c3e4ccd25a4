#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/lobby.h"
#include "core/spider.h"
#include "rtcpub/clock.h"
#include "sfu/media_server.h"
#include "sfu/transport/client_transport.h"

namespace rtcpub::sfu {

class Channel;

/// What a client joined with, and what was made of it.
struct Admission {
  ClientId id = 0;
  IceCredentials clientIce;
  ClientParameters parameters;
};

/// One client that was answered: its transport, and its place in a channel.
/// Runs on: the network thread.
class Client final : public ClientEvents {
 public:
  /// Called from inside the transport: only post.
  struct Events {
    std::function<void(ClientId)> ready;
    std::function<void(ClientId, bool closed, std::string reason)> gone;
  };

  /// Both outlive this. Takes its place in the channel. Errors: kProtocol.
  static Result<std::unique_ptr<Client>> join(Network& network, Channel& channel,
                                              Admission admission, Events events, Time now);
  ~Client() override;

  [[nodiscard]] ClientId id() const { return admission_.id; }
  [[nodiscard]] spider::Role role() const { return admission_.parameters.role; }
  [[nodiscard]] Channel& channel() { return channel_; }
  [[nodiscard]] const Admission& admission() const { return admission_; }
  [[nodiscard]] const NegotiatedMedia& media() const {
    return admission_.parameters.negotiation.media;
  }
  [[nodiscard]] ClientTransport& transport() { return *transport_; }
  [[nodiscard]] const ClientTransport& transport() const { return *transport_; }
  /// Its ICE checks have stopped: changeOfPresence().
  [[nodiscard]] bool away() const { return away_; }

  /// The same transport carries something else from now on.
  void renegotiate(Negotiation negotiation, Time now);

  /// The client has new ICE credentials, and gets new ones of the server's; all else goes on.
  void restartIce(IceCredentials client, IceCredentials server);

  /// Why the client is to be dropped, if it is: it isn't connected after `patience`, or its ICE
  /// checks stopped as long ago as `retention`.
  [[nodiscard]] std::optional<std::string> lost(Time now, std::chrono::milliseconds patience,
                                                std::chrono::milliseconds retention) const;
  /// Whether it is there, when that has changed: it isn't when its checks stopped as long ago as
  /// `absence`; then it is sent nothing until it is back.
  std::optional<bool> changeOfPresence(Time now, std::chrono::milliseconds absence);
  /// Once a second or so.
  void measureRate(Time now);
  [[nodiscard]] ClientStats stats() const;

 private:
  Client(Channel& channel, Admission admission, Events events, Time now);
  [[nodiscard]] bool isHeard() const;

  // ClientEvents
  void onReady() override;
  void onGone(bool closed, std::string reason) override;
  void onMedia(const IncomingPacket& packet) override;
  void onVideoSourceChanged(std::uint32_t ssrc) override;
  void onSenderReport(const SenderReport& report) override;
  void onKeyFrameNeeded() override;
  void onNack(std::uint32_t ssrc, std::span<const std::uint16_t> sequenceNumbers) override;
  void onPictureLost() override;
  void onEstimate(std::int64_t bitsPerSecond) override;
  void onDataMessage(const DataView& message) override;
  [[nodiscard]] std::ptrdiff_t roomForData() const override;
  void onDataTaken() override;

  Channel& channel_;
  Admission admission_;
  Events events_;
  const Time joinedAt_;
  bool away_ = false;
  std::unique_ptr<ClientTransport> transport_;
  Time ratedAt_;
  std::uint64_t ratedBytes_ = 0;
  double kbps_ = 0;
};

}  // namespace rtcpub::sfu
