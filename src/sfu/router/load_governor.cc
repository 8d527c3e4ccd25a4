#include "sfu/router/load_governor.h"

#include <algorithm>
#include <utility>

namespace rtcpub::sfu {
namespace {

/// Below it a share of time tells nothing of what a packet costs.
constexpr double kLeastBusy = 0.3;
/// A rise is wrong if it is followed by a cut within so long.
constexpr std::chrono::seconds kTrial{5};

/// Far below what it can, a budget has no more effect, and the way back would be long.
constexpr double kFloor = 0.25;

/// Since when something is so.
void hold(bool so, std::optional<Time>& since, Time now) {
  if (!so) {
    since.reset();
  } else if (!since) {
    since = now;
  }
}

}  // namespace

void LoadGovernor::onSample(const LoadSample& sample, Time now) {
  // A thread that stood still, or that others keep from its core now and then, finds what is late,
  // too; but then it helps nobody to leave something out.
  const bool late = sample.lateness >= kLate && sample.busy >= kBusy;
  hold(late, lateSince_, now);
  hold(!late && sample.busy < kCalm, calmSince_, now);
  hold(!late && sample.busy < kBusy, quietSince_, now);
  if (!budget_) {
    const bool standing = late && now - *lateSince_ >= kOnset;
    if (standing || (late && sample.lateness >= kVeryLate)) begin(sample, now);
  } else if (late && now - *lateSince_ >= kAgain && now - changedAt_ >= kEffect) {
    cut(sample, now);
  } else if (mayRaise(sample, now)) {
    raise(sample, now);
  }
}

double LoadGovernor::usable(const LoadSample& sample) const {
  return kUsed * sample.packetsOut / std::max(sample.busy, kLeastBusy);
}

void LoadGovernor::begin(const LoadSample& sample, Time now) {
  budget_ = std::max(usable(sample), kLeastBudget);
  since_ = now;
  fresh_ = true;
  changedAt_ = now;
  raised_ = false;
  rise_ = kRise;
}

void LoadGovernor::cut(const LoadSample& sample, Time now) {
  if (raised_ && now - changedAt_ < kTrial) rise_ = std::min(rise_ * 2, kMostRise);
  budget_ = std::max({*budget_ * kCut, usable(sample) * kFloor, kLeastBudget});
  changedAt_ = now;
  raised_ = false;
}

bool LoadGovernor::mayRaise(const LoadSample& sample, Time now) const {
  const auto after = sample.busy < kIdle ? std::min(rise_, kIdleRise) : rise_;
  const bool calm = calmSince_ && now - *calmSince_ >= after && now - changedAt_ >= after;
  // What it ordinarily has to do may keep it from ever being calm.
  const bool quiet = quietSince_ && now - *quietSince_ >= kQuietRise;
  return calm || (quiet && now - changedAt_ >= kQuietRise);
}

void LoadGovernor::raise(const LoadSample& sample, Time now) {
  if (raised_ && now - changedAt_ >= kTrial) rise_ = kRise;
  *budget_ *= sample.busy < kIdle ? kIdleStep : kStep;
  changedAt_ = now;
  raised_ = true;
}

void LoadGovernor::onDemand(double packets, Time now) {
  if (budget_ && std::exchange(fresh_, false)) {
    budget_ = std::max(*budget_, packets * kLeastAtFirst);
  }
  hold(budget_ && packets <= *budget_ && !lateSince_, fitsSince_, now);
  if (!fitsSince_ || now - *fitsSince_ < kRise) return;
  budget_.reset();
  fitsSince_.reset();
}

}  // namespace rtcpub::sfu
