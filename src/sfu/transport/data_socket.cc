#include "sfu/transport/data_socket.h"

#include <algorithm>
#include <utility>

#include "engine/sctp_factory.h"
#include "engine/sctp_packet.h"

namespace rtcpub::sfu {
namespace {

namespace sctp = engine::sctp;
using namespace std::chrono_literals;

/// What a peer has on its way that heeds the room it is told of. More is lost, as by a network.
constexpr std::size_t kMaxKept = 1024;
/// A peer that is acknowledged nothing for long gives the association up: some do after ten
/// timeouts (RFC 9260 section 8.1).
constexpr auto kSign = 1s;

bool hasData(std::span<const std::uint8_t> packet) {
  for (auto chunk = sctp::chunkAt(packet, sctp::kHeaderSize); chunk;
       chunk = sctp::chunkAt(packet, chunk->offset + chunk->size)) {
    if (chunk->type == sctp::kData) return true;
  }
  return false;
}

}  // namespace

DataSocket::DataSocket(dcsctp::DcSctpSocketCallbacks& owner, Events& events)
    : SctpWrapper(owner), events_(events), window_(engine::kSctpReceiveBuffer) {}

std::size_t DataSocket::window() const {
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(events_.room(), 0));
}

Time DataSocket::arrival() const {
  return arrival_.value_or(monotonicNow() - events_.ageOfArrival());
}

void DataSocket::ReceivePacket(rtc::ArrayView<const std::uint8_t> packet) {
  stale_.onReceived({packet.data(), packet.size()});
  if ((!kept_.empty() || events_.room() <= 0) && hasData({packet.data(), packet.size()})) {
    if (kept_.empty()) taken_ = monotonicNow();
    if (kept_.size() < kMaxKept) kept_.push_back({{packet.begin(), packet.end()}, arrival()});
    return;
  }
  SctpWrapper::ReceivePacket(packet);
}

void DataSocket::resume() {
  if (std::exchange(resuming_, true)) return;  // what is taken may make room elsewhere
  while (!kept_.empty() && (events_.room() > 0 || monotonicNow() - taken_ >= kSign)) takeKept();
  if (kept_.empty() && window_.isWorthTelling(window())) tellRoom();
  resuming_ = false;
}

void DataSocket::takeKept() {
  const Kept next = std::move(kept_.front());
  kept_.pop_front();
  taken_ = monotonicNow();
  arrival_ = next.arrival;
  SctpWrapper::ReceivePacket(next.packet);
  arrival_.reset();
}

void DataSocket::tellRoom() {
  const auto packet = window_.update(window());
  if (!packet.empty()) owner().SendPacketWithStatus(packet);
}

dcsctp::SendStatus DataSocket::Send(dcsctp::DcSctpMessage message,
                                    const dcsctp::SendOptions& options) {
  std::optional<Time> deadline;
  if (options.lifetime) {
    deadline = monotonicNow() + std::chrono::milliseconds(options.lifetime->value());
  }
  const auto payload = message.payload();
  stale_.onSend(message.stream_id().value(), {payload.data(), payload.size()}, deadline);
  return SctpWrapper::Send(std::move(message), options);
}

dcsctp::SendPacketStatus DataSocket::SendPacketWithStatus(
    rtc::ArrayView<const std::uint8_t> packet) {
  scratch_.assign(packet.begin(), packet.end());
  const bool lowered = window_.apply(scratch_, window());
  const bool shortened = stale_.remove(scratch_, monotonicNow());
  if (!lowered && !shortened) return owner().SendPacketWithStatus(packet);
  if (scratch_.size() <= sctp::kHeaderSize) return dcsctp::SendPacketStatus::kSuccess;
  sctp::setChecksum(scratch_);
  return owner().SendPacketWithStatus(scratch_);
}

void DataSocket::OnTotalBufferedAmountLow() {
  SctpWrapper::OnTotalBufferedAmountLow();
  events_.onSocketDrained();
}

}  // namespace rtcpub::sfu
