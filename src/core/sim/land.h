#pragma once

#include <vector>

#include "core/sim/camera.h"
#include "core/sim/canvas.h"

namespace rtcpub::sim {

/// Sky, clouds, hills, and grass that is mown in squares, so that one sees how one moves over it.
class Land {
 public:
  Land(int width, int height);

  void draw(Canvas& canvas, const Camera& camera, double heading);

 private:
  struct Range {
    Color color;
    std::vector<double> rises;  ///< by azimuth: height over distance
  };

  void drawSky(Canvas& canvas, const Camera& camera) const;
  void drawClouds(Canvas& canvas, const Camera& camera, double heading) const;
  void drawRange(Canvas& canvas, const Camera& camera, double heading, const Range& range);
  static void drawGrass(Canvas& canvas, const Camera& camera);

  std::vector<double> angles_;  ///< of the columns, to the right
  std::vector<double> tops_;    ///< of hills, by column; kept for its memory
  std::vector<Range> ranges_;
};

}  // namespace rtcpub::sim
