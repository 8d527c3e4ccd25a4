#include "core/source/camera_mode.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace rtcpub {
namespace {

using source_uri::Options;
using source_uri::Size;

constexpr Size kUsualSize{1280, 720};
constexpr int kUsualFps = 30;
constexpr std::size_t kMaxNamed = 12;  // modes in a message

double perSecond(const FrameRate& rate) {
  return rate.denominator > 0 ? static_cast<double>(rate.numerator) / rate.denominator : 0;
}

bool holds(const CameraRange& range, int value) { return value >= range.min && value <= range.max; }

int nearest(const CameraRange& range, int value) {
  return std::clamp(value, range.min, std::max(range.min, range.max)) & ~1;
}

bool suitsFormat(const CameraMode& mode, const std::string& format) {
  if (format.empty()) return true;
  if (format == "raw") return mode.coding == CameraCoding::kRaw;
  if (format == "mjpeg") return mode.coding == CameraCoding::kJpeg;
  if (format == "h264") return mode.coding == CameraCoding::kH264;
  return mode.coding == CameraCoding::kRaw && mode.format == format;
}

bool suitsSize(const CameraMode& mode, const std::optional<Size>& size) {
  return !size || (holds(mode.width, size->width) && holds(mode.height, size->height));
}

bool between(const CameraMode& mode, double fps) {
  return mode.anyRateBetween && mode.rates.size() == 2 && fps >= perSecond(mode.rates.front()) &&
         fps <= perSecond(mode.rates.back());
}

// The rate that serves best; nothing if the mode names none.
std::optional<FrameRate> chooseRate(const CameraMode& mode, int wanted) {
  if (mode.rates.empty()) return std::nullopt;
  if (between(mode, wanted)) return FrameRate{wanted, 1};
  return *std::min_element(mode.rates.begin(), mode.rates.end(), [=](const auto& a, const auto& b) {
    return std::abs(perSecond(a) - wanted) < std::abs(perSecond(b) - wanted);
  });
}

bool suitsRate(const CameraMode& mode, const std::optional<int>& fps) {
  if (!fps || mode.rates.empty()) return true;
  const auto rate = chooseRate(mode, *fps);
  // 30000/1001 pictures a second count as 30.
  return rate && std::abs(perSecond(*rate) - *fps) < 0.1;
}

int preference(const CameraMode& mode, bool encoded) {
  switch (mode.coding) {
    case CameraCoding::kH264:
      return encoded ? 0 : 4;
    case CameraCoding::kJpeg:
      return 3;
    default:
      return mode.format == "NV12" || mode.format == "I420" ? 1 : 2;
  }
}

CameraChoice choiceOf(const CameraMode& mode, const Options& options) {
  const Size wanted = options.size.value_or(kUsualSize);
  return {mode.coding, mode.format,
          Size{nearest(mode.width, wanted.width), nearest(mode.height, wanted.height)},
          chooseRate(mode, options.fps.value_or(kUsualFps))};
}

// What is worse comes later: the size that was wished for counts most, then the rate.
auto cost(const CameraMode& mode, const Options& options, bool encoded) {
  const CameraChoice choice = choiceOf(mode, options);
  const Size wanted = options.size.value_or(kUsualSize);
  const long distance = std::labs(static_cast<long>(choice.size.width) * choice.size.height -
                                  static_cast<long>(wanted.width) * wanted.height);
  const double wantedFps = options.fps.value_or(kUsualFps);
  const double slower = choice.rate ? std::max(0.0, wantedFps - perSecond(*choice.rate)) : 0;
  return std::tuple(distance, std::round(slower), preference(mode, encoded),
                    choice.rate ? std::abs(perSecond(*choice.rate) - wantedFps) : 0);
}

std::string nameOf(const CameraMode& mode) {
  switch (mode.coding) {
    case CameraCoding::kH264:
      return "h264";
    case CameraCoding::kJpeg:
      return "mjpeg";
    default:
      return mode.format;
  }
}

std::string rangeText(const CameraRange& range) {
  if (range.min == range.max) return std::to_string(range.min);
  return std::to_string(range.min) + "-" + std::to_string(range.max);
}

std::string ratesText(const CameraMode& mode) {
  std::string text;
  for (const FrameRate& rate : mode.rates) {
    if (!text.empty()) text += mode.anyRateBetween ? "-" : "/";
    text += std::to_string(static_cast<int>(std::lround(perSecond(rate))));
  }
  return text.empty() ? text : "@" + text;
}

std::string wish(const Options& options) {
  std::string text;
  if (options.size) {
    text = std::to_string(options.size->width) + "x" + std::to_string(options.size->height);
  }
  if (options.fps) {
    const std::string fps = std::to_string(*options.fps);
    text += text.empty() ? "mode of " + fps + " pictures a second" : "@" + fps;
  }
  if (!options.format.empty()) text += (text.empty() ? "" : " ") + options.format;
  return text;
}

}  // namespace

std::string describe(const std::vector<CameraMode>& modes) {
  std::string text;
  std::set<std::string> named;
  for (const CameraMode& mode : modes) {
    const std::string entry = rangeText(mode.width) + "x" + rangeText(mode.height) +
                              ratesText(mode) + " (" + nameOf(mode) + ")";
    if (!named.insert(entry).second) continue;
    if (named.size() > kMaxNamed) return text + " and more";
    text += (text.empty() ? "" : ", ") + entry;
  }
  return text;
}

Result<CameraChoice> chooseMode(const std::vector<CameraMode>& modes, const Options& options,
                                bool encoded, const std::string& subject) {
  if (modes.empty()) {
    return fail(ErrorCode::kUnsupported,
                subject + " offers no pictures that can be used: is it the right device?");
  }
  const CameraMode* best = nullptr;
  for (const CameraMode& mode : modes) {
    if (!suitsFormat(mode, options.format) || !suitsSize(mode, options.size)) continue;
    if (!suitsRate(mode, options.fps)) continue;
    if (best == nullptr || cost(mode, options, encoded) < cost(*best, options, encoded)) {
      best = &mode;
    }
  }
  if (best == nullptr) {
    return fail(ErrorCode::kUnsupported,
                subject + " has no " + wish(options) + "; it has " + describe(modes));
  }
  return choiceOf(*best, options);
}

}  // namespace rtcpub
