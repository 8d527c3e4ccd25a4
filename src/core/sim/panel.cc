#include "core/sim/panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/sim/font.h"
#include "core/sim/marker.h"

namespace rtcpub::sim {
namespace {

constexpr Color kBack = rgb(22, 24, 28);
constexpr Color kEdge = rgb(70, 74, 80);
constexpr Color kTrough = rgb(48, 52, 58);
constexpr Color kText = rgb(230, 232, 235);
constexpr Color kQuiet = rgb(150, 155, 162);
constexpr Color kBlue = rgb(70, 160, 240);
constexpr Color kGreen = rgb(60, 200, 90);
constexpr Color kAmber = rgb(250, 180, 40);
constexpr Color kRed = rgb(235, 60, 50);
constexpr Color kGrey = rgb(120, 124, 130);

// Dots, from the panel's upper left corner.
constexpr int kRows = 30;  // above the marker
constexpr int kLeft = 6;
constexpr int kMiddle = 106;
constexpr int kGauge = 144;
constexpr int kRight = 212;
constexpr int kDriverLetters = 17;
/// Commands that are this old are shown in amber: by default the robot slows down then.
constexpr std::chrono::milliseconds kOldCommand{100};
constexpr double kKmhPerMs = 3.6;
constexpr int kMostShown = 9999;  // milliseconds

struct Words {
  const char* text;
  Color lamp;
};

Words stopWords(StopReason reason) {
  switch (reason) {
    case StopReason::kNewDriver:
      return {"NEUTRAL FIRST", kAmber};
    case StopReason::kSilence:
      return {"STOP: SILENCE", kRed};
    case StopReason::kBlind:
      return {"STOP: BLIND", kRed};
    case StopReason::kNotReady:
      return {"STOP: NOT READY", kRed};
    default:
      return {"STOPPED", kAmber};
  }
}

Words stateWords(const Instruments& instruments) {
  switch (instruments.state) {
    case GateState::kIdle:
      return {"READY", kGrey};
    case GateState::kStopped:
      return stopWords(instruments.reason);
    case GateState::kDriven:
      return {"DRIVEN", kGreen};
    case GateState::kWarned:
      return {"SLOWING DOWN", kAmber};
    case GateState::kEmergency:
      return {"EMERGENCY STOP", kRed};
  }
  return {"", kGrey};
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 48> text{};
  (void)std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

/// "1:23.4"
std::string clockText(std::chrono::microseconds time) {
  const auto tenths = static_cast<int>(std::min<std::int64_t>(time.count() / 100'000, 59'999));
  return formatted("%d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10);
}

}  // namespace

Panel::Panel(int width, int height)
    : width_(width),
      height_(height),
      dot_(std::max(1, std::min(width / 320, height / 180))),
      panelHeight_((kRows * dot_ + marker::kHeight + 1) / 2 * 2) {}

Panel::Bar Panel::bar(int x, int y, int width, int height) const {
  return {x * dot_, height_ - panelHeight_ + y * dot_, width * dot_, height * dot_};
}
Panel::Bar Panel::speedBar() const { return bar(kLeft, 20, 90, 6); }
Panel::Bar Panel::steeringBar() const { return bar(kGauge, 4, 60, 8); }
Panel::Bar Panel::throttleBar() const { return bar(kGauge, 18, 60, 8); }
Panel::Bar Panel::board() const {
  constexpr int kWidth = 74;
  constexpr int kHeight = 33;
  constexpr int kGap = 4;
  return {width_ - (kWidth + kGap) * dot_, height_ - panelHeight_ - (kHeight + kGap) * dot_,
          kWidth * dot_, kHeight * dot_};
}

void Panel::draw(Canvas& canvas, const Motion& motion, const Controls& controls,
                 const Instruments& instruments) const {
  canvas.rect(0, height_ - panelHeight_, width_, panelHeight_, kBack);
  canvas.rect(0, height_ - panelHeight_, width_, 2, kEdge);
  drawSpeed(canvas, motion.speed);
  text(canvas, kMiddle, 5, "STEER", kQuiet);
  drawSigned(canvas, steeringBar(), controls.steering);
  text(canvas, kMiddle, 19, "POWER", kQuiet);
  drawSigned(canvas, throttleBar(), controls.throttle);
  drawControl(canvas, instruments);
}

void Panel::text(Canvas& canvas, int x, int y, std::string_view text, const Color& color) const {
  const Bar place = bar(x, y, 0, 0);
  drawText(canvas, place.x, place.y, dot_, text, color);
}

void Panel::drawSpeed(Canvas& canvas, double speed) const {
  const auto kmh = static_cast<int>(std::lround(std::abs(speed) * kKmhPerMs));
  const Bar digits = bar(kLeft, 3, 0, 0);
  drawText(canvas, digits.x, digits.y, 2 * dot_, formatted("%3d", kmh), kText);
  text(canvas, kLeft + 44, 10, speed < 0 ? "KM/H BACK" : "KM/H", kQuiet);
  const Bar whole = speedBar();
  canvas.rect(whole.x, whole.y, whole.width, whole.height, kTrough);
  const double share = std::clamp(std::abs(speed) / kTopSpeed, 0.0, 1.0);
  canvas.rect(whole.x, whole.y, static_cast<int>(std::lround(share * whole.width)), whole.height,
              speed < 0 ? kAmber : kBlue);
}

void Panel::drawSigned(Canvas& canvas, const Bar& bar, double value) const {
  canvas.rect(bar.x, bar.y, bar.width, bar.height, kTrough);
  const int middle = bar.x + bar.width / 2;
  const auto size = static_cast<int>(std::lround(value * bar.width / 2));
  canvas.rect(std::min(middle, middle + size), bar.y, std::abs(size), bar.height,
              size < 0 ? kAmber : kGreen);
  canvas.rect(middle - dot_ / 2 - 1, bar.y - dot_, std::max(2, dot_), bar.height + 2 * dot_,
              kQuiet);
}

void Panel::drawControl(Canvas& canvas, const Instruments& instruments) const {
  const bool nobody = instruments.driver.empty();
  text(canvas, kRight, 3, nobody ? "NOBODY DRIVES" : fitting(instruments.driver, kDriverLetters),
       nobody ? kQuiet : kText);
  const Words words = stateWords(instruments);
  const Bar lamp = bar(kRight, 12, 7, 7);
  canvas.rect(lamp.x, lamp.y, lamp.width, lamp.height, words.lamp);
  text(canvas, kRight + 10, 12, words.text, kText);
  if (instruments.age) {
    const auto shown = std::min<std::int64_t>(instruments.age->count(), kMostShown);
    text(canvas, kRight, 21, formatted("%4d MS OLD", static_cast<int>(shown)),
         *instruments.age < kOldCommand ? kGreen : kAmber);
  }
  if (instruments.factor < 0.995) {
    const auto percent = static_cast<int>(std::lround(instruments.factor * 100));
    text(canvas, kRight + 68, 21, formatted("CAP%d%%", percent), kAmber);
  }
}

void Panel::drawBoard(Canvas& canvas, const Laps& laps) const {
  const Bar place = board();
  canvas.shade(place.x, place.y, place.width, place.height, 0.35);
  const auto line = [&](int row, const std::string& words, const Color& color) {
    drawText(canvas, place.x + 4 * dot_, place.y + (4 + 9 * row) * dot_, dot_, words, color);
  };
  line(0, formatted("LAP %7d", laps.driven + 1), kText);
  line(1, laps.current ? formatted("NOW %7s", clockText(*laps.current).c_str()) : "NOW  -:--.-",
       kText);
  line(2, laps.best ? formatted("BEST %6s", clockText(*laps.best).c_str()) : "BEST -:--.-",
       laps.best ? kAmber : kText);
}

void Panel::drawNotice(Canvas& canvas, double share, const std::string& text) const {
  const int width = textWidth(dot_, text);
  const int left = (width_ - width) / 2;
  const auto top = static_cast<int>((height_ - panelHeight_) * share);
  canvas.shade(left - 4 * dot_, top - 4 * dot_, width + 7 * dot_, (kGlyphHeight + 8) * dot_, 0.35);
  drawText(canvas, left, top, dot_, text, kText);
}

}  // namespace rtcpub::sim
