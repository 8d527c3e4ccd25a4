#include "app/server/api_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace rtcpub {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr std::int64_t kNow = 1'700'000'000;

/// Knows some tokens by their names, and what they claim.
class FakeVerifier final : public TokenVerifier {
 public:
  [[nodiscard]] tl::expected<std::string, Refusal> verify(std::string_view token) const override {
    static const std::map<std::string, std::string, std::less<>> kClaims{
        {"viewer", R"("channels":"car-1","rights":"view","name":"Kim","exp":1700000060)"},
        {"driver", R"("channels":"car-*","rights":"drive")"},
        {"robot", R"("channels":"car-1","rights":"publish")"},
        {"admin", R"("channels":"car-*","rights":"admin")"},
        {"old", R"("channels":"car-1","rights":"view","exp":1600000000)"}};
    const auto found = kClaims.find(token);
    if (found == kClaims.end()) {
      return tl::unexpected(Refusal{.status = 401, .code = "bad-signature", .message = "no"});
    }
    return R"({"aud":"rtcpub",)" + found->second + "}";
  }
};

class ApiDoorTest : public testing::Test {
 protected:
  net::HttpResponse ask(const std::string& method, const std::string& target,
                        const std::string& token = {}) {
    net::HttpRequest request{
        .method = method, .target = target, .remoteAddress = address, .proxied = proxied};
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    return ask(std::move(request));
  }

  net::HttpResponse ask(net::HttpRequest request) {
    net::HttpResponse answer{.status = 0};
    auto found = routes.find(request.method, request.path());
    if (!found) return found.error();
    request.segment = found->segment;
    found->route->handle(request, [&](net::HttpResponse given) { answer = std::move(given); });
    return answer;
  }

  net::HttpResponse get(const std::string& target, const std::string& token = {}) {
    return ask("GET", target, token);
  }

  Admission admission{std::make_shared<FakeVerifier>(), "rtcpub"};
  std::string address = "203.0.113.5";
  bool proxied = false;
  std::string fingerprint = "sha256:ab";
  std::map<MemberId, std::string> members{{1, "car-1"}, {2, "boat"}};
  ApiDoor door{
      admission,
      {.now =
           [] {
             return AccessTime{Time{}, UnixTime(std::chrono::seconds(kNow))};
           },
       .channels =
           [](const ChannelPatterns& patterns) {
             return std::string(patterns.match("car-1") ? "car-1" : "") +
                    (patterns.match("boat") ? "boat" : "");
           },
       .members =
           [](const ChannelPatterns& patterns) { return "members of " + patterns.texts().at(0); },
       .channelOf =
           [this](MemberId id) {
             const auto found = members.find(id);
             return found == members.end() ? std::nullopt : std::optional(found->second);
           },
       .remove = [this](MemberId id) { members.erase(id); },
       .iceServers =
           [](const net::HttpRequest&, std::optional<Time> until) {
             const auto seconds = std::chrono::seconds(1);
             return until ? "ice until " + std::to_string(until->time_since_epoch() / seconds)
                          : "ice";
           },
       .fingerprint = [this] { return fingerprint; }}};
  net::Routes routes{door.routes()};
};

// --- /api/access

TEST_F(ApiDoorTest, TellsWhatOneMayDoInAChannel) {
  EXPECT_EQ(get("/api/access?channel=car-1", "viewer").body,
            R"({"rights":["view"],"name":"Kim","until":1700000060})");
  EXPECT_EQ(get("/api/access?channel=car-7", "driver").body,
            R"({"rights":["view","drive"],"name":"","until":null})");
  EXPECT_EQ(get("/api/access", "robot").body, R"({"rights":["publish"],"name":"","until":null})");
}

TEST_F(ApiDoorTest, TellsWhyOneMayNot) {
  const auto none = get("/api/access?channel=car-1");
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.body, HasSubstr(R"("code":"no-token")"));
  EXPECT_THAT(none.headers, Contains(Key("WWW-Authenticate")));
  EXPECT_THAT(get("/api/access?channel=car-1", "old").body, HasSubstr(R"("code":"expired")"));
  EXPECT_THAT(get("/api/access?channel=boat", "viewer").body,
              HasSubstr(R"("code":"wrong-channel")"));
  EXPECT_EQ(get("/api/access?channel=a&channel=b", "viewer").status, 400);
}

TEST_F(ApiDoorTest, TakesTokensFromTheQueryForOldClients) {
  EXPECT_EQ(get("/api/access?channel=car-1&token=viewer").status, 200);
}

// --- /api/channels, /api/ice, /api/identity

TEST_F(ApiDoorTest, ListsOnlyTheChannelsThatOneMayView) {
  EXPECT_EQ(get("/api/channels", "viewer").body, "car-1");
  EXPECT_EQ(get("/api/channels").status, 401);
  EXPECT_THAT(get("/api/channels", "robot"),
              testing::Field(&net::HttpResponse::body, HasSubstr(R"("code":"no-right")")));
  Admission open;
  open.openToAll();
  ApiDoor openDoor(open, {.now =
                              [] {
                                return AccessTime{Time{}, UnixTime(std::chrono::seconds(kNow))};
                              },
                          .channels =
                              [](const ChannelPatterns& patterns) {
                                return std::string(patterns.match("anything") ? "all" : "");
                              },
                          .members = {},
                          .channelOf = {},
                          .remove = {},
                          .iceServers = {},
                          .fingerprint = {}});
  routes = net::Routes(openDoor.routes());
  EXPECT_EQ(get("/api/channels").body, "all");
}

TEST_F(ApiDoorTest, GivesIceServersToWhoIsAdmittedAnywhere) {
  for (const char* token : {"driver", "robot", "admin"}) {
    EXPECT_EQ(get("/api/ice", token).body, "ice") << token;
  }
  EXPECT_EQ(get("/api/ice", "viewer").body, "ice until 60") << "with his rights they end";
  for (const char* token : {"", "old", "made-up"}) {
    EXPECT_EQ(get("/api/ice", token).status, 401) << token;
  }
}

TEST_F(ApiDoorTest, ShowsItsKeyToEverybody) {
  EXPECT_EQ(get("/api/identity").body, R"({"fingerprint":"sha256:ab"})");
  proxied = true;
  EXPECT_EQ(get("/api/identity").body, R"({"fingerprint":null})") << "the proxy has another one";
  proxied = false;
  fingerprint.clear();
  EXPECT_EQ(get("/api/identity").body, R"({"fingerprint":null})");
}

// --- /api/members

TEST_F(ApiDoorTest, ListsMembersForAdminsOnly) {
  EXPECT_EQ(get("/api/members", "admin").body, "members of car-*");
  for (const char* token : {"viewer", "driver", "robot"}) {
    const auto refused = get("/api/members", token);
    EXPECT_EQ(refused.status, 403) << token;
    EXPECT_THAT(refused.body, AllOf(HasSubstr(R"("code":"no-right")"), HasSubstr("admin")));
  }
  EXPECT_EQ(get("/api/members").status, 401);
}

TEST_F(ApiDoorTest, RemovesMembersOfOnesOwnChannelsOnly) {
  EXPECT_EQ(ask("POST", "/api/members/1/remove", "driver").status, 403);
  EXPECT_EQ(ask("POST", "/api/members/1/remove").status, 401);
  EXPECT_THAT(members, Contains(Key(1)));
  const auto removed = ask("POST", "/api/members/1/remove", "admin");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, R"({"removed":1})");
  EXPECT_THAT(members, ElementsAre(Pair(2, "boat")));
  // Of others nothing is told, not even that they are there.
  const auto others = ask("POST", "/api/members/2/remove", "admin");
  EXPECT_EQ(others.status, 404);
  EXPECT_THAT(others.body, Not(HasSubstr("boat")));
  EXPECT_THAT(members, ElementsAre(Pair(2, "boat")));
}

TEST_F(ApiDoorTest, FindsOnlyMembersThatAreIn) {
  for (const char* id : {"7", "0", "-1", "1x", "x", "18446744073709551617", "1%20"}) {
    EXPECT_EQ(ask("POST", std::string("/api/members/") + id + "/remove", "admin").status, 404)
        << id;
  }
  EXPECT_EQ(members.size(), 2U);
}

TEST_F(ApiDoorTest, RemovesByPostOnly) {
  const auto refused = get("/api/members/1/remove", "admin");
  EXPECT_EQ(refused.status, 405);
  EXPECT_THAT(refused.headers, Contains(Pair("Allow", "POST, OPTIONS")));
}

// --- who tries too often

TEST_F(ApiDoorTest, RefusesAnAddressThatWasRefusedTooOften) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(get("/api/ice", "made-up").status, 401) << i;
  const auto tooMany = get("/api/channels", "made-up");
  EXPECT_EQ(tooMany.status, 429);
  EXPECT_THAT(tooMany.headers, Contains(Key("Retry-After")));
  EXPECT_THAT(tooMany.body, HasSubstr(R"("code":"too-many-refusals")"));
  // A door that asks twice counts once for each refusal, not for what it lets pass.
  EXPECT_EQ(get("/api/members", "admin").status, 200);
  address = "203.0.113.6";
  EXPECT_EQ(get("/api/ice", "made-up").status, 401) << "others are not meant";
}

}  // namespace
}  // namespace rtcpub
