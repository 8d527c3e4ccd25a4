#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "rtcpub/clock.h"
#include "sfu/transport/path.h"

namespace rtcpub::sfu {

/// Takes a datagram away. Runs on: the network thread.
class DatagramOutput {
 public:
  virtual ~DatagramOutput() = default;
  /// Never blocks and never fails towards the caller: what can't be sent is dropped and counted.
  virtual void send(const Path& path, std::span<const std::uint8_t> datagram) = 0;
};

/// Takes what has come in. Runs on: the network thread.
class DatagramInput {
 public:
  virtual ~DatagramInput() = default;
  virtual void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) = 0;
};

/// One client's end of the shared port. Runs on: the network thread.
class DatagramSink {
 public:
  virtual ~DatagramSink() = default;
  /// A STUN message that names this client; its integrity is not checked yet.
  virtual void onStun(std::span<const std::uint8_t> datagram, const Path& path, Time now) = 0;
  /// DTLS, SRTP or SRTCP from a path that was bound to this client.
  virtual void onDatagram(std::span<const std::uint8_t> datagram, const Path& path, Time now) = 0;
};

/// What a datagram's first byte says it is (RFC 7983 section 7).
enum class DatagramKind { kStun, kDtls, kRtp, kUnknown };
[[nodiscard]] DatagramKind classify(std::span<const std::uint8_t> datagram);

/// Whose datagram is it? STUN is told by the user name in it, everything else by the addresses.
/// Runs on: the network thread. A sink must not add or forget sinks while it is being called.
class Demultiplexer final : public DatagramInput {
 public:
  void add(std::string ufrag, DatagramSink& sink);
  /// From now on datagrams that come by this path are this sink's. The latest binding wins: a NAT
  /// may give one client's old port to another.
  void bind(const Path& path, DatagramSink& sink);
  void unbind(const Path& path, const DatagramSink& sink);
  void forget(const std::string& ufrag, const DatagramSink& sink);

  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) override;

  /// Whether a client has proved that it is at the other end.
  [[nodiscard]] bool bound(const Path& path) const { return byPath_.contains(path); }
  /// Datagrams that belonged to nobody.
  [[nodiscard]] std::uint64_t garbage() const { return garbage_; }

 private:
  DatagramSink* owner(std::span<const std::uint8_t> datagram, const Path& path, DatagramKind kind);

  std::unordered_map<std::string, DatagramSink*> byUfrag_;
  std::unordered_map<Path, DatagramSink*, PathHash> byPath_;
  std::string key_;  // scratch for look-ups, so that a datagram costs no allocation
  std::uint64_t garbage_ = 0;
};

}  // namespace rtcpub::sfu
