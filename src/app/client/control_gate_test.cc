#include "app/client/control_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

namespace rtcpub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kLong = 60s;
const Axes kForward{{kThrottle, 0.5}};

std::int64_t nowUs() { return monotonicNow().time_since_epoch().count(); }

/// What old programs were told, from the gate's thread.
class Heard {
 public:
  void add(const std::string& text) {
    const std::lock_guard lock(mutex_);
    all_.push_back(text);
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

class ControlGateTest : public testing::Test {
 protected:
  ControlGateTest() { gate.start(); }
  /// Somebody drives, and has given a neutral command.
  void drive(std::uint64_t lease = 3) {
    gate.onClock(control::ServerClock{.offset = 0us, .bound = 100us, .comparedAt = monotonicNow()});
    gate.onLeaseText(control::format(control::LeaseMessageToClient(
        control::DriveNotice{.lease = lease, .driver = Driver{.id = 5, .name = "Kim"}})));
    ASSERT_TRUE(eventually([&] { return gate.stats().driver.has_value(); }));
    give({}, lease);
    ASSERT_TRUE(eventually([&] { return gate.stats().state == GateState::kDriven; }));
  }
  void give(const Axes& axes, std::uint64_t lease = 3) {
    gate.onControlText(control::format(control::Command{
        .lease = lease, .sequence = ++sequence, .givenUs = nowUs(), .life = 1000ms, .axes = axes}));
  }
  bool eventually(const std::function<bool()>& holds) {
    auto outputs = gate.outputs();
    for (const Time end = monotonicNow() + kLong; monotonicNow() < end;) {
      if (holds()) return true;
      (void)outputs.getFor(1ms);
    }
    return false;
  }
  /// The first event of that kind.
  static std::optional<ControlEvent> next(Subscription<ControlEvent>& events,
                                          ControlEvent::Kind kind) {
    while (auto event = events.getFor(kLong)) {
      if (event->kind == kind) return event;
    }
    return std::nullopt;
  }

  static ControlOptions options() {
    ControlOptions options;
    options.life = 1000ms;  // a slow machine is no reason to refuse anything here
    options.allowBlind = true;
    return options;
  }

  std::uint64_t sequence = 0;
  Heard passed;
  Heard turned;
  Control::Impl gate{options(),
                     {.pass = [this](const std::string& text) { passed.add(text); },
                      .turn = [this](const std::string& text) { turned.add(text); }}};
};

TEST_F(ControlGateTest, IsNeutralByItselfWhenNothingComesAnyMore) {
  drive();
  auto outputs = gate.outputs();
  give(kForward);
  std::optional<ControlOutput> moving;
  while ((moving = outputs.getFor(kLong)) && moving->neutral) {
  }
  ASSERT_TRUE(moving);
  EXPECT_EQ(moving->axes, kForward);
  ASSERT_TRUE(moving->until);
  std::optional<ControlOutput> stopped;
  while ((stopped = outputs.getFor(kLong)) && !stopped->neutral) {
  }
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->reason, StopReason::kSilence);
  EXPECT_GE(monotonicNow(), *moving->until);
  EXPECT_LE(monotonicNow(), *moving->until + 5s);
  EXPECT_EQ(gate.stats().stops, 1U);
}

TEST_F(ControlGateTest, AnswersRightlyAlsoWhileItsThreadIsBehind) {
  drive();
  give(kForward);
  ASSERT_TRUE(eventually([&] { return !gate.output().neutral; }));
  const auto moving = gate.output();
  if (moving.until) {
    while (monotonicNow() < *moving.until) std::this_thread::yield();
  }
  EXPECT_TRUE(gate.output().neutral) << "whoever asks is told so from `until` on";
}

TEST_F(ControlGateTest, TellsOldProgramsOfWhatPassesAndOfEachStop) {
  drive();
  give({{kThrottle, 0.5}, {kSteering, -0.25}});
  ASSERT_TRUE(eventually([&] { return passed.all().size() == 2; }));
  give({{kThrottle, -0.5}});
  ASSERT_TRUE(eventually([&] { return passed.all().size() == 4; }));
  gate.stop("a dog");
  ASSERT_TRUE(eventually([&] { return passed.all().size() == 6; }));
  EXPECT_THAT(passed.all(), ElementsAre(R"({"motion":{"key":"forward","value":5}})",
                                        R"({"motion":{"key":"left","value":3}})",
                                        R"({"motion":{"key":"back","value":5}})",
                                        R"({"motion":{"key":"right","value":0}})",
                                        R"({"motion":{"key":"forward","value":0}})",
                                        R"({"motion":{"key":"left","value":0}})"));
  EXPECT_THAT(turned.all(), ElementsAre(R"({"motion":{"key":"back","value":5}})"));
}

TEST_F(ControlGateTest, TakesMotionThatNoServerMadeACommandOf) {
  const auto say = [this](const std::string& text) { return gate.takeMotion("stream", text); };
  gate.onServer(/*hasLeases=*/false);
  EXPECT_TRUE(say(R"({"motion":{"key":"forward","value":5}})"));
  EXPECT_TRUE(gate.output().neutral) << "first there is neutral";
  EXPECT_TRUE(say(R"({"motion":{"key":"forward","value":0}})"));
  EXPECT_TRUE(say(R"({"motion":{"key":"back","value":3}})"));
  ASSERT_TRUE(eventually([&] { return !passed.all().empty(); }));
  EXPECT_EQ(passed.all().front(), R"({"motion":{"key":"back","value":3}})");
  ASSERT_TRUE(eventually([&] { return gate.stats().stops == 1; }));
  EXPECT_EQ(gate.stats().verdicts.at(Verdict::kNotNeutral), 1U);
}

TEST_F(ControlGateTest, IsDrivenByNoMotionWhereAServerSaysWhoDrives) {
  for (const int value : {0, 5}) {
    EXPECT_TRUE(gate.takeMotion(
        "stream", R"({"motion":{"key":"forward","value":)" + std::to_string(value) + "}}"));
  }
  ASSERT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kOtherLease] == 2; }));
  EXPECT_EQ(gate.stats().state, GateState::kIdle);
}

TEST_F(ControlGateTest, LetsNobodyElseHaveWhatCouldBeMotion) {
  const auto takes = [this](const Message& message) { return gate.takeMotion("stream", message); };
  gate.onServer(/*hasLeases=*/false);
  for (const auto* text : {R"({"motion":{"key":"turbo","value":1}})", R"({"motion":1})",
                           R"({"motion":{"key":"forward","value":NaN}})",
                           R"({"motion":{"key":"forward","value":1e309}})",
                           R"({"\u006dotion":{"key":"forward","value":"9"}})",
                           R"({"motion":{"key":"forward","value":-1}})", R"({"motion)"}) {
    EXPECT_TRUE(takes(Message(text))) << text;
    EXPECT_TRUE(takes(Message::bytes(text))) << text;
  }
  ASSERT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kMalformed] == 14; }));
  for (const auto* text : {R"({"camera":"rear"})", R"({"speed":{"key":"maxSpeed","value":400}})",
                           "hello", "", R"({"say":"motion"})", R"(["motion"])"}) {
    EXPECT_FALSE(takes(Message(text))) << text;
  }
  EXPECT_FALSE(gate.takeMotion("other", R"({"motion":{"key":"forward","value":1}})"));
}

TEST_F(ControlGateTest, ReportsAtOnceWhatIsNews) {
  ASSERT_TRUE(eventually([&] { return gate.takeReport().has_value(); }));
  drive();
  gate.onControlText(R"({"estop":{"number":7,"by":"Kim","why":"a dog"}})");
  std::optional<std::string> text;
  ASSERT_TRUE(eventually([&] {
    text = gate.takeReport();
    return text && text->find("emergency") != std::string::npos;
  }));
  const auto report = control::parseReport(*text);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->emergency, 7U);
  EXPECT_EQ(report->by, "Kim: a dog");
  gate.onControlText(R"({"clear":{"number":7}})");
  EXPECT_TRUE(eventually([&] {
    text = gate.takeReport();
    return text && text->find("new-driver") != std::string::npos;
  }));
}

TEST_F(ControlGateTest, ReportsAlsoWhenNothingIsNew) {
  int reports = 0;
  EXPECT_TRUE(eventually([&] {
    if (gate.takeReport()) ++reports;
    return reports == 3;
  }));
}

TEST_F(ControlGateTest, CountsWhatIsNoCommandAndIgnoresWhatIsOfALaterVersion) {
  constexpr const char* kTooFast =
      R"({"command":{"lease":3,"seq":1,"given":1,"bound":0,"life":100,"axes":{"throttle":1e308}}})";
  for (const auto* text :
       {"", "{", R"({"command":{}})", R"({"command":{"lease":1e308}})", kTooFast}) {
    gate.onControlText(text);
  }
  gate.onControlText(R"({"headlights":{}})");
  gate.onLeaseText("nonsense");
  gate.stop("");
  ASSERT_TRUE(eventually([&] { return gate.stats().state == GateState::kEmergency; }));
  EXPECT_EQ(gate.stats().verdicts, (std::map<Verdict, std::uint64_t>{{Verdict::kMalformed, 5U}}));
}

TEST_F(ControlGateTest, BeginsAnewWithAnotherConnection) {
  drive();
  give(kForward);
  ASSERT_TRUE(eventually([&] { return !gate.output().neutral; }));
  gate.onNewConnection();
  ASSERT_TRUE(eventually([&] { return gate.stats().state == GateState::kIdle; }));
  EXPECT_TRUE(gate.output().neutral);
  sequence = 0;
  gate.onClock(control::ServerClock{.offset = 0us, .bound = 100us, .comparedAt = monotonicNow()});
  give(kForward, 1);  // another server counts from 1 again
  ASSERT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kNotNeutral] == 1; }));
  give({}, 1);
  give(kForward, 1);
  EXPECT_TRUE(eventually([&] { return !gate.output().neutral; }));
}

TEST_F(ControlGateTest, IsNeutralForEverWhenItsPublisherIsGone) {
  drive();
  auto outputs = gate.outputs();
  auto journal = gate.journal();
  give(kForward);
  ASSERT_TRUE(eventually([&] { return !gate.output().neutral; }));
  gate.end();
  give(kForward);
  gate.clear();
  gate.setReady(true, "");
  EXPECT_TRUE(gate.output().neutral);
  std::optional<ControlOutput> last;
  while (auto output = outputs.get()) last = output;
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->neutral);
  std::optional<ControlEvent> end;
  while (auto event = journal.get()) end = event;
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, StopReason::kNotReady);
}

TEST_F(ControlGateTest, SaysWhetherItHasRealTimePriority) {
  auto events = gate.events();
  gate.begin();
  const auto event = next(events, ControlEvent::Kind::kRealtime);
  ASSERT_TRUE(event);
  EXPECT_THAT(event->detail, HasSubstr("real-time priority"));
  EXPECT_EQ(gate.stats().realtime, !event->detail.starts_with("no "));
}

TEST_F(ControlGateTest, StandsStillUntilTheRobotIsReady) {
  drive();
  give(kForward);
  ASSERT_TRUE(eventually([&] { return !gate.output().neutral; }));
  gate.setReady(false, "PCA9685 does not answer");
  ASSERT_TRUE(eventually([&] { return gate.output().reason == StopReason::kNotReady; }));
  gate.setReady(true, "");
  give(kForward);
  EXPECT_TRUE(eventually([&] { return gate.stats().verdicts[Verdict::kNotNeutral] == 1; }));
  EXPECT_TRUE(gate.output().neutral);
}

TEST(GateQueue, KeepsTheNewestCommandsAndAllElse) {
  GateQueue queue;
  std::vector<int> done;
  control::Gate gate{ControlOptions()};
  queue.push({.task = [&](control::Gate&, Time) { done.push_back(-1); }});
  for (int i = 0; i < 2 * GateQueue::kMostCommands; ++i) {
    queue.push({.task = [&done, i](control::Gate&, Time) { done.push_back(i); }, .command = true});
  }
  queue.push({.task = [&](control::Gate&, Time) { done.push_back(-2); }});
  for (const auto& item : queue.takeAll()) item.task(gate, Time{});
  ASSERT_EQ(done.size(), GateQueue::kMostCommands + 2U);
  EXPECT_EQ(done.front(), -1);
  EXPECT_EQ(done[1], GateQueue::kMostCommands);
  EXPECT_EQ(done.back(), -2);
  EXPECT_TRUE(queue.takeAll().empty());
}

}  // namespace
}  // namespace rtcpub
