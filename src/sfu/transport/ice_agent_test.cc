#include "sfu/transport/ice_agent.h"

#include <api/transport/stun.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rtc_base/byte_buffer.h>

#include <functional>
#include <memory>

#include "engine/compat/bytes.h"

namespace rtcpub::sfu {
namespace {

const IceCredentials kLocal{"serverufrag0", "serverpasswordserverpass"};

Endpoint client() {
  const std::uint8_t ip[] = {192, 0, 2, 7};
  return {mappedIpv4(ip), 4000, 0};
}

std::vector<std::uint8_t> serialize(const cricket::StunMessage& message) {
  rtc::ByteBufferWriter writer;
  message.Write(&writer);
  return {writer.Data(), writer.Data() + writer.Length()};
}

struct Check {
  std::string username = "serverufrag0:client";
  std::string password = kLocal.pwd;
  bool integrity = true;
  bool fingerprint = true;
  bool nominate = false;
  int role = cricket::STUN_ATTR_ICE_CONTROLLING;
};

std::vector<std::uint8_t> request(const Check& check) {
  cricket::IceMessage message(cricket::STUN_BINDING_REQUEST);
  message.AddAttribute(std::make_unique<cricket::StunByteStringAttribute>(
      cricket::STUN_ATTR_USERNAME, check.username));
  message.AddAttribute(
      std::make_unique<cricket::StunUInt64Attribute>(static_cast<std::uint16_t>(check.role), 1));
  if (check.nominate) {
    message.AddAttribute(
        std::make_unique<cricket::StunByteStringAttribute>(cricket::STUN_ATTR_USE_CANDIDATE));
  }
  if (check.integrity) message.AddMessageIntegrity(check.password);
  if (check.fingerprint) message.AddFingerprint();
  return serialize(message);
}

std::unique_ptr<cricket::IceMessage> parse(const std::vector<std::uint8_t>& reply) {
  auto message = std::make_unique<cricket::IceMessage>();
  auto reader = engine::readerOf(reply);
  EXPECT_TRUE(message->Read(&reader));
  return message;
}

TEST(IceAgent, AnswersACheckWithTheAddressItCameFrom) {
  const auto check = IceAgent(kLocal).handle(request({}), client());
  EXPECT_TRUE(check.valid);
  EXPECT_FALSE(check.nominated);
  const auto reply = parse(check.reply);
  EXPECT_EQ(reply->type(), cricket::STUN_BINDING_RESPONSE);
  EXPECT_EQ(reply->ValidateMessageIntegrity(kLocal.pwd),
            cricket::StunMessage::IntegrityStatus::kIntegrityOk);
  EXPECT_EQ(reply->GetAddress(cricket::STUN_ATTR_XOR_MAPPED_ADDRESS)->GetAddress().ToString(),
            "192.0.2.7:4000");
}

TEST(IceAgent, NoticesANomination) {
  EXPECT_TRUE(IceAgent(kLocal).handle(request({.nominate = true}), client()).nominated);
}

TEST(IceAgent, RefusesAWrongPasswordWithoutUsingThePath) {
  const auto check = IceAgent(kLocal).handle(
      request({.password = "wrongwrongwrongwrongwrong", .nominate = true}), client());
  EXPECT_FALSE(check.valid);
  EXPECT_FALSE(check.nominated);
  EXPECT_EQ(parse(check.reply)->GetErrorCodeValue(), cricket::STUN_ERROR_UNAUTHORIZED);
}

TEST(IceAgent, RefusesACheckWithoutIntegrity) {
  const auto check = IceAgent(kLocal).handle(request({.integrity = false}), client());
  EXPECT_FALSE(check.valid);
  EXPECT_EQ(parse(check.reply)->GetErrorCodeValue(), cricket::STUN_ERROR_BAD_REQUEST);
}

TEST(IceAgent, SaysNothingToWhatHasNoFingerprint) {
  const auto check = IceAgent(kLocal).handle(request({.fingerprint = false}), client());
  EXPECT_FALSE(check.valid);
  EXPECT_TRUE(check.reply.empty());
}

TEST(IceAgent, SaysNothingToWhatIsForSomebodyElse) {
  const auto check = IceAgent(kLocal).handle(request({.username = "other:client"}), client());
  EXPECT_FALSE(check.valid);
  EXPECT_TRUE(check.reply.empty());
}

TEST(IceAgent, TellsAClientThatClaimsToBeControlledOfTheConflict) {
  const auto check =
      IceAgent(kLocal).handle(request({.role = cricket::STUN_ATTR_ICE_CONTROLLED}), client());
  EXPECT_FALSE(check.valid);
  EXPECT_EQ(parse(check.reply)->GetErrorCodeValue(), cricket::STUN_ERROR_ROLE_CONFLICT);
}

TEST(IceAgent, AcceptsNoChangedCheckAtAll) {
  const auto good = request({.nominate = true});
  const IceAgent agent(kLocal);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(agent.handle(std::span(good).first(size), client()).valid) << size;
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int bit : {0x01, 0x80}) {
      auto flipped = good;
      flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ bit);
      EXPECT_FALSE(agent.handle(flipped, client()).valid) << at;
    }
  }
}

TEST(LocalUfrag, IsThePartBeforeTheColon) {
  EXPECT_EQ(localUfrag(request({.username = "abc:def"})), "abc");
  EXPECT_EQ(localUfrag(request({.username = "abc"})), "abc");
}

TEST(LocalUfrag, IsNotFoundInWhatIsNoBindingRequest) {
  auto datagram = request({});
  datagram[0] = 1;
  EXPECT_EQ(localUfrag(datagram), std::nullopt);
  EXPECT_EQ(localUfrag({}), std::nullopt);
  EXPECT_EQ(localUfrag(std::vector<std::uint8_t>(20, 0)), std::nullopt);
}

TEST(LocalUfrag, DoesNotReadPastAnAttributeThatLies) {
  auto datagram = request({});
  datagram[22] = 0xFF;  // the length of USERNAME
  EXPECT_EQ(localUfrag(datagram), std::nullopt);
}

}  // namespace
}  // namespace rtcpub::sfu
