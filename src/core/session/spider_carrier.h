#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/session/session.h"
#include "core/session/signal.h"

/// Spider as the carrier of what a client and its server say to each other: the one place where a
/// client speaks it (docs/protocol.md). Pure.
namespace rtcpub::session::spider_carrier {

inline constexpr std::string_view kProtocol = "Spider";

/// The target of the WebSocket that asks for this: "/live/ws/pub?channel=…".
[[nodiscard]] std::string targetFor(const Join& join);

/// One WebSocket text.
[[nodiscard]] std::string textFor(const ToServer& what);

/// What one WebSocket text says: Heard or Garbled; nothing when only a newer version knows what.
[[nodiscard]] std::optional<Event> eventOf(std::string_view text);

}  // namespace rtcpub::session::spider_carrier
