#include "cli/drive_text.h"

#include <array>
#include <cstdio>

namespace rtcpub::cli {
namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

/// A JSON string (RFC 8259 section 7).
std::string jsonString(std::string_view text) {
  std::string json = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') {
      json += '\\';
      json += character;
    } else if (static_cast<unsigned char>(character) < 0x20) {
      json += formatted("\\u%04x", static_cast<unsigned>(character));
    } else {
      json += character;
    }
  }
  return json + '"';
}

std::string json(const std::optional<Driver>& driver) {
  if (!driver) return "null";
  return R"({"id":)" + std::to_string(driver->id) + R"(,"name":)" + jsonString(driver->name) + "}";
}

const char* json(bool value) { return value ? "true" : "false"; }

std::string nameOf(const Driver& driver) {
  return driver.name.empty() ? "member " + std::to_string(driver.id) : driver.name;
}

std::string whoDrives(const DriveState& state) {
  if (state.mine) return "you drive";
  if (state.driver) return nameOf(*state.driver) + " drives";
  if (state.waiting) return state.connected ? "asking for control" : "waiting for the server";
  return "nobody drives (t: take control)";
}

std::string whoAsks(const DriveState& state) {
  if (state.answer && state.asking) {
    return nameOf(*state.asking) + " asks for it: y gives, n keeps";
  }
  if (state.waiting && state.driver) return "and is being asked to give it to you, for up to 10 s";
  return {};
}

std::string standing(const DriveState& state) {
  if (state.emergency) {
    const char* confirmed = state.confirmed ? "" : ", not confirmed by the robot yet";
    return "EMERGENCY STOP by " + state.emergencyBy + confirmed;
  }
  if (!state.driver) return {};
  if (!state.gated) return "a robot without a gate";
  if (state.gate == GateState::kStopped) {
    return "stopped: " + std::string(name(state.reason)) +
           (state.reasonDetail.empty() ? "" : " (" + state.reasonDetail + ")");
  }
  if (state.gate == GateState::kWarned) return "commands are missing";
  return {};
}

}  // namespace

std::string driveJson(const DriveState& state) {
  std::string line =
      R"({"driver":)" + json(state.driver) + R"(,"mine":)" + json(state.mine) + R"(,"connected":)" +
      json(state.connected) + R"(,"waiting":)" + json(state.waiting) + R"(,"asking":)" +
      json(state.asking) + R"(,"answer":)" + json(state.answer) + R"(,"gated":)" +
      json(state.gated) + R"(,"emergency":)" + json(state.emergency) + R"(,"confirmed":)" +
      json(state.confirmed) + R"(,"emergency_by":)" + jsonString(state.emergencyBy) +
      R"(,"gate":)" + jsonString(name(state.gate)) + R"(,"reason":)" +
      jsonString(name(state.reason)) + R"(,"reason_detail":)" + jsonString(state.reasonDetail) +
      R"(,"delay_ms":)" + (state.delayMs ? formatted("%.1f", *state.delayMs) : "null") +
      R"(,"factor":)" + formatted("%.2f", state.factor) + R"(,"verdicts":{)";
  for (const char* separator = ""; const auto& [verdict, count] : state.verdicts) {
    line += separator + jsonString(verdict) + ":" + std::to_string(count);
    separator = ",";
  }
  return line + R"(},"refused":)" + jsonString(state.refused) + "}";
}

std::string driveStatus(const DriveState& state, const Axes& axes) {
  std::string line = whoDrives(state);
  const auto add = [&line](const std::string& text) {
    if (!text.empty()) line += "  " + text;
  };
  add(whoAsks(state));
  add(standing(state));
  for (const auto& [axis, value] : axes) add(axis + formatted(" %.2f", value));
  if (state.mine && state.delayMs) add(formatted("loop delay %.0f ms", *state.delayMs));
  if (state.mine && state.factor < 1) add(formatted("%.0f %% of top speed", state.factor * 100));
  add(state.refused);
  return line;
}

}  // namespace rtcpub::cli
