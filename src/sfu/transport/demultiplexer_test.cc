#include "sfu/transport/demultiplexer.h"

#include <gtest/gtest.h>

#include "sfu/transport/ice_lite_transport.h"

namespace rtcpub::sfu {
namespace {

struct CountingSink : DatagramSink {
  void onStun(std::span<const std::uint8_t>, const Path&, Time) override { ++stun; }
  void onDatagram(std::span<const std::uint8_t>, const Path&, Time) override { ++datagrams; }
  int stun = 0;
  int datagrams = 0;
};

struct NoOutput : DatagramOutput {
  void send(const Path&, std::span<const std::uint8_t>) override { ++sent; }
  int sent = 0;
};

Path path(std::uint8_t host, std::uint16_t port) {
  const std::uint8_t remote[] = {192, 0, 2, host};
  const std::uint8_t local[] = {192, 0, 2, 1};
  return {{mappedIpv4(remote), port, 0}, mappedIpv4(local)};
}

/// A binding request for `ufrag`, unsigned.
std::vector<std::uint8_t> bindingRequest(const std::string& ufrag) {
  const auto padded = (ufrag.size() + 3) / 4 * 4;
  std::vector<std::uint8_t> bytes(20 + 4 + padded);
  bytes[1] = 1;
  bytes[3] = static_cast<std::uint8_t>(4 + padded);
  bytes[4] = 0x21;
  bytes[5] = 0x12;
  bytes[6] = 0xA4;
  bytes[7] = 0x42;
  bytes[21] = 6;
  bytes[23] = static_cast<std::uint8_t>(ufrag.size());
  std::copy(ufrag.begin(), ufrag.end(), bytes.begin() + 24);
  return bytes;
}

const std::vector<std::uint8_t> kDtls{22, 1, 2};
const std::vector<std::uint8_t> kRtp{128, 1, 2};

TEST(Classify, FollowsTheFirstByte) {
  const auto kind = [](std::uint8_t first) { return classify(std::vector<std::uint8_t>{first}); };
  EXPECT_EQ(kind(0), DatagramKind::kStun);
  EXPECT_EQ(kind(3), DatagramKind::kStun);
  EXPECT_EQ(kind(4), DatagramKind::kUnknown);
  EXPECT_EQ(kind(20), DatagramKind::kDtls);
  EXPECT_EQ(kind(63), DatagramKind::kDtls);
  EXPECT_EQ(kind(64), DatagramKind::kUnknown);
  EXPECT_EQ(kind(128), DatagramKind::kRtp);
  EXPECT_EQ(kind(191), DatagramKind::kRtp);
  EXPECT_EQ(kind(192), DatagramKind::kUnknown);
  EXPECT_EQ(classify({}), DatagramKind::kUnknown);
}

TEST(Demultiplexer, FindsTheSinkByUserNameAndByPath) {
  Demultiplexer demultiplexer;
  CountingSink a;
  CountingSink b;
  demultiplexer.add("aaaa", a);
  demultiplexer.add("bbbb", b);
  demultiplexer.bind(path(7, 4000), b);
  demultiplexer.deliver(bindingRequest("aaaa:x"), path(7, 4000), Time{});
  demultiplexer.deliver(kDtls, path(7, 4000), Time{});
  demultiplexer.deliver(kRtp, path(7, 4000), Time{});
  EXPECT_EQ(a.stun, 1);
  EXPECT_EQ(a.datagrams, 0);
  EXPECT_EQ(b.datagrams, 2);
  EXPECT_EQ(demultiplexer.garbage(), 0U);
}

TEST(Demultiplexer, CountsWhatIsNobodys) {
  Demultiplexer demultiplexer;
  CountingSink sink;
  demultiplexer.add("aaaa", sink);
  demultiplexer.bind(path(7, 4000), sink);
  demultiplexer.deliver(bindingRequest("cccc:x"), path(7, 4000), Time{});
  demultiplexer.deliver(kDtls, path(7, 4001), Time{});
  demultiplexer.deliver(kDtls, path(8, 4000), Time{});
  demultiplexer.deliver({}, path(7, 4000), Time{});
  EXPECT_EQ(sink.stun + sink.datagrams, 0);
  EXPECT_EQ(demultiplexer.garbage(), 4U);
}

TEST(Demultiplexer, DoesNotForgetForAnotherSink) {
  Demultiplexer demultiplexer;
  CountingSink old;
  CountingSink now;
  demultiplexer.bind(path(7, 4000), old);
  demultiplexer.bind(path(7, 4000), now);  // a NAT gave the port to somebody else
  demultiplexer.unbind(path(7, 4000), old);
  demultiplexer.deliver(kDtls, path(7, 4000), Time{});
  EXPECT_EQ(now.datagrams, 1);
}

TEST(IceLiteTransport, IsNotWritableBeforeAValidCheck) {
  Demultiplexer demultiplexer;
  NoOutput output;
  IceLiteTransport transport({"aaaa", "passwordpasswordpassword"}, demultiplexer, output);
  demultiplexer.deliver(bindingRequest("aaaa:x"), path(7, 4000), Time{});
  EXPECT_FALSE(transport.writable());
  EXPECT_EQ(transport.SendPacket("x", 1, {}, 0), -1);
  EXPECT_EQ(output.sent, 0);
  demultiplexer.deliver(kDtls, path(7, 4000), Time{});
  EXPECT_EQ(demultiplexer.garbage(), 1U);
}

TEST(IceLiteTransport, IsForgottenWhenItEnds) {
  Demultiplexer demultiplexer;
  NoOutput output;
  { const IceLiteTransport transport({"aaaa", "password"}, demultiplexer, output); }
  demultiplexer.deliver(bindingRequest("aaaa:x"), path(7, 4000), Time{});
  EXPECT_EQ(demultiplexer.garbage(), 1U);
}

}  // namespace
}  // namespace rtcpub::sfu
