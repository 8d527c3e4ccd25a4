#include "app/server/loop_lag.h"

namespace rtcpub {

void LoopLag::start() {
  const Time due = monotonicNow() + kInterval;
  timer_.set(due, [this, due] {
    histogram_.observe(monotonicNow() - due);
    start();
  });
}

}  // namespace rtcpub
