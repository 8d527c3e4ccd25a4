#include "sfu/transport/stream_port.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace rtcpub::sfu {

StreamPort::StreamPort(rtc::Thread& thread, rtc::PhysicalSocketServer& server, Outlet& outlet,
                       DatagramInput& input, const Demultiplexer& clients, TurnInput& turn)
    : thread_(thread),
      server_(server),
      outlet_(outlet),
      input_(input),
      clients_(clients),
      turn_(turn) {}

StreamPort::~StreamPort() {
  alive_.reset();
  while (!connections_.empty()) remove(connections_.begin()->first);
}

void StreamPort::take(OwnedDescriptor descriptor, std::span<const std::uint8_t> received,
                      Time now) {
  auto connection = std::make_unique<StreamConnection>(
      std::move(descriptor), server_,
      StreamConnection::Events{.datagram = [this](auto& from, auto datagram,
                                                  Time when) { onDatagram(from, datagram, when); },
                               .closed = [this](auto& closed) { onClosed(closed); }});
  const IpAddress& address = connection->path().remote.ip;
  if (connections_.size() >= kMaxConnections || countOf(address) >= kMaxOfOneAddress) {
    warning_.warn("refused media over TCP from " + toString(address) +
                      ": it, or all, have too many connections already",
                  now);
    return;
  }
  StreamConnection& taken = *connection;
  const std::uint32_t number = outlet_.add(taken);
  connections_.emplace(number, Entry{std::move(connection), now});
  taken.start(number, received);
}

void StreamPort::onDatagram(StreamConnection& from, std::span<const std::uint8_t> datagram,
                            Time now) {
  if (from.framing() == Framing::kIce) {
    input_.deliver(datagram, from.path(), now);
  } else {
    turn_.onDatagram(datagram, from.path(), from, now);
  }
}

void StreamPort::onClosed(StreamConnection& connection) {
  thread_.PostTask([this, number = connection.path().stream, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) remove(number);
  });
}

void StreamPort::remove(std::uint32_t number) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  turn_.forget(found->second.connection->path());
  outlet_.remove(number);
  droppedBefore_ += found->second.connection->dropped();
  connections_.erase(found);
}

bool StreamPort::isUseful(const StreamConnection& connection) const {
  return clients_.bound(connection.path()) || turn_.serves(connection.path());
}

void StreamPort::sweep(Time now) {
  std::vector<std::uint32_t> useless;
  for (auto& [number, entry] : connections_) {
    if (isUseful(*entry.connection)) {
      entry.useful = now;
    } else if (now - entry.useful >= kPatience) {
      useless.push_back(number);
    }
  }
  for (const auto number : useless) remove(number);
}

std::uint64_t StreamPort::dropped() const {
  std::uint64_t dropped = droppedBefore_;
  for (const auto& [number, entry] : connections_) dropped += entry.connection->dropped();
  return dropped;
}

std::size_t StreamPort::countOf(const IpAddress& address) const {
  return static_cast<std::size_t>(
      std::count_if(connections_.begin(), connections_.end(), [&](const auto& numbered) {
        return numbered.second.connection->path().remote.ip == address;
      }));
}

}  // namespace rtcpub::sfu
