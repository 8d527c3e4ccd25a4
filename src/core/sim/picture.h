#pragma once

#include <memory>

#include "core/sim/canvas.h"
#include "core/sim/land.h"
#include "core/sim/panel.h"
#include "core/sim/roadway.h"
#include "core/sim/scenery.h"
#include "core/sim/simulation.h"

namespace rtcpub::sim {

/// The whole picture: the driver's view, the panel, and the marker that says what the car was told.
class Picture {
 public:
  static constexpr int kMinWidth = 320;
  static constexpr int kMinHeight = 180;

  /// Of this size, even and not below the least. A stamp in the upper left corner (docs/stamp.md)
  /// hides nothing of use.
  Picture(int width, int height, std::shared_ptr<const Road> road);

  /// Draws all of it, as the simulation stands, which has been advanced to `now`.
  void draw(Canvas& canvas, const Simulation& simulation, const Instruments& instruments, Time now);

 private:
  std::shared_ptr<const Road> road_;
  Panel panel_;
  int viewHeight_;
  Land land_;
  Roadway roadway_;
  Scenery scenery_;
};

}  // namespace rtcpub::sim
