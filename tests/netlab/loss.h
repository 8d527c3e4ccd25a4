#pragma once

#include "conditions.h"
#include "random.h"

namespace netlab {

/// Which packets are lost on the air: at random and in bursts.
class Loss {
 public:
  explicit Loss(std::uint64_t seed) : random_(seed) {}

  /// Decides on the next packet.
  bool takes(const Conditions& conditions);

 private:
  bool burstTakes(const BurstLoss& burst);

  Random random_;
  bool bad_ = false;  // the burst model's state
};

}  // namespace netlab
