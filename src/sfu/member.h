#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/hub/member_id.h"
#include "rtcpub/clock.h"
#include "rtcpub/rights.h"
#include "sfu/media_server.h"
#include "sfu/silence.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/transport.h"

namespace rtcpub::sfu {

class Channel;

/// What a member joined with, and what was made of it.
struct Admission {
  MemberId id = 0;
  std::string name{};  ///< for people; empty: nobody said
  IceCredentials clientIce;
  TransportParameters parameters;
};

/// Whoever was answered: its transport, and its place in a channel.
/// Runs on: the network thread.
class Member final : public TransportEvents {
 public:
  /// Called from inside the transport: only post.
  struct Events {
    std::function<void(MemberId)> stands;
    std::function<void(MemberId, bool closed, std::string reason)> gone;
  };

  /// Both outlive this. It is in the channel from Channel::join() on. Errors: kProtocol.
  static Result<std::unique_ptr<Member>> make(Network& network, Channel& channel,
                                              Admission admission, Events events, Time now);
  /// Leaves the channel.
  ~Member() override;

  [[nodiscard]] MemberId id() const { return admission_.id; }
  [[nodiscard]] const std::string& nameForPeople() const { return admission_.name; }
  /// As they were stamped last.
  [[nodiscard]] Rights rights() const { return rights_; }
  void setRights(Rights rights) { rights_ = rights; }
  [[nodiscard]] bool publishes() const { return rights_.has(Right::kPublish); }
  [[nodiscard]] bool views() const { return rights_.has(Right::kView); }
  [[nodiscard]] Channel& channel() { return channel_; }
  [[nodiscard]] const Admission& admission() const { return admission_; }
  [[nodiscard]] const NegotiatedMedia& media() const {
    return admission_.parameters.negotiation.media;
  }
  [[nodiscard]] Transport& transport() { return *transport_; }
  [[nodiscard]] const Transport& transport() const { return *transport_; }
  /// One more of its messages wasn't passed on, since it has no right to send it. Whether it is the
  /// first.
  bool countRefused() { return refusedMessages_++ == 0; }
  /// Whether anything has come on its transport; true once, when it has first.
  [[nodiscard]] bool noticeFirstSign();
  /// Its ICE checks have stopped: look().
  [[nodiscard]] bool away() const { return away_; }
  /// It isn't away, and has not fallen silent otherwise: look().
  [[nodiscard]] bool present() const { return present_; }
  /// Whether its signalling was closed by its side without a word of farewell: with its media
  /// silent, too, its program is no more.
  void setDeserted(bool deserted) { deserted_ = deserted; }

  /// Whether an offer is for its transport: DTLS goes on while both certificates stay what they
  /// are.
  [[nodiscard]] bool goesOnWith(const JoinRequest& request, const Offer& offer) const;
  /// The same transport carries something else from now on.
  void renegotiate(Negotiation negotiation, Time now);

  /// The other side has new ICE credentials, and gets new ones of the server's; all else goes on.
  void restartIce(IceCredentials theirs, IceCredentials ours);

  /// Notes what came from it. Ten times a second or so. Whether it is there, when that has changed;
  /// once it is away it is sent nothing until it is back.
  std::optional<bool> look(Time now, const MediaServerOptions& options);
  /// Why it is to be dropped, if it is.
  [[nodiscard]] std::optional<std::string> lost(Time now, const MediaServerOptions& options) const;
  /// Takes the rate since the last call; once a second or so.
  void measureRate(Time now);
  [[nodiscard]] MemberStats stats() const;

 private:
  Member(Channel& channel, Admission admission, Events events, Time now);
  [[nodiscard]] bool isHeard() const;
  void setAway(bool away);

  // TransportEvents
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
  void onDataChannelOpened(const std::string& label) override;
  void onHadTimeToOpen() override;

  Channel& channel_;
  Admission admission_;
  Events events_;
  const Time joinedAt_;
  Rights rights_;
  std::uint64_t refusedMessages_ = 0;
  bool heard_ = false;
  Silence silence_;
  bool away_ = false;
  bool present_ = true;
  bool deserted_ = false;
  std::unique_ptr<Transport> transport_;
  Time ratedAt_;
  std::uint64_t ratedBytes_ = 0;
  double kbps_ = 0;
};

}  // namespace rtcpub::sfu
