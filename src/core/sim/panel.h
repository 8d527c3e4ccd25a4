#pragma once

#include <string>

#include "core/sim/canvas.h"
#include "core/sim/car_model.h"
#include "rtcpub/simulated_car.h"

namespace rtcpub::sim {

/// What is written in figures beside the road.
struct Laps {
  int driven = 0;
  std::optional<std::chrono::microseconds> current{};  ///< of the lap that is being driven
  std::optional<std::chrono::microseconds> best{};
};

/// The instrument panel below the view, and the lap board in it. All sizes are multiples of a dot,
/// which is a pixel at 320x180. They are in the picture's lower part: over the upper one the
/// console has its buttons and words.
class Panel {
 public:
  /// A picture of `width` and `height` pixels, from 320x180 on.
  Panel(int width, int height);

  /// In pixels, even: of the picture's lower end.
  [[nodiscard]] int height() const { return panelHeight_; }
  /// The bars, in pixels: filled from the left by the speed, from the middle by steering and
  /// throttle.
  struct Bar {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
  };
  [[nodiscard]] Bar speedBar() const;
  [[nodiscard]] Bar steeringBar() const;
  [[nodiscard]] Bar throttleBar() const;
  /// In the lower right corner of the view.
  [[nodiscard]] Bar board() const;

  void draw(Canvas& canvas, const Motion& motion, const Controls& controls,
            const Instruments& instruments) const;
  void drawBoard(Canvas& canvas, const Laps& laps) const;
  /// A line in the middle of the view, `share` of the way down.
  void drawNotice(Canvas& canvas, double share, const std::string& text) const;

 private:
  [[nodiscard]] Bar bar(int x, int y, int width, int height) const;
  void text(Canvas& canvas, int x, int y, std::string_view text, const Color& color) const;
  void drawSpeed(Canvas& canvas, double speed) const;
  void drawSigned(Canvas& canvas, const Bar& bar, double value) const;
  void drawControl(Canvas& canvas, const Instruments& instruments) const;

  int width_;
  int height_;
  int dot_;
  int panelHeight_;
};

}  // namespace rtcpub::sim
