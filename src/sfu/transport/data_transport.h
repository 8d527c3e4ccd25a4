#pragma once

#include <api/task_queue/pending_task_safety_flag.h>
#include <api/transport/data_channel_transport_interface.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sfu/router/media_totals.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/channel_table.h"
#include "sfu/transport/data_message.h"
#include "sfu/transport/data_socket.h"
#include "sfu/transport/fair_queue.h"
#include "sfu/transport/pace.h"

namespace rtc {
class PacketTransportInternal;
class Thread;
}  // namespace rtc
namespace webrtc {
class DcSctpTransport;
}  // namespace webrtc

namespace rtcpub::sfu {

/// One client's data channels: SCTP over its DTLS (RFC 8831), DCEP (RFC 8832), and a queue of what
/// waits for it. SCTP is given little at a time, since nothing can be dropped there any more when
/// it gets old. Runs on: the network thread.
class DataTransport final : public webrtc::DataChannelSink, public DataSocket::Events {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    /// `sender` is left to the caller.
    virtual void onDataMessage(const DataView& message) = 0;
    /// How many bytes of this client's reliable messages those have room for that they go to; 0 or
    /// less: none.
    [[nodiscard]] virtual std::ptrdiff_t room() const = 0;
    /// This client took something that waited for it.
    virtual void onDataTaken() = 0;
    /// This client has opened a data channel.
    virtual void onChannelOpened(const std::string& label) = 0;
    /// It had its time to open those that it opens itself.
    virtual void onHadTimeToOpen() = 0;
    /// How long ago that which is being read came to this machine.
    [[nodiscard]] virtual std::chrono::microseconds ageOfArrival() const = 0;
  };
  /// `dtls` and `events` outlive this. `client`: its number, for the log.
  DataTransport(rtc::Thread& thread, rtc::PacketTransportInternal& dtls,
                const DataParameters& parameters, bool dtlsServer, std::uint64_t member,
                Events& events);
  ~DataTransport() override;

  /// Whether SCTP stands.
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] bool openedByPeer(std::string_view label) const {
    return channels_.openedByPeer(label);
  }

  /// Whether it had its time to open those channels that it opens itself.
  [[nodiscard]] bool hadTimeToOpen() const { return mayOpen_; }

  /// Sends on the label's channel. One that the client hasn't opened is opened, once it had its
  /// time to do so. What can't go at once waits: for ever if it is reliable by both the sender's
  /// channel and the client's, else as long as the stricter of the two lets it
  /// (`delivery::longestAge`). What is too large, too much or too old is dropped and counted.
  void send(const DataView& message);
  /// Drops what waits and `which` says; how many. It isn't counted here.
  std::size_t drop(const std::function<bool(const DataMessage&)>& which);
  /// How many bytes of this sender's reliable messages may still wait; less than 0: too many do.
  [[nodiscard]] std::ptrdiff_t roomFor(std::uint64_t sender) const;
  /// Whether it takes what is sent to it fast enough for others to wait for it.
  [[nodiscard]] bool keepsUp(Time now) const { return pace_.keepsUp(now); }
  /// There may be room for what this client sends: it is told, or what was kept of it goes on.
  void resume() { socket_->resume(); }
  /// Of messages, not of the server's own.
  [[nodiscard]] const MediaTotals& totals() const { return totals_; }

 private:
  // webrtc::DataChannelSink
  void OnDataReceived(int id, webrtc::DataMessageType type,
                      const rtc::CopyOnWriteBuffer& buffer) override;
  void OnChannelClosing(int id) override;
  void OnChannelClosed(int id) override;
  void OnReadyToSend() override;
  void OnTransportClosed(webrtc::RTCError error) override;

  // DataSocket::Events
  [[nodiscard]] std::ptrdiff_t room() const override { return events_.room(); }
  [[nodiscard]] std::chrono::microseconds ageOfArrival() const override {
    return events_.ageOfArrival();
  }
  void onSocketDrained() override { drain(); }

  void onControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer);
  void onOpen(StreamId id, const rtc::CopyOnWriteBuffer& buffer);
  void refuse(StreamId id, std::string_view why);
  void sendControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer);

  /// Whether SCTP would take more to the wire soon.
  [[nodiscard]] bool socketHasRoom() const;
  [[nodiscard]] bool mayGo(std::string_view label) const;
  void enqueue(const DataView& message);
  void drain();
  void dropOld(Time now);
  /// What holds for a message by its sender's channel and the client's.
  [[nodiscard]] DataChannelOptions deliveryOf(std::string_view label,
                                              const DataChannelOptions& sender) const;
  [[nodiscard]] bool isTooOld(const DataMessage& message, Time now) const;
  void handOver(const DataView& message);
  const ChannelTable::Channel* openChannel(std::string_view label,
                                           const DataChannelOptions& options);
  void dropOversized(std::string_view label, std::size_t size, std::size_t most);
  void onOverflow(std::string_view label, std::size_t messages);

  Events& events_;
  rtc::Thread& thread_;
  const std::size_t maxMessageSize_;
  const std::uint64_t member_;
  ChannelTable channels_;
  FairQueue queue_;
  Pace pace_;
  MediaTotals totals_;
  bool up_ = false;
  bool closed_ = false;   // for good
  bool mayOpen_ = false;  // the client had its time to open channels itself
  bool draining_ = false;
  bool saidOversized_ = false;
  bool saidOverflow_ = false;
  bool saidRefused_ = false;
  bool saidUnopened_ = false;
  DataSocket* socket_ = nullptr;  // owned by sctp_
  std::unique_ptr<webrtc::DcSctpTransport> sctp_;
  webrtc::ScopedTaskSafety safety_;
};

}  // namespace rtcpub::sfu
