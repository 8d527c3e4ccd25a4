#pragma once

#include <vector>

#include "core/sim/car_model.h"

namespace rtcpub::sim {

/// A closed road on flat land: a circuit of 299 m that is driven anticlockwise. Pure.
class Road {
 public:
  static constexpr double kHalfWidth = 3.5;  ///< metres of asphalt on either side of the middle
  static constexpr double kKerbWidth = 0.8;  ///< metres, beside the asphalt of bends
  static constexpr double kVerge = 9;        ///< metres from the middle to where the grass ends

  /// A cross-section.
  struct Section {
    double x = 0;  ///< the middle, in metres
    double y = 0;
    double heading = 0;    ///< radians, anticlockwise from the east
    double curvature = 0;  ///< 1/metres; above 0: to the left
    /// A bend that has kerbs.
    [[nodiscard]] bool bends() const { return curvature > kBend || curvature < -kBend; }
  };
  /// A point beside the road.
  struct Place {
    double distance = 0;  ///< metres behind the line, from 0 to less than length()
    double offset = 0;    ///< metres left of the middle
  };

  Road();

  [[nodiscard]] double length() const { return length_; }
  /// About a metre from each to the next; the first lies at the line.
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  /// At any distance, below 0 and beyond length(), too.
  [[nodiscard]] Section at(double distance) const;
  /// Where the road is closest to a point, within 12 m of `near` along the road.
  [[nodiscard]] Place locate(double x, double y, double near) const;
  /// How far the point is from the middle of all the road.
  [[nodiscard]] double gap(double x, double y) const;
  [[nodiscard]] Ground groundAt(const Place& place) const;
  /// The same distance from 0 to less than length().
  [[nodiscard]] double wrapped(double distance) const;

 private:
  static constexpr double kBend = 1.0 / 40;

  [[nodiscard]] int wrappedIndex(int index) const;

  std::vector<Section> sections_;
  double length_ = 0;
  double spacing_ = 1;
};

}  // namespace rtcpub::sim
