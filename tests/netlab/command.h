#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "packet.h"

namespace netlab {

enum class Direction { kUp = 0, kDown = 1, kBoth };

/// `link NAME NAMESPACE DEVICE NAMESPACE DEVICE`: joins two network namespaces, each the path of
/// its file, by TUN devices.
struct AddLink {
  struct End {
    std::string networkNamespace;
    std::string device;
  };
  std::string name;
  End near;  ///< packets from here go "up"
  End far;
};

/// `[at SECONDS] set LINK up|down|both KEY=VALUE…`: now, or that long after `start`.
struct Set {
  std::optional<Time> at;
  std::string link;
  Direction direction = Direction::kBoth;
  std::vector<std::string> settings;
};

/// `start`: the schedule begins.
struct Start {};

/// `stats`: the counters, please.
struct Stats {};

using Command = std::variant<AddLink, Set, Start, Stats>;

/// One line of standard input; the error says what is wrong with it.
[[nodiscard]] tl::expected<Command, std::string> parseCommand(std::string_view line);

}  // namespace netlab
