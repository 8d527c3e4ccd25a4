#include "rtcpub/stats.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace rtcpub {

namespace {

using Json = nlohmann::ordered_json;

// JSON knows no infinity; nobody needs more decimals than this.
double rounded(double value, double steps) {
  return std::isfinite(value) ? std::round(value * steps) / steps : 0;
}
double oneDecimal(double value) { return rounded(value, 10); }
double twoDecimals(double value) { return rounded(value, 100); }
double fourDecimals(double value) { return rounded(value, 10'000); }

// ISO 8601, UTC, with milliseconds.
std::string toText(std::chrono::system_clock::time_point time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  std::array<char, 64> text{};
  (void)std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()),
                      static_cast<int>(clock.subseconds().count()));
  return text.data();
}

Json toObject(const VideoStats& video) {
  Json object = Json::object();
  if (!video.codec.empty()) object["codec"] = video.codec;
  object["width"] = video.width;
  object["height"] = video.height;
  object["fps"] = oneDecimal(video.fps);
  object["kbps"] = static_cast<std::int64_t>(rounded(video.kbps, 1));
  object["frames"] = video.frames;
  object["freezes"] = video.freezes;
  object["loss"] = fourDecimals(video.loss);
  if (video.decodeMs > 0) object["decode_ms"] = twoDecimals(video.decodeMs);
  if (video.incompleteFrames != 0) object["incomplete_frames"] = video.incompleteFrames;
  if (!video.encoder.empty()) object["encoder"] = video.encoder;
  if (video.droppedGroups != 0) object["dropped_groups"] = video.droppedGroups;
  if (video.fecKbps > 0) object["fec_kbps"] = static_cast<std::int64_t>(rounded(video.fecKbps, 1));
  return object;
}

Json toObject(const CodecMismatch& mismatch) {
  return {{"sent", mismatch.sent}, {"taken", mismatch.taken}, {"viewers", mismatch.viewers}};
}

Json toObject(const LatencyStats& latency) {
  return {{"p50", twoDecimals(latency.p50)},
          {"p95", twoDecimals(latency.p95)},
          {"p99", twoDecimals(latency.p99)}};
}

Json toObject(const DataStats& data) {
  Json object = {{"sent", data.sent}, {"received", data.received}};
  if (data.dropped != 0) object["dropped"] = data.dropped;
  if (data.waiting != 0) object["waiting"] = data.waiting;
  return object;
}

Json toObject(const CameraStats& camera) {
  Json object = {{"on_air", camera.onAir}, {"live", camera.live}};
  if (!camera.reason.empty()) object["reason"] = camera.reason;
  return object;
}

Json toObject(const ControlStats& control) {
  Json object = {{"state", name(control.state)}};
  if (control.reason != StopReason::kNone) object["reason"] = name(control.reason);
  if (control.driver) {
    object["driver"] = {{"id", control.driver->id}, {"name", control.driver->name}};
  }
  if (control.delayP50Ms && control.delayP99Ms) {
    object["delay_ms"] = {{"p50", twoDecimals(*control.delayP50Ms)},
                          {"p99", twoDecimals(*control.delayP99Ms)}};
  }
  object["factor"] = twoDecimals(control.factor);
  object["accepted"] = 0;
  object["refused"] = Json::object();
  for (const auto& [verdict, count] : control.verdicts) {
    if (verdict == Verdict::kAccepted) {
      object["accepted"] = count;
    } else {
      object["refused"][std::string(name(verdict))] = count;
    }
  }
  object["stops"] = control.stops;
  object["realtime"] = control.realtime;
  return object;
}

}  // namespace

std::string toJson(const Stats& stats) {
  Json object = {{"time", toText(stats.time)}, {"state", name(stats.state)}};
  if (!stats.reason.empty()) object["reason"] = stats.reason;
  if (stats.video) object["video"] = toObject(*stats.video);
  if (stats.codecMismatch) object["codec_mismatch"] = toObject(*stats.codecMismatch);
  if (stats.rttMs) object["rtt_ms"] = twoDecimals(*stats.rttMs);
  if (stats.estimateKbps) {
    object["estimate_kbps"] = static_cast<std::int64_t>(rounded(*stats.estimateKbps, 1));
  }
  if (stats.feedbackMissing) object["feedback_missing"] = true;
  if (stats.latencyMs) object["latency_ms"] = toObject(*stats.latencyMs);
  for (const auto& [label, data] : stats.data) object["data"][label] = toObject(data);
  for (const auto& [name, camera] : stats.cameras) object["cameras"][name] = toObject(camera);
  if (stats.viewers) object["viewers"] = *stats.viewers;
  if (stats.control) object["control"] = toObject(*stats.control);
  // A label comes from the network: one that isn't UTF-8 must not throw.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rtcpub
