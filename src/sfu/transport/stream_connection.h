#pragma once

#include <rtc_base/physical_socket_server.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/owned_descriptor.h"
#include "sfu/transport/stream_framing.h"

namespace rtcpub::sfu {

/// One TCP connection that carries datagrams: ICE's (RFC 6544) or those of a TURN client. A
/// receiver that is slow loses whole datagrams, as it would by UDP; nothing here ever waits for it.
/// Runs on: the network thread, whose event loop it is registered with.
class StreamConnection final : public rtc::Dispatcher, public DatagramOutput {
 public:
  /// What may wait here for a slow receiver, besides what the system holds for it.
  static constexpr std::size_t kMaxBacklog = std::size_t{128} * 1024;

  struct Events {
    std::function<void(StreamConnection&, std::span<const std::uint8_t>, Time)> datagram;
    /// It ended or is no good: to be destroyed, but not from inside this call.
    std::function<void(StreamConnection&)> closed;
  };

  /// `received` was read from it already. It is silent until start().
  StreamConnection(OwnedDescriptor descriptor, rtc::PhysicalSocketServer& server, Events events);
  ~StreamConnection() override;
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  /// With the number by which paths name it. `received` was read from it already.
  void start(std::uint32_t number, std::span<const std::uint8_t> received);

  /// What it is, once that is known.
  [[nodiscard]] std::optional<Framing> framing() const { return framing_; }
  [[nodiscard]] const Path& path() const { return path_; }
  /// Datagrams that the receiver was too slow for.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  void send(const Path& path, std::span<const std::uint8_t> datagram) override;

 private:
  // rtc::Dispatcher
  std::uint32_t GetRequestedEvents() override;
  void OnEvent(std::uint32_t events, int error) override;
  int GetDescriptor() override { return descriptor_.get(); }
  bool IsDescriptorClosed() override { return false; }

  void receive();
  void deliver();
  /// What the system takes of it now.
  std::size_t write(std::span<const std::uint8_t> bytes);
  void writeBacklog();
  void end();

  OwnedDescriptor descriptor_;
  rtc::PhysicalSocketServer& server_;
  Events events_;
  Path path_;
  std::optional<Framing> framing_;
  FrameReader reader_;
  std::vector<std::uint8_t> frame_;    // scratch
  std::vector<std::uint8_t> backlog_;  // what the system has no room for
  std::uint64_t dropped_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace rtcpub::sfu
