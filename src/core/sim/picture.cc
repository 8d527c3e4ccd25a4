#include "core/sim/picture.h"

#include <cmath>
#include <utility>

#include "core/sim/bonnet.h"
#include "core/sim/marker.h"

namespace rtcpub::sim {
namespace {

constexpr std::chrono::seconds kNotice{2};
constexpr double kNoticeAt = 0.4;  // of the view, from above

Laps lapsOf(const Simulation& simulation, Time now) {
  Laps laps{.driven = simulation.laps(), .best = simulation.bestLap()};
  if (const auto began = simulation.lapBegan()) laps.current = now - *began;
  return laps;
}

marker::Marker markerOf(const Simulation& simulation) {
  return {.steering = marker::level(simulation.controls().steering),
          .throttle = marker::level(simulation.controls().throttle),
          .speed = static_cast<int>(std::lround(simulation.motion().speed * 10))};
}

}  // namespace

Picture::Picture(int width, int height, std::shared_ptr<const Road> road)
    : road_(std::move(road)),
      panel_(width, height),
      viewHeight_(height - panel_.height()),
      land_(width, viewHeight_),
      roadway_(*road_),
      scenery_(*road_) {}

void Picture::draw(Canvas& canvas, const Simulation& simulation, const Instruments& instruments,
                   Time now) {
  const Motion& motion = simulation.motion();
  Canvas view = canvas.upper(viewHeight_);
  const Camera camera(view.width(), view.height(), motion);
  land_.draw(view, camera, motion.heading);
  roadway_.draw(view, camera);
  scenery_.draw(view, camera);
  drawBonnet(view, camera, motion.steering);
  panel_.drawBoard(view, lapsOf(simulation, now));
  if (simulation.putBack() && now - *simulation.putBack() < kNotice) {
    panel_.drawNotice(view, kNoticeAt, "BACK ON THE ROAD");
  } else if (instruments.driver.empty() && instruments.state == GateState::kIdle) {
    panel_.drawNotice(view, kNoticeAt, "TAKE CONTROL TO DRIVE");
  }
  panel_.draw(canvas, motion, simulation.controls(), instruments);
  marker::draw(canvas, markerOf(simulation));
}

}  // namespace rtcpub::sim
