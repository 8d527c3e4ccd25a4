#include "core/sim/bonnet.h"

#include <cmath>

namespace rtcpub::sim {
namespace {

constexpr Color kBody = rgb(206, 52, 34);
constexpr Color kBodyLight = rgb(228, 84, 58);
constexpr Color kTyre = rgb(34, 34, 36);
constexpr Color kTread = rgb(58, 58, 62);
constexpr Color kArm = rgb(70, 70, 74);
constexpr Color kWing = rgb(226, 226, 222);

// Metres: as the camera has them, in front of it and above the ground.
constexpr double kAxle = Camera::kBehind + kWheelbase;
constexpr double kTrack = 0.72;  // from the middle to a wheel's
constexpr double kTyreLength = 0.5;
constexpr double kTyreWidth = 0.26;
constexpr double kTyreHeight = 0.5;
constexpr double kTip = kAxle + 0.5;

void drawWheel(Canvas& canvas, const Camera& camera, double right, double angle) {
  const double sine = std::sin(angle);
  const double cosine = std::cos(angle);
  const auto at = [&](double across, double along, double height) {
    return Seen{right + across * cosine + along * sine, kAxle + along * cosine - across * sine,
                height};
  };
  constexpr double kHalfWidth = kTyreWidth / 2;
  constexpr double kHalf = kTyreLength / 2;
  const std::array<Seen, 8> box{at(-kHalfWidth, -kHalf, 0.04),
                                at(kHalfWidth, -kHalf, 0.04),
                                at(-kHalfWidth, kHalf, 0.04),
                                at(kHalfWidth, kHalf, 0.04),
                                at(-kHalfWidth, -kHalf, kTyreHeight - 0.06),
                                at(kHalfWidth, -kHalf, kTyreHeight - 0.06),
                                at(-kHalfWidth, kHalf, kTyreHeight),
                                at(kHalfWidth, kHalf, kTyreHeight)};
  drawHull(canvas, camera, box, kTyre);
  drawQuad(canvas, camera, {box[4], box[6], box[7], box[5]}, kTread);
}

void drawArms(Canvas& canvas, const Camera& camera) {
  for (const double height : {0.2, 0.32}) {
    drawQuad(canvas, camera,
             {Seen{-kTrack, kAxle, height}, Seen{kTrack, kAxle, height},
              Seen{kTrack, kAxle, height + 0.04}, Seen{-kTrack, kAxle, height + 0.04}},
             kArm);
  }
}

}  // namespace

void drawBonnet(Canvas& canvas, const Camera& camera, double steering) {
  drawQuad(canvas, camera,
           {Seen{-0.85, kTip - 0.22, 0.1}, Seen{-0.85, kTip + 0.12, 0.1},
            Seen{0.85, kTip + 0.12, 0.1}, Seen{0.85, kTip - 0.22, 0.1}},
           kWing);
  drawArms(canvas, camera);
  drawWheel(canvas, camera, -kTrack, steering * kWheelAngle);
  drawWheel(canvas, camera, kTrack, steering * kWheelAngle);
  const double rear = Camera::kBehind;  // of what is seen of the body
  const std::array<Seen, 6> body{Seen{-0.10, kTip, 0.22},       Seen{0.10, kTip, 0.22},
                                 Seen{-0.20, kAxle - 0.4, 0.5}, Seen{0.20, kAxle - 0.4, 0.5},
                                 Seen{-0.42, rear, 0.55},       Seen{0.42, rear, 0.55}};
  drawHull(canvas, camera, body, kBody);
  drawQuad(canvas, camera,
           {Seen{-0.16, rear, 0.62}, Seen{-0.03, kTip - 0.1, 0.27}, Seen{0.03, kTip - 0.1, 0.27},
            Seen{0.16, rear, 0.62}},
           kBodyLight);
}

}  // namespace rtcpub::sim
