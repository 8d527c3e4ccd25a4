#pragma once

#include "core/sim/camera.h"
#include "core/sim/canvas.h"

namespace rtcpub::sim {

/// Draws the car's own nose, with front wheels that turn. `steering` is -1 (left) to 1 (right).
void drawBonnet(Canvas& canvas, const Camera& camera, double steering);

}  // namespace rtcpub::sim
