#include "loss.h"

namespace netlab {

bool Loss::takes(const Conditions& conditions) {
  const bool inBurst = burstTakes(conditions.burst);
  const bool alone = random_.happens(conditions.loss);
  return inBurst || alone;
}

bool Loss::burstTakes(const BurstLoss& burst) {
  if (burst.toBad == 0) {
    bad_ = false;
    return false;
  }
  const bool taken = random_.happens(bad_ ? burst.lossInBad : burst.lossInGood);
  if (random_.happens(bad_ ? burst.toGood : burst.toBad)) bad_ = !bad_;
  return taken;
}

}  // namespace netlab
