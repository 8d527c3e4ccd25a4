#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What viewers say about cameras on the data channel `stream`, and what they are told
/// (docs/protocol.md).
namespace rtcpub::camera_command {

/// The name that asks for the list: no camera may have it.
inline constexpr std::string_view kList = "?";
/// The cameras that a car's driving selects.
inline constexpr std::string_view kFront = "front";
inline constexpr std::string_view kRear = "rear";

/// Tell which cameras there are.
struct List {
  friend bool operator==(const List&, const List&) = default;
};
/// Put a camera on the air; whether there is one of that name isn't known here.
struct Select {
  std::string camera;
  friend bool operator==(const Select&, const Select&) = default;
};
using Command = std::variant<List, Select>;

/// The command in a message; nothing if it holds none, as most messages do. With `autoRear` a
/// `motion` message is one, too: `back` selects the rear camera, `forward` the front one.
std::optional<Command> parse(std::string_view text, bool autoRear);

/// What viewers are told: `{"cameras":["front","rear"],"camera":"front"}`.
std::string format(const std::vector<std::string>& cameras, const std::string& onAir);

}  // namespace rtcpub::camera_command
