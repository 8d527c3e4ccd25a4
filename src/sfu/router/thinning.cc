#include "sfu/router/thinning.h"

#include <algorithm>
#include <tuple>

namespace rtcpub::sfu {
namespace {

/// Coarse, so that a path's ups and downs change nobody's place.
int classOf(double value, double some, double much) {
  return value >= much ? 2 : (value >= some ? 1 : 0);
}

/// Of a path; the greatest is the worst.
auto badness(const ViewerLoad& viewer) {
  const double rtt =
      std::chrono::duration<double, std::milli>(viewer.rtt.value_or(std::chrono::microseconds(0)))
          .count();
  return std::tuple(viewer.narrow, classOf(viewer.repeated, 0.01, 0.05), classOf(rtt, 100, 250),
                    viewer.now, viewer.member);
}

}  // namespace

std::map<MemberId, Thinning> planThinning(std::vector<ViewerLoad> viewers, double budget) {
  std::sort(viewers.begin(), viewers.end(),
            [](const auto& a, const auto& b) { return badness(a) > badness(b); });
  double sum = 0;
  for (const auto& viewer : viewers) sum += viewer.all;
  std::map<MemberId, Thinning> plan;
  for (const auto& viewer : viewers) {
    if (sum <= budget) return plan;
    if (viewer.lowestLayer >= viewer.all) continue;
    plan[viewer.member] = Thinning::kLowestLayer;
    sum -= viewer.all - viewer.lowestLayer;
  }
  for (const auto& viewer : viewers) {
    if (sum <= budget) return plan;
    const double before = std::min(viewer.all, viewer.lowestLayer);
    if (viewer.keyFrames >= before) continue;
    plan[viewer.member] = Thinning::kKeyFrames;
    sum -= before - viewer.keyFrames;
  }
  return plan;
}

}  // namespace rtcpub::sfu
