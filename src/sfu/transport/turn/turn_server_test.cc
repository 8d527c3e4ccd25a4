#include "sfu/transport/turn/turn_server.h"

#include <gtest/gtest.h>

#include "engine/compat/bytes.h"
#include "sfu/transport/stun_message.h"

namespace rtcpub::sfu {
namespace {

using cricket::TurnMessage;
using namespace std::chrono_literals;

using Bytes = std::vector<std::uint8_t>;
using Message = std::unique_ptr<TurnMessage>;

/// What a datagram's way was, and what it held.
struct Sent {
  Path path;
  Bytes datagram;
};

struct Recorder final : DatagramOutput, DatagramInput {
  void send(const Path& path, std::span<const std::uint8_t> datagram) override {
    deliver(path, datagram);
  }
  void deliver(std::span<const std::uint8_t> datagram, const Path& path, Time /*now*/) override {
    deliver(path, datagram);
  }
  void deliver(const Path& path, std::span<const std::uint8_t> datagram) {
    sent.push_back({path, {datagram.begin(), datagram.end()}});
  }
  /// The latest, as a message.
  [[nodiscard]] Message message() const {
    auto read = std::make_unique<TurnMessage>();
    if (sent.empty()) return read;
    const Bytes& bytes = sent.back().datagram;
    auto reader = engine::readerOf(bytes);
    EXPECT_TRUE(read->Read(&reader));
    return read;
  }
  std::vector<Sent> sent;
};

const IpAddress kServer = *parseIp("192.0.2.1");
constexpr std::uint16_t kMediaPort = 8268;

Path clientPath(std::uint16_t port, const char* ip = "198.51.100.7") {
  return {{*parseIp(ip), port, 0}, kServer, 0};
}

class TurnServerTest : public testing::Test {
 protected:
  TurnServerTest() {
    TurnPolicy policy;
    policy.mediaPort = kMediaPort;
    policy.isOwn = [](const IpAddress& ip) { return ip == kServer; };
    policy.relayedFor = [](const IpAddress& called) { return called; };
    policy.maxAllocations = 6;
    policy.maxOfOneAddress = 4;
    server_.setPolicy(std::move(policy));
  }

  void give(const Bytes& datagram) { server_.onDatagram(datagram, client_, toClient_, now_); }

  /// The code of the answer; 0 for success, -1 for none.
  int ask(Message message, bool sign = true) {
    if (sign) {
      add(*message, cricket::STUN_ATTR_USERNAME, credentials_.username);
      add(*message, cricket::STUN_ATTR_REALM, std::string(kTurnRealm));
      add(*message, cricket::STUN_ATTR_NONCE, nonce_);
      std::string key;
      cricket::ComputeStunCredentialHash(credentials_.username, std::string(kTurnRealm),
                                         credentials_.password, &key);
      message->AddMessageIntegrity(key);
    }
    toClient_.sent.clear();
    give(serialize(*message));
    if (toClient_.sent.empty()) return -1;
    const auto answer = toClient_.message();
    const auto* code = answer->GetErrorCode();
    return code == nullptr ? 0 : code->code();
  }

  static void add(TurnMessage& message, int type, const std::string& value) {
    message.AddAttribute(std::make_unique<cricket::StunByteStringAttribute>(
        static_cast<std::uint16_t>(type), value));
  }
  static void add(TurnMessage& message, int type, std::uint32_t value) {
    message.AddAttribute(
        std::make_unique<cricket::StunUInt32Attribute>(static_cast<std::uint16_t>(type), value));
  }
  static void add(TurnMessage& message, const Endpoint& peer) {
    message.AddAttribute(std::make_unique<cricket::StunXorAddressAttribute>(
        cricket::STUN_ATTR_XOR_PEER_ADDRESS, toSocketAddress(peer)));
  }

  static Message allocation(std::uint32_t protocol = 17) {
    auto message = std::make_unique<TurnMessage>(cricket::STUN_ALLOCATE_REQUEST);
    add(*message, cricket::STUN_ATTR_REQUESTED_TRANSPORT, protocol << 24);
    return message;
  }
  static Message refresh(std::uint32_t lifetime) {
    auto message = std::make_unique<TurnMessage>(cricket::TURN_REFRESH_REQUEST);
    add(*message, cricket::STUN_ATTR_TURN_LIFETIME, lifetime);
    return message;
  }
  static Message permission(const char* ip) {
    auto message = std::make_unique<TurnMessage>(cricket::TURN_CREATE_PERMISSION_REQUEST);
    add(*message, Endpoint{*parseIp(ip), kMediaPort, 0});
    return message;
  }
  static Message channel(std::uint16_t number, const Endpoint& peer) {
    auto message = std::make_unique<TurnMessage>(cricket::TURN_CHANNEL_BIND_REQUEST);
    add(*message, cricket::STUN_ATTR_CHANNEL_NUMBER, std::uint32_t{number} << 16);
    add(*message, peer);
    return message;
  }
  static Bytes indication(const Endpoint& peer, const std::string& data) {
    TurnMessage message(cricket::TURN_SEND_INDICATION);
    add(message, peer);
    add(message, cricket::STUN_ATTR_DATA, data);
    return serialize(message);
  }

  Time now_{1000s};
  const TurnSecret secret_{"a secret of the test's"};
  Recorder media_;
  Recorder udp_;
  Recorder toClient_;
  Outlet outlet_;
  TurnServer server_{secret_, media_, outlet_};
  Path client_ = clientPath(4000);
  TurnCredentials credentials_ = secret_.credentials("session", {.expiry = now_ + 1h});
  std::string nonce_ = secret_.nonce(client_.remote.ip, now_);
  const Endpoint own_{kServer, kMediaPort, 0};
};

TEST_F(TurnServerTest, AsksStrangersForCredentials) {
  EXPECT_EQ(ask(allocation(), false), 401);
  const auto answer = toClient_.message();
  EXPECT_EQ(answer->GetByteString(cricket::STUN_ATTR_REALM)->string_view(), "rtcpub");
  const auto nonce = answer->GetByteString(cricket::STUN_ATTR_NONCE)->string_view();
  EXPECT_TRUE(secret_.isFresh({nonce.data(), nonce.size()}, client_.remote.ip, now_));
  EXPECT_FALSE(server_.serves(client_));
}

TEST_F(TurnServerTest, TellsAnybodyHisAddress) {
  give(serialize(cricket::StunMessage(cricket::STUN_BINDING_REQUEST)));
  const auto answer = toClient_.message();
  const auto* mapped = answer->GetAddress(cricket::STUN_ATTR_XOR_MAPPED_ADDRESS);
  ASSERT_NE(mapped, nullptr);
  EXPECT_EQ(mapped->GetAddress().ToString(), "198.51.100.7:4000");
}

TEST_F(TurnServerTest, RefusesWrongCredentials) {
  credentials_.password = "guessed";
  EXPECT_EQ(ask(allocation()), 401);
  credentials_ = secret_.credentials("session", {.expiry = now_ - 1s});
  EXPECT_EQ(ask(allocation()), 401);
  credentials_ = TurnSecret("another").credentials("session", {.expiry = now_ + 1h});
  EXPECT_EQ(ask(allocation()), 401);
  credentials_.username = "nobody";
  EXPECT_EQ(ask(allocation()), 401);
  EXPECT_EQ(server_.allocations(), 0U);
}

TEST_F(TurnServerTest, AsksForANewNonceWhenTheOldOneIsStale) {
  now_ += 2h;
  credentials_ = secret_.credentials("session", {.expiry = now_ + 1h});
  EXPECT_EQ(ask(allocation()), 438);
  nonce_ = secret_.nonce(*parseIp("203.0.113.1"), now_);
  EXPECT_EQ(ask(allocation()), 438);
  nonce_ = secret_.nonce(client_.remote.ip, now_);
  EXPECT_EQ(ask(allocation()), 0);
}

TEST_F(TurnServerTest, HandsWhatIsSentToTheMediaPortAndItsAnswersBack) {
  ASSERT_EQ(ask(allocation()), 0);
  const auto allocated = toClient_.message();
  const auto* relayed = allocated->GetAddress(cricket::STUN_ATTR_XOR_RELAYED_ADDRESS);
  ASSERT_NE(relayed, nullptr);
  give(indication(own_, "too early"));
  EXPECT_TRUE(media_.sent.empty());
  ASSERT_EQ(ask(permission("192.0.2.1")), 0);
  give(indication(own_, "hello"));
  ASSERT_EQ(media_.sent.size(), 1U);
  EXPECT_EQ(media_.sent[0].datagram, Bytes({'h', 'e', 'l', 'l', 'o'}));
  const Path way = media_.sent[0].path;
  EXPECT_EQ(toSocketAddress(way.remote).ToString(), relayed->GetAddress().ToString());
  EXPECT_EQ(way.local, kServer);
  EXPECT_NE(way.stream, 0U);

  toClient_.sent.clear();
  outlet_.send(way, Bytes{1, 2, 3});
  const auto answer = toClient_.message();
  EXPECT_EQ(answer->type(), cricket::TURN_DATA_INDICATION);
  EXPECT_EQ(answer->GetByteString(cricket::STUN_ATTR_DATA)->length(), 3U);
  EXPECT_EQ(toClient_.sent[0].path, client_);
}

TEST_F(TurnServerTest, CountsWhatItGivesOutRefusesAndHandsOn) {
  ASSERT_EQ(ask(allocation(), false), 401);  // it only has to say who it is
  EXPECT_EQ(server_.stats().refused, 0U);
  ASSERT_EQ(ask(allocation()), 0);
  ASSERT_EQ(ask(permission("10.0.0.1")), 403);
  ASSERT_EQ(ask(permission("192.0.2.1")), 0);
  give(indication(own_, "hello"));
  give(indication({kServer, 22, 0}, "not here"));
  outlet_.send(media_.sent[0].path, Bytes{1, 2, 3});
  credentials_.password = "guessed";
  ASSERT_EQ(ask(refresh(600)), 401);
  const auto stats = server_.stats();
  EXPECT_EQ(stats.relays, 1U);
  EXPECT_EQ(stats.allocated, 1U);
  EXPECT_EQ(stats.refused, 2U);
  EXPECT_EQ(stats.packetsIn, 1U);
  EXPECT_EQ(stats.bytesIn, 5U);
  EXPECT_EQ(stats.packetsOut, 1U);
  EXPECT_EQ(stats.bytesOut, 3U);
  server_.forget(client_);
  EXPECT_EQ(server_.stats().relays, 0U);
  EXPECT_EQ(server_.stats().allocated, 1U);
}

TEST_F(TurnServerTest, UsesAChannelOnceThereIsOne) {
  ASSERT_EQ(ask(allocation()), 0);
  ASSERT_EQ(ask(channel(0x4001, own_)), 0);
  give({0x40, 0x01, 0, 2, 7, 8});
  ASSERT_EQ(media_.sent.size(), 1U);
  EXPECT_EQ(media_.sent[0].datagram, Bytes({7, 8}));
  toClient_.sent.clear();
  outlet_.send(media_.sent[0].path, Bytes{9});
  ASSERT_EQ(toClient_.sent.size(), 1U);
  EXPECT_EQ(toClient_.sent[0].datagram, Bytes({0x40, 0x01, 0, 1, 9}));
}

TEST_F(TurnServerTest, TakesSixteenPeersInARequest) {
  ASSERT_EQ(ask(allocation()), 0);
  auto many = permission("192.0.2.1");
  for (int i = 1; i < 16; ++i) add(*many, Endpoint{kServer, kMediaPort, 0});
  EXPECT_EQ(ask(std::move(many)), 0);
  auto tooMany = permission("192.0.2.1");
  for (int i = 1; i < 17; ++i) add(*tooMany, Endpoint{kServer, kMediaPort, 0});
  EXPECT_EQ(ask(std::move(tooMany)), 508);
}

TEST_F(TurnServerTest, LeadsNowhereElse) {
  ASSERT_EQ(ask(allocation()), 0);
  for (const char* ip : {"10.0.0.1", "127.0.0.1", "169.254.169.254", "198.51.100.7", "0.0.0.0"}) {
    EXPECT_EQ(ask(permission(ip)), 403) << ip;
    EXPECT_EQ(ask(channel(0x4001, {*parseIp(ip), kMediaPort, 0})), 403) << ip;
  }
  EXPECT_EQ(ask(channel(0x4001, {kServer, 22, 0})), 403);
  auto two = permission("192.0.2.1");
  add(*two, Endpoint{*parseIp("10.0.0.1"), kMediaPort, 0});
  EXPECT_EQ(ask(std::move(two)), 403);
  ASSERT_EQ(ask(permission("192.0.2.1")), 0);
  give(indication({kServer, 22, 0}, "ssh?"));
  give(indication({*parseIp("10.0.0.1"), kMediaPort, 0}, "inside?"));
  EXPECT_TRUE(media_.sent.empty());
}

TEST_F(TurnServerTest, LimitsWhatOneAddressAndAllMayHave) {
  for (std::uint16_t port = 4000; port < 4004; ++port) {
    client_ = clientPath(port);
    EXPECT_EQ(ask(allocation()), 0);
  }
  client_ = clientPath(4004);
  EXPECT_EQ(ask(allocation()), 486);
  const auto from = [this](const char* ip) {
    client_ = clientPath(4000, ip);
    nonce_ = secret_.nonce(client_.remote.ip, now_);
    return ask(allocation());
  };
  EXPECT_EQ(from("198.51.100.8"), 0);
  EXPECT_EQ(from("198.51.100.9"), 0);
  EXPECT_EQ(from("198.51.100.10"), 508);
  EXPECT_EQ(server_.allocations(), 6U);
}

TEST_F(TurnServerTest, GivesEachItsOwnRelayedAddress) {
  std::vector<std::string> seen;
  for (std::uint16_t port = 4000; port < 4004; ++port) {
    client_ = clientPath(port);
    ASSERT_EQ(ask(allocation()), 0);
    seen.push_back(toClient_.message()
                       ->GetAddress(cricket::STUN_ATTR_XOR_RELAYED_ADDRESS)
                       ->GetAddress()
                       .ToString());
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST_F(TurnServerTest, AnswersARepeatedAllocationAsBeforeAndAnotherNot) {
  auto first = allocation();
  auto again =
      std::make_unique<TurnMessage>(cricket::STUN_ALLOCATE_REQUEST, first->transaction_id());
  add(*again, cricket::STUN_ATTR_REQUESTED_TRANSPORT, 17U << 24);
  EXPECT_EQ(ask(std::move(first)), 0);
  EXPECT_EQ(ask(std::move(again)), 0);
  EXPECT_EQ(ask(allocation()), 437);
  EXPECT_EQ(server_.allocations(), 1U);
}

TEST_F(TurnServerTest, RefusesWhatItDoesNotDo) {
  EXPECT_EQ(ask(allocation(6)), 442);
  EXPECT_EQ(ask(std::make_unique<TurnMessage>(cricket::STUN_ALLOCATE_REQUEST)), 400);
  EXPECT_EQ(ask(refresh(600)), 437);
  EXPECT_EQ(ask(permission("192.0.2.1")), 437);
  EXPECT_EQ(ask(channel(0x4000, own_)), 437);
  ASSERT_EQ(ask(allocation()), 0);
  EXPECT_EQ(ask(channel(0x3FFF, own_)), 400);
  EXPECT_EQ(ask(std::make_unique<TurnMessage>(cricket::TURN_CREATE_PERMISSION_REQUEST)), 400);
}

TEST_F(TurnServerTest, KeepsARelayOnlyWhileItIsRefreshed) {
  ASSERT_EQ(ask(allocation()), 0);
  now_ += 599s;
  server_.sweep(now_);
  EXPECT_TRUE(server_.serves(client_));
  ASSERT_EQ(ask(refresh(600)), 0);
  now_ += 599s;
  server_.sweep(now_);
  EXPECT_TRUE(server_.serves(client_));
  now_ += 1s;
  server_.sweep(now_);
  EXPECT_FALSE(server_.serves(client_));
}

TEST_F(TurnServerTest, EndsARelayWhenAsked) {
  ASSERT_EQ(ask(allocation()), 0);
  ASSERT_EQ(ask(refresh(0)), 0);
  EXPECT_FALSE(server_.serves(client_));
}

TEST_F(TurnServerTest, KeepsARelayWhoseCredentialsExpireAndGivesNoOther) {
  ASSERT_EQ(ask(allocation()), 0);
  for (int i = 0; i < 9; ++i) {
    now_ += 500s;
    nonce_ = secret_.nonce(client_.remote.ip, now_);
    ASSERT_EQ(ask(refresh(600)), 0);
  }
  client_ = clientPath(5000);
  EXPECT_EQ(ask(allocation()), 401);
}

TEST_F(TurnServerTest, KeepsNoRelayBeyondTheEndOfItsCredentials) {
  credentials_ = secret_.credentials("session", {.expiry = now_ + 700s, .end = now_ + 1000s});
  ASSERT_EQ(ask(allocation()), 0);
  now_ += 600s - 1s;
  EXPECT_EQ(ask(refresh(600)), 0);
  EXPECT_EQ(toClient_.message()->GetUInt32(cricket::STUN_ATTR_TURN_LIFETIME)->value(), 401U);
  now_ += 201s;  // no relay is given by them any more, but this one goes on
  EXPECT_EQ(ask(refresh(3600)), 0);
  EXPECT_EQ(toClient_.message()->GetUInt32(cricket::STUN_ATTR_TURN_LIFETIME)->value(), 200U);
  now_ += 199s;
  EXPECT_EQ(ask(refresh(3600)), 0);
  now_ += 1s;
  EXPECT_EQ(ask(refresh(3600)), 401);
  server_.sweep(now_);
  EXPECT_EQ(server_.allocations(), 0U);
}

TEST_F(TurnServerTest, GivesARelayForNoLongerThanItsCredentialsHold) {
  credentials_ = secret_.credentials("session", {.expiry = now_ + 3s, .end = now_ + 3s});
  ASSERT_EQ(ask(allocation()), 0);
  EXPECT_EQ(toClient_.message()->GetUInt32(cricket::STUN_ATTR_TURN_LIFETIME)->value(), 3U);
  now_ += 3s;
  server_.sweep(now_);
  EXPECT_EQ(server_.allocations(), 0U);
}

TEST_F(TurnServerTest, TakesNoNameForCredentialsThatNobodyGave) {
  for (const char* name : {"9223372036854775807:x", "1-9223372036854775807:x", "-1:x", "1-:x", "-",
                           "1-2-3:x", ":x", "99999999999-99999999999"}) {
    credentials_.username = name;
    EXPECT_EQ(ask(allocation()), 401) << name;
  }
}

TEST_F(TurnServerTest, LetsNobodyUseAnothersRelay) {
  ASSERT_EQ(ask(allocation()), 0);
  credentials_ = secret_.credentials("other", {.expiry = now_ + 1h});
  EXPECT_EQ(ask(refresh(600)), 441);
}

TEST_F(TurnServerTest, AnswersAFloodOfStrangersOnlySomewhat) {
  int answered = 0;
  for (int i = 0; i < 1000; ++i) answered += ask(allocation(), false) == 401 ? 1 : 0;
  EXPECT_EQ(answered, ReplyLimit::kPerSecond);
  client_.stream = 7;  // over TCP it is himself
  EXPECT_EQ(ask(allocation(), false), 401);
  client_.stream = 0;
  EXPECT_EQ(ask(allocation(), false), -1);
  now_ += 1s;
  EXPECT_EQ(ask(allocation(), false), 401);
}

TEST_F(TurnServerTest, TakesGarbageWithoutAWord) {
  give({});
  give({0x40});
  give({0x40, 0, 0xFF, 0xFF});
  give(Bytes(20, 0));
  give(Bytes(2000, 0xFF));
  EXPECT_TRUE(toClient_.sent.empty());
}

TEST(Allocation, BindsAChannelToOnePeerAndAPeerToOneChannel) {
  const Time now{1000s};
  Allocation allocation({kServer, 50000, 0}, now + 600s);
  const Endpoint peer{kServer, kMediaPort, 0};
  const Endpoint other{kServer, 9, 0};
  EXPECT_TRUE(allocation.bindChannel(0x4000, peer, now));
  EXPECT_TRUE(allocation.bindChannel(0x4000, peer, now));
  EXPECT_FALSE(allocation.bindChannel(0x4000, other, now));
  EXPECT_FALSE(allocation.bindChannel(0x4001, peer, now));
  EXPECT_TRUE(allocation.permits(kServer, now + 299s));
  EXPECT_FALSE(allocation.permits(kServer, now + 300s));
  EXPECT_EQ(allocation.peerOf(0x4000, now + 599s), peer);
  EXPECT_FALSE(allocation.peerOf(0x4000, now + 600s));
  EXPECT_TRUE(allocation.bindChannel(0x4000, other, now + 600s));
}

TEST(Allocation, HasRoomForSomePeersOnly) {
  const Time now{1000s};
  Allocation allocation({kServer, 50000, 0}, now + 600s);
  IpAddress ip = kServer;
  for (std::size_t i = 0; i < Allocation::kMaxPeers; ++i) {
    ip[15] = static_cast<std::uint8_t>(i);
    EXPECT_TRUE(allocation.permit(ip, now));
  }
  ip[15] = 255;
  EXPECT_FALSE(allocation.permit(ip, now));
  EXPECT_TRUE(allocation.permit(ip, now + 300s));
}

}  // namespace
}  // namespace rtcpub::sfu
