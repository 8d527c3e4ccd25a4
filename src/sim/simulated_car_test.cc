#include "rtcpub/simulated_car.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "core/measure/stamp.h"
#include "core/sim/marker.h"
#include "core/sim/pure_pursuit_test.h"
#include "sim/simulated_car_impl.h"

namespace rtcpub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A car in virtual time.
struct Stage {
  Time now{seconds(50)};
  std::shared_ptr<SimulatedCar::Impl> impl =
      std::make_shared<SimulatedCar::Impl>(SimulatedCarOptions(), [this] { return now; });
  SimulatedCar car{impl};
};

/// Takes pictures until there are enough; then it waits for no more.
class Pictures {
 public:
  explicit Pictures(const std::shared_ptr<VideoSource>& source) : source_(source) {
    source_->connect({.frame = [this](const VideoFrame& frame) {
      std::lock_guard lock(mutex_);
      frames_.push_back(frame);
      changed_.notify_all();
    }});
    EXPECT_TRUE(source_->start().has_value());
  }
  ~Pictures() {
    source_->stop();
    source_->connect({});
  }
  Pictures(const Pictures&) = delete;
  Pictures& operator=(const Pictures&) = delete;

  /// The first one, and those behind it, until `fits`; nothing after 30 s.
  template <class Fits>
  std::optional<VideoFrame> waitFor(Fits fits) {
    std::unique_lock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + seconds(30);
    for (;;) {
      for (; seen_ < frames_.size(); ++seen_) {
        if (fits(frames_[seen_])) return frames_[seen_];
      }
      if (changed_.wait_until(lock, until) == std::cv_status::timeout) return std::nullopt;
    }
  }

 private:
  std::shared_ptr<VideoSource> source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<VideoFrame> frames_;
  std::size_t seen_ = 0;
};

std::optional<sim::marker::Marker> markerIn(const VideoFrame& frame) {
  return sim::marker::read(frame.planes[0].data, frame.planes[0].stride, frame.width, frame.height,
                           frame.width);
}

TEST(SimulatedCar, DrivesLapsAndTellsOfThem) {
  Stage stage;
  auto laps = stage.car.laps();
  const sim::Road road;
  std::vector<Lap> told;
  while (told.size() < 3 && stage.now < Time{seconds(300)}) {
    const auto state = stage.car.state();
    const auto controls = sim::pursue(
        road, {.x = state.x, .y = state.y, .heading = state.heading, .speed = state.speed},
        state.distance);
    stage.car.drive(controls.steering, controls.throttle);
    stage.now += milliseconds(20);
    while (auto lap = laps.tryGet()) told.push_back(*lap);
  }
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].number, 0);
  EXPECT_EQ(told[2].number, 2);
  EXPECT_EQ(told[2].time, told[2].at - told[1].at);
  EXPECT_EQ(stage.car.state().laps, 2);
}

TEST(SimulatedCar, StandsStill1300MillisecondsAfterNeutralAtTheLatest) {
  Stage stage;
  stage.car.drive(0, 1);
  stage.now += milliseconds(1900);
  EXPECT_GT(stage.car.state().speed, 5);
  stage.car.drive(0, 0);
  stage.now += milliseconds(1300);
  const auto state = stage.car.state();
  EXPECT_EQ(state.speed, 0);
  stage.now += seconds(100);
  EXPECT_EQ(stage.car.state(), state);
}

TEST(SimulatedCar, LetsTheShownAgeGrow) {
  Stage stage;
  EXPECT_FALSE(stage.impl->car->snapshot().instruments.age);
  stage.car.show({.driver = "Kim", .age = milliseconds(30)});
  stage.now += milliseconds(70);
  EXPECT_EQ(stage.impl->car->snapshot().instruments.age, milliseconds(100));
  EXPECT_EQ(stage.impl->car->snapshot().instruments.driver, "Kim");
}

TEST(SimulatedCar, PushesPicturesThatSayWhatItWasTold) {
  auto car = SimulatedCar::create({.width = 640, .height = 360, .fps = 100, .stamp = true});
  ASSERT_TRUE(car) << car.error().message;
  Pictures pictures(car->video());
  const auto first = pictures.waitFor([](const VideoFrame&) { return true; });
  ASSERT_TRUE(first);
  EXPECT_EQ(first->width, 640);
  EXPECT_EQ(first->height, 360);
  EXPECT_EQ(markerIn(*first), sim::marker::Marker{});
  const auto stamp = stamp::read(first->planes[0].data, first->planes[0].stride, 640, 360, 640);
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->frame, 0);
  EXPECT_EQ(stamp->timeUs, static_cast<std::uint32_t>(first->time.time_since_epoch().count()));
  const Time told = monotonicNow();
  car->drive(-0.5, 1);
  const auto next = pictures.waitFor([&](const VideoFrame& frame) { return frame.time > told; });
  ASSERT_TRUE(next);
  const auto marker = markerIn(*next);
  ASSERT_TRUE(marker);
  EXPECT_EQ(marker->steering, sim::marker::level(-0.5));
  EXPECT_EQ(marker->throttle, 127);
}

TEST(SimulatedCar, DrivesOnWithoutAPictureAndLivesAsLongAsItsVideo) {
  std::shared_ptr<VideoSource> video;
  {
    auto car = SimulatedCar::open("sim:?size=320x180&fps=60");
    ASSERT_TRUE(car) << car.error().message;
    car->drive(0, 1);
    video = car->video();
  }
  Pictures pictures(video);
  EXPECT_TRUE(pictures.waitFor([](const VideoFrame& frame) {
    const auto marker = markerIn(frame);
    return marker && marker->speed > 0;
  }));
}

TEST(SimulatedCar, RefusesWhatCannotBe) {
  for (const char* uri :
       {"", "sim", "test:", "sim:x", "sim:?size=318x180", "sim:?size=320x178", "sim:?size=321x181",
        "sim:?size=8192x180", "sim:?fps=0", "sim:?fps=241", "sim:?stamp=1", "sim:?flip=90",
        "sim:?size=320x180&stamp", "sim:?size=320x180&size=640x360", "sim:?%"}) {
    const auto car = SimulatedCar::open(uri);
    ASSERT_FALSE(car) << uri;
    EXPECT_EQ(car.error().code, ErrorCode::kInvalidArgument) << uri;
    EXPECT_FALSE(car.error().message.empty());
  }
  EXPECT_FALSE(SimulatedCar::create({.width = -2}));
  EXPECT_TRUE(SimulatedCar::open("sim:?size=640x360&fps=60&stamp"));
}

}  // namespace
}  // namespace rtcpub
