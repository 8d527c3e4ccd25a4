#include "sfu/transport/stream_port.h"

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
  StreamConnection& taken = *connection;
  const std::uint32_t number = outlet_.add(taken);
  const IpAddress address = taken.path().remote.ip;
  connections_.emplace(number, Entry{std::move(connection), now});
  if (const auto surplus = table_.enter(number, networkOf(address), kPhaseUnproven)) {
    const auto oldest = static_cast<std::uint32_t>(*surplus);
    warning_.warn("too many connections for media over TCP that are of no use: cut one of " +
                      toString(connections_.at(oldest).connection->path().remote.ip) +
                      ", to let others in",
                  now);
    remove(oldest);
  }
  taken.start(number, received);
}

void StreamPort::onDatagram(StreamConnection& from, std::span<const std::uint8_t> datagram,
                            Time now) {
  if (from.framing() == Framing::kIce) {
    input_.deliver(datagram, from.path(), now);
  } else {
    turn_.onDatagram(datagram, from.path(), from, now);
  }
  if (table_.phaseOf(from.path().stream) == kPhaseUnproven && isUseful(from)) {
    becomeUseful(from, now);
  }
}

void StreamPort::becomeUseful(const StreamConnection& connection, Time now) {
  const std::uint32_t number = connection.path().stream;
  const NetworkKey network = networkOf(connection.path().remote.ip);
  if (!table_.full(kPhaseUseful, network)) {
    (void)table_.move(number, kPhaseUseful);
    return;
  }
  warning_.warn("refused media over TCP from " + toString(connection.path().remote.ip) +
                    ": it, or all, have too many connections already",
                now);
  removeLater(number);
}

void StreamPort::onClosed(StreamConnection& connection) { removeLater(connection.path().stream); }

void StreamPort::removeLater(std::uint32_t number) {
  thread_.PostTask([this, number, alive = std::weak_ptr<bool>(alive_)] {
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
  table_.leave(number);
}

bool StreamPort::isUseful(const StreamConnection& connection) const {
  return clients_.bound(connection.path()) || turn_.serves(connection.path());
}

void StreamPort::sweep(Time now) {
  std::vector<std::uint32_t> useless;
  for (auto& [number, entry] : connections_) {
    if (isUseful(*entry.connection)) {
      entry.useful = now;
      if (table_.phaseOf(number) == kPhaseUnproven) becomeUseful(*entry.connection, now);
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

}  // namespace rtcpub::sfu
