#include "rtcpub/simulated_car.h"

#include <string_view>
#include <utility>

#include "core/measure/stamp.h"
#include "core/source/source_options.h"
#include "core/text/query.h"
#include "core/text/text.h"
#include "sim/car.h"
#include "sim/simulated_car_impl.h"

namespace rtcpub {
namespace {

constexpr std::string_view kScheme = "sim:";
constexpr int kMaxSide = 4096;
constexpr int kMaxFps = 240;

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument, "simulated car: " + what);
}

bool isSide(int pixels, int least) {
  return pixels >= least && pixels <= kMaxSide && pixels % 2 == 0;
}

Result<void> check(const SimulatedCarOptions& options) {
  if (!isSide(options.width, sim::Picture::kMinWidth) ||
      !isSide(options.height, sim::Picture::kMinHeight)) {
    return refuse("a picture of " + std::to_string(options.width) + "x" +
                  std::to_string(options.height) +
                  " is not possible: both sides must be even, from 320x180 to 4096x4096");
  }
  if (options.fps < 1 || options.fps > kMaxFps) {
    return refuse(std::to_string(options.fps) +
                  " pictures a second are not possible: 1 to 240 are");
  }
  if (options.stamp && options.width < stamp::kWidth) {
    return refuse("a stamp needs a picture that is 512 pixels wide or more");
  }
  return {};
}

Result<void> readOption(const std::string& name, const std::string& value,
                        SimulatedCarOptions& options) {
  if (name == "stamp") return source_uri::readStamp(value, options.stamp);
  if (name == "size") {
    const auto size = source_uri::readSize(name, value);
    if (!size) return tl::unexpected(size.error());
    options.width = size->width;
    options.height = size->height;
    return {};
  }
  if (name == "fps") {
    const auto fps = source_uri::readFps(value);
    if (!fps) return tl::unexpected(fps.error());
    options.fps = *fps;
    return {};
  }
  return refuse("sim: has no option " + text::quote(name) + "; it has size, fps and stamp");
}

Result<SimulatedCarOptions> parse(std::string_view uri) {
  const auto [name, query] = text::splitAt(uri, '?');
  if (name != kScheme) {
    return refuse(text::quote(uri) +
                  " is none: write sim:, or sim:?size=960x540&fps=30 with options");
  }
  const auto parameters = query::parse(query.value_or(""));
  if (!parameters) return refuse("options of sim: " + parameters.error().message);
  SimulatedCarOptions options;
  for (const auto& [option, value] : *parameters) {
    if (auto read = readOption(option, value, options); !read) return tl::unexpected(read.error());
  }
  return options;
}

}  // namespace

Result<SimulatedCar> SimulatedCar::create(const SimulatedCarOptions& options) {
  if (auto checked = check(options); !checked) return tl::unexpected(checked.error());
  return SimulatedCar(std::make_shared<Impl>(options, monotonicNow));
}

Result<SimulatedCar> SimulatedCar::open(const std::string& uri) {
  const auto options = parse(uri);
  if (!options) return tl::unexpected(options.error());
  return create(*options);
}

std::shared_ptr<VideoSource> SimulatedCar::video() const { return impl_->view; }

void SimulatedCar::drive(double steering, double throttle) {
  impl_->car->drive({.steering = steering, .throttle = throttle});
}

void SimulatedCar::show(const Instruments& instruments) { impl_->car->show(instruments); }

SimulatedCarState SimulatedCar::state() const { return impl_->car->state(); }

Subscription<Lap> SimulatedCar::laps() const { return impl_->car->laps(); }

}  // namespace rtcpub
