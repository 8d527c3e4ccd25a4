#pragma once

#include <string>

namespace rtcpub {

/// Where a publisher's or subscriber's connection stands.
enum class ConnectionState {
  kIdle,          ///< run() has not been called
  kConnecting,    ///< reaching the server, offering
  kRegistered,    ///< the server's answer is in place; media is being connected
  kConnected,     ///< media and data flow
  kDisconnected,  ///< the media path is silent; it may come back by itself
  kReconnecting,  ///< the connection is lost and is being made again
  kClosed,        ///< run() has returned or is about to
};

/// A change of state and its reason, in words for people.
struct StateChange {
  ConnectionState state = ConnectionState::kIdle;  ///< the new one
  std::string reason;                              ///< for people; empty: none

  friend bool operator==(const StateChange&, const StateChange&) = default;
};

/// "connected", "closed", …
inline const char* name(ConnectionState state) {
  switch (state) {
    case ConnectionState::kIdle:
      return "idle";
    case ConnectionState::kConnecting:
      return "connecting";
    case ConnectionState::kRegistered:
      return "registered";
    case ConnectionState::kConnected:
      return "connected";
    case ConnectionState::kDisconnected:
      return "disconnected";
    case ConnectionState::kReconnecting:
      return "reconnecting";
    case ConnectionState::kClosed:
      return "closed";
  }
  return "unknown";
}

}  // namespace rtcpub
