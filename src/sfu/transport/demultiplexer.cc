#include "sfu/transport/demultiplexer.h"

#include <utility>

#include "sfu/transport/ice_agent.h"

namespace rtcpub::sfu {

DatagramKind classify(std::span<const std::uint8_t> datagram) {
  if (datagram.empty()) return DatagramKind::kUnknown;
  const std::uint8_t first = datagram[0];
  if (first <= 3) return DatagramKind::kStun;
  if (first >= 20 && first <= 63) return DatagramKind::kDtls;
  if (first >= 128 && first <= 191) return DatagramKind::kRtp;
  return DatagramKind::kUnknown;
}

void Demultiplexer::add(std::string ufrag, DatagramSink& sink) {
  byUfrag_[std::move(ufrag)] = &sink;
}

void Demultiplexer::bind(const Path& path, DatagramSink& sink) { byPath_[path] = &sink; }

void Demultiplexer::unbind(const Path& path, const DatagramSink& sink) {
  const auto found = byPath_.find(path);
  if (found != byPath_.end() && found->second == &sink) byPath_.erase(found);
}

void Demultiplexer::forget(const std::string& ufrag, const DatagramSink& sink) {
  const auto found = byUfrag_.find(ufrag);
  if (found != byUfrag_.end() && found->second == &sink) byUfrag_.erase(found);
}

DatagramSink* Demultiplexer::owner(std::span<const std::uint8_t> datagram, const Path& path,
                                   DatagramKind kind) {
  if (kind == DatagramKind::kStun) {
    const auto ufrag = localUfrag(datagram);
    if (!ufrag) return nullptr;
    key_.assign(*ufrag);
    const auto found = byUfrag_.find(key_);
    return found == byUfrag_.end() ? nullptr : found->second;
  }
  const auto found = byPath_.find(path);
  return found == byPath_.end() ? nullptr : found->second;
}

void Demultiplexer::deliver(std::span<const std::uint8_t> datagram, const Path& path, Time now) {
  const DatagramKind kind = classify(datagram);
  DatagramSink* sink = kind == DatagramKind::kUnknown ? nullptr : owner(datagram, path, kind);
  if (sink == nullptr) {
    ++garbage_;
  } else if (kind == DatagramKind::kStun) {
    sink->onStun(datagram, path, now);
  } else {
    sink->onDatagram(datagram, path, now);
  }
}

}  // namespace rtcpub::sfu
