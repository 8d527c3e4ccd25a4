#include <rtc_base/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "fuzz_input.h"
#include "rtcpub/log.h"
#include "sfu/transport/turn/turn_server.h"

// Any datagrams for the TURN server, behind a client that has a relay already and signs whatever it
// says. Nothing may reach any but the media port, and no stranger gets an answer much larger than
// what he sent.

namespace {

using namespace rtcpub::sfu;
using cricket::TurnMessage;
using rtcpub::Time;

const IpAddress kServer{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1};
const Path kClient{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 198, 51, 100, 7}, 4000, 0}, kServer, 0};
const Path kStranger{{kClient.remote.ip, 4001, 0}, kServer, 0};
constexpr std::uint16_t kMediaPort = 8268;
const Time kNow{std::chrono::seconds(1000)};

struct Media final : DatagramInput {
  void deliver(std::span<const std::uint8_t>, const Path& path, Time) override {
    require(path.local == kServer && path.stream != 0);
  }
};

struct Answers final : DatagramOutput {
  void send(const Path&, std::span<const std::uint8_t> datagram) override {
    size += datagram.size();
  }
  std::size_t size = 0;
};

void add(std::vector<std::uint8_t>& bytes, std::uint16_t type, std::string_view value) {
  for (const std::size_t half : {std::size_t{type}, value.size()}) {
    bytes.push_back(static_cast<std::uint8_t>(half >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(half));
  }
  bytes.insert(bytes.end(), value.begin(), value.end());
  bytes.resize((bytes.size() + 3) / 4 * 4);
}

void setLength(std::vector<std::uint8_t>& bytes, std::size_t length) {
  bytes[2] = static_cast<std::uint8_t>(length >> 8U);
  bytes[3] = static_cast<std::uint8_t>(length);
}

/// The message with a right header, and signed by who has credentials.
std::vector<std::uint8_t> signedBy(const TurnSecret& secret, std::span<const std::uint8_t> input) {
  std::vector<std::uint8_t> bytes(input.begin(), input.end());
  bytes.resize(std::max<std::size_t>(20, bytes.size() / 4 * 4));
  const std::uint8_t cookie[] = {0x21, 0x12, 0xA4, 0x42};
  std::copy_n(cookie, 4, bytes.begin() + 4);
  const auto made = secret.credentials("fuzz", {.expiry = kNow + std::chrono::hours(1)});
  add(bytes, cricket::STUN_ATTR_USERNAME, made.username);
  add(bytes, cricket::STUN_ATTR_REALM, kTurnRealm);
  add(bytes, cricket::STUN_ATTR_NONCE, secret.nonce(kClient.remote.ip, kNow));
  setLength(bytes, bytes.size() - 20);
  TurnMessage message;
  rtc::ByteBufferReader reader(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!message.Read(&reader)) return bytes;
  const auto key = secret.key(made.username);
  message.AddMessageIntegrity(*key);
  rtc::ByteBufferWriter writer;
  message.Write(&writer);
  return {writer.Data(), writer.Data() + writer.Length()};
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  rtcpub::engine::initialize();
  rtcpub::setLogLevel(rtcpub::LogLevel::kOff);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const TurnSecret secret("a secret of the fuzzer's");
  Media media;
  Answers answers;
  Outlet outlet;
  TurnServer server(secret, media, outlet);
  TurnPolicy policy;
  policy.mediaPort = kMediaPort;
  policy.isOwn = [](const IpAddress& ip) { return ip == kServer; };
  policy.relayedFor = [](const IpAddress& called) { return called; };
  server.setPolicy(std::move(policy));

  const std::span<const std::uint8_t> input(data, size);
  server.onDatagram(input, kStranger, answers, kNow);
  require(answers.size <= 160);
  require(server.allocations() == 0);

  const std::uint8_t allocate[] = {0, 3, 0, 8,  0x21, 0x12, 0xA4, 0x42, 1, 2, 3,  4, 5, 6,
                                   7, 8, 9, 10, 11,   12,   0,    0x19, 0, 4, 17, 0, 0, 0};
  server.onDatagram(signedBy(secret, allocate), kClient, answers, kNow);
  require(server.allocations() == 1);
  server.onDatagram(input, kClient, answers, kNow);
  server.onDatagram(signedBy(secret, input), kClient, answers, kNow);
  server.onDatagram(input, kClient, answers, kNow);
  require(server.allocations() <= 1);
  return 0;
}
