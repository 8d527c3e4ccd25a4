#include "sfu/transport/stun_message.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/compat/bytes.h"

namespace rtcpub::sfu {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kRequest{0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/// A binding request that names a user.
Bytes requestOf(const std::string& user) {
  cricket::StunMessage message(cricket::STUN_BINDING_REQUEST);
  message.AddAttribute(
      std::make_unique<cricket::StunByteStringAttribute>(cricket::STUN_ATTR_USERNAME, user));
  return serialize(message);
}

struct Clients final : DatagramInput {
  void deliver(std::span<const std::uint8_t> /*datagram*/, const Path& /*path*/,
               Time /*now*/) override {
    ++count;
  }
  int count = 0;
};

struct Answers final : DatagramOutput {
  void send(const Path& path, std::span<const std::uint8_t> datagram) override {
    to = path;
    sent.emplace_back(datagram.begin(), datagram.end());
  }
  Path to;
  std::vector<Bytes> sent;
};

class StunServerTest : public testing::Test {
 protected:
  std::string mappedFor(const char* ip) {
    path_.remote.ip = *parseIp(ip);
    server_.deliver(kRequest, path_, Time{});
    cricket::StunMessage reply;
    const Bytes& bytes = answers_.sent.back();
    auto reader = engine::readerOf(bytes);
    EXPECT_TRUE(reply.Read(&reader));
    EXPECT_EQ(reply.type(), cricket::STUN_BINDING_RESPONSE);
    EXPECT_EQ(reply.transaction_id(), std::string("\1\2\3\4\5\6\7\10\11\12\13\14", 12));
    const auto* mapped = reply.GetAddress(cricket::STUN_ATTR_XOR_MAPPED_ADDRESS);
    return mapped == nullptr ? "" : mapped->GetAddress().ToString();
  }

  Clients clients_;
  Answers answers_;
  StunServer server_{clients_, answers_};
  Path path_{{*parseIp("198.51.100.7"), 4000, 0}, *parseIp("192.0.2.1"), 0};
};

TEST_F(StunServerTest, TellsAnybodyHisAddress) {
  EXPECT_EQ(mappedFor("198.51.100.7"), "198.51.100.7:4000");
  EXPECT_EQ(mappedFor("2001:db8::7"), "[2001:db8::7]:4000");
  EXPECT_EQ(answers_.to, path_);
  EXPECT_EQ(clients_.count, 0);
}

TEST_F(StunServerTest, AnswersWithHardlyMoreThanWasAsked) {
  (void)mappedFor("198.51.100.7");
  EXPECT_LE(answers_.sent.back().size(), 32U);
  (void)mappedFor("2001:db8::7");
  EXPECT_LE(answers_.sent.back().size(), 44U);
}

TEST_F(StunServerTest, LeavesToTheClientsWhatNamesAUser) {
  server_.deliver(requestOf("server:client"), path_, Time{});
  server_.deliver(requestOf(""), path_, Time{});
  EXPECT_TRUE(answers_.sent.empty());
  EXPECT_EQ(clients_.count, 2);
}

TEST_F(StunServerTest, AnswersNothingElse) {
  Bytes otherCookie = kRequest;
  otherCookie[4] = 0;
  Bytes otherLength = kRequest;
  otherLength[3] = 4;
  Bytes response = kRequest;
  response[0] = 1;
  Bytes truncated = requestOf("server:client");
  truncated[23] = 200;
  for (const Bytes& datagram : {Bytes{}, Bytes{0, 1}, otherCookie, otherLength, response, truncated,
                                Bytes(kRequest.begin(), kRequest.end() - 1)}) {
    server_.deliver(datagram, path_, Time{});
  }
  EXPECT_TRUE(answers_.sent.empty());
}

}  // namespace
}  // namespace rtcpub::sfu
