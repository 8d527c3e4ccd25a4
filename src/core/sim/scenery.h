#pragma once

#include <vector>

#include "core/sim/camera.h"
#include "core/sim/canvas.h"
#include "core/sim/road.h"

namespace rtcpub::sim {

/// What stands beside the road: trees, and the gantry over the line.
class Scenery {
 public:
  explicit Scenery(const Road& road);

  void draw(Canvas& canvas, const Camera& camera);

 private:
  enum class Kind { kConifer, kBroadleaf, kGantry };
  struct Thing {
    Kind kind = Kind::kConifer;
    double x = 0;  ///< metres
    double y = 0;
    double height = 0;  ///< metres
  };
  struct Shown {
    const Thing* thing;
    Seen place;
  };

  static void drawConifer(Canvas& canvas, const Camera& camera, const Shown& tree);
  static void drawBroadleaf(Canvas& canvas, const Camera& camera, const Shown& tree);
  void drawGantry(Canvas& canvas, const Camera& camera) const;

  Road::Section line_;
  std::vector<Thing> things_;
  std::vector<Shown> shown_;
};

}  // namespace rtcpub::sim
