#include "core/car/helm.h"

#include <gtest/gtest.h>

#include <random>

namespace rtcpub::car {
namespace {

using std::chrono::milliseconds;

constexpr Time kStart{std::chrono::seconds(1000)};

Time ms(int after) { return kStart + milliseconds(after); }

Drive drive(double steering, double throttle, int untilMs, bool slowDown = false) {
  return {.steering = steering, .throttle = throttle, .slowDown = slowDown, .until = ms(untilMs)};
}

/// One that has seen neutral at 0 ms.
Helm begun(double ramp = 0) {
  Helm helm({.pwm = {}, .ramp = ramp});
  helm.onNeutral({}, ms(0));
  return helm;
}

Position neutral(const char* reason) { return {0, 0, true, reason}; }

TEST(Helm, BeginsAtNeutralAndMovesOnlyAfterANeutralLine) {
  Helm helm({});
  EXPECT_EQ(helm.position(), neutral("starting"));
  helm.onDrive(drive(0.5, 0.5, 200), ms(0));
  EXPECT_EQ(helm.position(), neutral("not-neutral"));
  helm.onDrive(drive(0, 0, 220), ms(20));
  EXPECT_EQ(helm.position(), neutral(""));
  helm.onDrive(drive(0.5, 0.25, 240), ms(40));
  EXPECT_EQ(helm.position(), (Position{0.5, 0.25, false, ""}));
}

TEST(Helm, IsNeutralWhenTheLineHoldsNoMore) {
  Helm helm = begun();
  helm.onDrive(drive(0.5, 1, 150), ms(0));
  EXPECT_EQ(helm.until(), ms(150));
  EXPECT_EQ(helm.deadline(), ms(150));
  helm.onTime(ms(149));
  EXPECT_FALSE(helm.position().neutral);
  helm.onTime(ms(150));
  EXPECT_EQ(helm.position(), neutral("expired"));
  EXPECT_FALSE(helm.until());
  EXPECT_FALSE(helm.allowed());
}

TEST(Helm, IsNeutralAfter200MsWithoutALineWhateverTheLastOneSaid) {
  Helm helm = begun();
  helm.onDrive(drive(0, 1, 60'000), ms(10));
  EXPECT_EQ(helm.deadline(), ms(210));
  helm.onTime(ms(210));
  EXPECT_EQ(helm.position(), neutral("silence"));
}

TEST(Helm, MovesNothingByALineThatIsOver) {
  Helm helm = begun();
  helm.onDrive(drive(1, 1, 20), ms(20));
  EXPECT_TRUE(helm.position().neutral);
  helm.onDrive(drive(1, 1, 300), ms(100));
  EXPECT_FALSE(helm.position().neutral);
  helm.onDrive(drive(1, 1, 90), ms(120));
  EXPECT_EQ(helm.position(), neutral("expired"));
}

TEST(Helm, StaysNeutralAfterAStopUntilItWasToldToBe) {
  Helm helm = begun();
  helm.onDrive(drive(0, 1, 100), ms(0));
  helm.onTime(ms(500));
  helm.onDrive(drive(0, 1, 700), ms(510));
  EXPECT_EQ(helm.position(), neutral("not-neutral"));
  helm.onNeutral({}, ms(520));
  helm.onDrive(drive(0, 1, 700), ms(530));
  EXPECT_EQ(helm.position(), (Position{0, 1, false, ""}));
}

TEST(Helm, StopsForWhatIsWrongElsewhere) {
  Helm helm = begun();
  helm.onDrive(drive(0, 1, 200), ms(0));
  helm.stop("motors");
  EXPECT_EQ(helm.position(), neutral("motors"));
  EXPECT_FALSE(helm.allowed());
  helm.onDrive(drive(0, 1, 220), ms(20));
  EXPECT_TRUE(helm.position().neutral);
}

TEST(Helm, AllowsPowerWhileSomebodyDrivesOnly) {
  Helm helm({});
  EXPECT_FALSE(helm.allowed());
  helm.onNeutral({"nobody"}, ms(0));
  EXPECT_FALSE(helm.allowed());
  helm.onNeutral({""}, ms(20));
  EXPECT_TRUE(helm.allowed());
  helm.onDrive(drive(0, 1, 240), ms(40));
  EXPECT_TRUE(helm.allowed());
  helm.onNeutral({"silence"}, ms(60));
  EXPECT_FALSE(helm.allowed());
  EXPECT_EQ(helm.deadline(), ms(260)) << "whoever says so may fall silent";
  helm.onNeutral({""}, ms(80));
  EXPECT_EQ(helm.deadline(), ms(280));
  helm.onTime(ms(280));
  EXPECT_FALSE(helm.allowed());
}

TEST(Helm, SlowsDownWhileCommandsAreMissing) {
  Helm helm = begun();
  helm.onDrive(drive(0.3, 1, 200), ms(0));
  helm.onDrive(drive(0.3, 1, 200, true), ms(100));
  const double first = helm.position().throttle;
  EXPECT_LT(first, 1);
  EXPECT_EQ(helm.deadline(), ms(120));
  helm.onTime(ms(120));
  EXPECT_NEAR(helm.position().throttle, first - 0.1, 1e-9);
  EXPECT_DOUBLE_EQ(helm.position().steering, 0.3);
  helm.onDrive(drive(0.3, 1, 300), ms(140));
  EXPECT_DOUBLE_EQ(helm.position().throttle, 1) << "without a ramp it is back at once";
}

TEST(Helm, RampsAwayFromZeroAndComesBackAtOnce) {
  Helm helm = begun(2);
  helm.onDrive(drive(0, 1, 200), ms(0));
  EXPECT_DOUBLE_EQ(helm.position().throttle, 0);
  helm.onDrive(drive(0, 1, 300), ms(100));
  EXPECT_NEAR(helm.position().throttle, 0.2, 1e-9);
  helm.onDrive(drive(0, 0.1, 320), ms(120));
  EXPECT_DOUBLE_EQ(helm.position().throttle, 0.1);
  helm.onDrive(drive(0, -1, 340), ms(140));
  EXPECT_NEAR(helm.position().throttle, -0.04, 1e-9) << "it goes back from 0 on, not from 0.1";
  helm.onDrive(drive(0, 0, 360), ms(160));
  EXPECT_DOUBLE_EQ(helm.position().throttle, 0);
}

TEST(Helm, HoldsTheThrottleToTheTopSpeed) {
  Helm helm = begun();
  EXPECT_EQ(helm.onMaxSpeed({400}), confirmation({400}));
  helm.onDrive(drive(0, 1, 200), ms(0));
  EXPECT_NEAR(helm.position().throttle, 0.2552, 0.0001);
  helm.onDrive(drive(0, -1, 200), ms(0));
  EXPECT_NEAR(helm.position().throttle, -0.2552, 0.0001);
  EXPECT_EQ(helm.onMaxSpeed({4095}), confirmation({491})) << "what can't be is not confirmed";
}

TEST(Helm, LeavesTheTopSpeedAsItIsWhereNoneWouldBeLeft) {
  Helm helm = begun();
  EXPECT_EQ(helm.onMaxSpeed({100}), confirmation({491}));
  helm.onDrive(drive(0, 1, 200), ms(0));
  EXPECT_DOUBLE_EQ(helm.position().throttle, 1);
  (void)helm.onMaxSpeed({400});
  EXPECT_EQ(helm.onMaxSpeed({350}), confirmation({400}));
  helm.onDrive(drive(0, 1, 200), ms(0));
  EXPECT_NEAR(helm.position().throttle, 0.2552, 0.0001);
}

/// A helm to which anything is said, and what may hold of it, reckoned in another way.
class AnyLines {
 public:
  /// Time passes, and perhaps a line comes.
  void step() {
    now_ += milliseconds(below(60));
    helm_.onTime(now_);
    const bool silent = now_ - lineAt_ >= Helm::kSilence;
    if (silent || (driven_ && now_ >= until_)) sawNeutral_ = driven_ = false;
    mustBeNeutral_ = silent || now_ >= until_;
    check();
    const int kind = below(8);
    if (kind < 2) sayNeutral(kind == 0);
    if (kind > 3) sayDrive();
    mustBeNeutral_ = now_ >= until_;
    check();
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % limit); }

  void sayNeutral(bool byDriver) {
    helm_.onNeutral({byDriver ? "" : "nobody"}, now_);
    sawNeutral_ = true;
    driven_ = false;
    lineAt_ = until_ = now_;
  }

  void sayDrive() {
    const Drive said{below(3) - 1.0, below(3) - 1.0, below(5) == 0,
                     now_ + milliseconds(below(400) - 100)};
    helm_.onDrive(said, now_);
    if (said.until <= now_) {  // it counts for nothing, but that what it contradicts ends
      if (driven_) sawNeutral_ = driven_ = false;
      return;
    }
    const bool neutral = said.steering == 0 && said.throttle == 0;
    sawNeutral_ = sawNeutral_ || neutral;
    driven_ = sawNeutral_;
    lineAt_ = now_;
    until_ = said.until;
  }

  void check() const {
    ASSERT_LE(std::abs(helm_.position().throttle), 1);
    if (helm_.position().neutral) return;
    ASSERT_FALSE(mustBeNeutral_);
    ASSERT_TRUE(sawNeutral_);
    ASSERT_TRUE(helm_.allowed());
    ASSERT_GT(*helm_.until(), now_);
    ASSERT_LE(*helm_.until(), now_ + Helm::kSilence);
  }

  std::mt19937 random_{7};
  Helm helm_{{.pwm = {}, .ramp = 3}};
  Time now_ = kStart;
  Time lineAt_ = kStart;
  Time until_ = kStart;
  bool sawNeutral_ = false;
  bool driven_ = false;
  bool mustBeNeutral_ = true;
};

/// Whatever is said: after 200 ms without a line, or when the last one is over, it is neutral, and
/// it never moves before a neutral line that came after a stop.
TEST(Helm, CannotRunAway) {
  AnyLines lines;
  for (int step = 0; step < 200'000 && !HasFatalFailure(); ++step) lines.step();
}

}  // namespace
}  // namespace rtcpub::car
