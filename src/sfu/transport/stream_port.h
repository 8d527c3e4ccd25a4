#pragma once

#include <rtc_base/physical_socket_server.h>
#include <rtc_base/thread.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>

#include "core/limits/connection_table.h"
#include "log/occasional_warning.h"
#include "sfu/transport/demultiplexer.h"
#include "sfu/transport/outlet.h"
#include "sfu/transport/stream_connection.h"

namespace rtcpub::sfu {

/// Whoever speaks to TURN clients. Runs on: the network thread.
class TurnInput {
 public:
  virtual ~TurnInput() = default;
  /// Answers go to `output`, which outlives what the client has here.
  virtual void onDatagram(std::span<const std::uint8_t> datagram, const Path& client,
                          DatagramOutput& output, Time now) = 0;
  /// The client has a relayed address.
  [[nodiscard]] virtual bool serves(const Path& client) const = 0;
  /// The client's connection is gone.
  virtual void forget(const Path& client) = 0;
};

/// The TCP connections of all clients: of those that reach the server by ICE over TCP, and of those
/// that reach its TURN server so. Runs on: the network thread.
class StreamPort {
 public:
  /// Of those that are of use; the next one is refused. Many viewers may sit behind one router.
  static constexpr ConnectionTable::Room kUseful{.ofOneNetwork = 256, .inAll = 1000};
  /// Of those that aren't, or not yet: the oldest goes for the next one.
  static constexpr ConnectionTable::Room kUnproven{.ofOneNetwork = 64, .inAll = 256};
  /// How long a connection may be of no use: nobody proved who he is, or whoever did is gone.
  static constexpr std::chrono::seconds kPatience{10};

  /// All outlive this.
  StreamPort(rtc::Thread& thread, rtc::PhysicalSocketServer& server, Outlet& outlet,
             DatagramInput& input, const Demultiplexer& clients, TurnInput& turn);
  ~StreamPort();

  /// Takes a connection over, of which `received` was read already.
  void take(OwnedDescriptor descriptor, std::span<const std::uint8_t> received, Time now);
  /// Closes those that are of no use. Once a second or so.
  void sweep(Time now);

  /// Datagrams that receivers were too slow for.
  [[nodiscard]] std::uint64_t dropped() const;
  [[nodiscard]] std::size_t size() const { return connections_.size(); }

 private:
  struct Entry {
    std::unique_ptr<StreamConnection> connection;
    Time useful;  // the last time that it was, or when it began
  };
  enum : ConnectionTable::Phase { kPhaseUnproven, kPhaseUseful };

  void onDatagram(StreamConnection& from, std::span<const std::uint8_t> datagram, Time now);
  void onClosed(StreamConnection& connection);
  void remove(std::uint32_t number);
  [[nodiscard]] bool isUseful(const StreamConnection& connection) const;
  void removeLater(std::uint32_t number);
  /// Counts it among the useful ones, where there is room for it.
  void becomeUseful(const StreamConnection& connection, Time now);

  rtc::Thread& thread_;
  rtc::PhysicalSocketServer& server_;
  Outlet& outlet_;
  DatagramInput& input_;
  const Demultiplexer& clients_;
  TurnInput& turn_;
  std::unordered_map<std::uint32_t, Entry> connections_;
  ConnectionTable table_{{kUnproven, kUseful}};
  std::uint64_t droppedBefore_ = 0;  // of connections that are no more
  OccasionalWarning warning_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for posted tasks
};

}  // namespace rtcpub::sfu
