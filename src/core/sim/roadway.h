#pragma once

#include <vector>

#include "core/sim/camera.h"
#include "core/sim/canvas.h"
#include "core/sim/road.h"

namespace rtcpub::sim {

/// The road as it is seen: kerbs, asphalt, white lines, and the chequered line.
class Roadway {
 public:
  explicit Roadway(const Road& road) : road_(road) {}

  void draw(Canvas& canvas, const Camera& camera);

 private:
  /// A cross-section as the camera has it.
  struct Placed {
    Seen middle;
    Seen left;  ///< a metre to the left of the road
  };
  /// A strip of the road, between two distances from its middle, to the left.
  struct Strip {
    double from;
    double to;
    Color color;
  };

  void place(const Camera& camera);
  void drawStrip(Canvas& canvas, const Camera& camera, std::size_t section, const Strip& strip);
  void drawKerbs(Canvas& canvas, const Camera& camera);
  void drawLines(Canvas& canvas, const Camera& camera);
  void drawStartLine(Canvas& canvas, const Camera& camera);

  const Road& road_;
  std::vector<Placed> placed_;
  std::vector<std::size_t> seen_;  ///< sections that may be in the picture
};

}  // namespace rtcpub::sim
