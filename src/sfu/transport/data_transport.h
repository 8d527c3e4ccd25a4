#pragma once

#include <api/transport/data_channel_transport_interface.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/bounded_messages.h"
#include "sfu/transport/answer.h"
#include "sfu/transport/channel_table.h"

namespace rtc {
class PacketTransportInternal;
class Thread;
}  // namespace rtc
namespace webrtc {
class DcSctpTransport;
struct DataChannelInit;
}  // namespace webrtc

namespace rtcpub::sfu {

/// One client's data channels: SCTP over its DTLS (RFC 8831), DCEP (RFC 8832), and a bounded queue
/// for each label. Runs on: the network thread.
class DataTransport final : public webrtc::DataChannelSink {
 public:
  class Events {
   public:
    virtual ~Events() = default;
    virtual void onDataMessage(std::string_view label, const DataChannelOptions& options,
                               std::string_view data, bool binary) = 0;
  };

  /// `dtls` and `events` outlive this.
  DataTransport(rtc::Thread& thread, rtc::PacketTransportInternal& dtls,
                const DataParameters& parameters, bool dtlsServer, Events& events);
  ~DataTransport() override;

  /// Whether SCTP stands.
  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] bool openedByPeer(std::string_view label) const {
    return channels_.openedByPeer(label);
  }

  /// Sends on the label's channel, which is opened with `options` if there is none. What can't go
  /// at once, while SCTP doesn't stand yet or its buffer is full, waits as long as `options` let
  /// it: for ever if the channel is reliable, for its life time if it has one, else not at all.
  /// What is too large, too much or too old is dropped and counted.
  void send(std::string_view label, const DataChannelOptions& options, std::string_view data,
            bool binary);
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  enum class Sent { kYes, kLater, kNever };
  struct Waiting {
    DataChannelOptions options;
    BoundedMessages messages;
  };

  // webrtc::DataChannelSink
  void OnDataReceived(int id, webrtc::DataMessageType type,
                      const rtc::CopyOnWriteBuffer& buffer) override;
  void OnChannelClosing(int id) override;
  void OnChannelClosed(int id) override;
  void OnReadyToSend() override;
  void OnTransportClosed(webrtc::RTCError error) override;

  void onControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer);
  void onOpen(StreamId id, const rtc::CopyOnWriteBuffer& buffer);
  const ChannelTable::Channel* openChannel(std::string_view label,
                                           const DataChannelOptions& options);
  void sendControl(StreamId id, const rtc::CopyOnWriteBuffer& buffer);
  Sent trySend(const ChannelTable::Channel& channel, std::string_view data, bool binary);
  /// The label's channel, opened with `options` if there is none; null if there are too many.
  const ChannelTable::Channel* channelFor(std::string_view label,
                                          const DataChannelOptions& options);
  void enqueue(std::string_view label, const DataChannelOptions& options, std::string_view data,
               bool binary);
  /// True when nothing waits for the label any more.
  bool drain(const std::string& label, Waiting& waiting);
  void drop(std::string_view label, std::size_t size);

  Events& events_;
  const std::size_t maxMessageSize_;
  ChannelTable channels_;
  std::map<std::string, Waiting, std::less<>> waiting_;  // by label; only what waits
  bool up_ = false;
  bool closed_ = false;  // for good
  bool warned_ = false;
  std::uint64_t dropped_ = 0;
  std::unique_ptr<webrtc::DcSctpTransport> sctp_;
};

}  // namespace rtcpub::sfu
