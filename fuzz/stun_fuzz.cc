#include <cstdint>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "fuzz_input.h"
#include "rtcpub/log.h"
#include "sfu/transport/ice_agent.h"

// A datagram of any bytes for the ICE-lite agent. Without the password nothing may count as a valid
// check but the seeds' own, and no reply may be much larger than what it answers.

namespace {

constexpr std::size_t kFingerprintSize = 8;

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const auto byte : bytes) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  return ~crc;
}

/// Makes the checksum at the end right, or hardly anything would get past it.
void repairFingerprint(std::vector<std::uint8_t>& datagram) {
  if (datagram.size() < 20 + kFingerprintSize) return;
  const std::size_t at = datagram.size() - kFingerprintSize;
  const std::size_t length = datagram.size() - 20;
  datagram[2] = static_cast<std::uint8_t>(length >> 8);
  datagram[3] = static_cast<std::uint8_t>(length);
  const std::uint8_t head[] = {0x80, 0x28, 0, 4};  // FINGERPRINT (RFC 8489 section 14.7)
  for (std::size_t i = 0; i < 4; ++i) datagram[at + i] = head[i];
  const std::uint32_t crc = crc32(std::span(datagram).first(at)) ^ 0x5354554E;
  for (std::size_t i = 0; i < 4; ++i) {
    datagram[at + 4 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rtcpub::sfu::IceAgent agent({"serverufrag0", "serverpasswordserverpass"});
  const rtcpub::sfu::Endpoint from{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7}, 4000, 0};
  std::vector<std::uint8_t> datagram(data, data + size);
  (void)agent.handle(datagram, from);
  repairFingerprint(datagram);
  const auto check = agent.handle(datagram, from);
  require(check.valid || !check.nominated);
  require(check.reply.size() <= 128);
  return 0;
}
