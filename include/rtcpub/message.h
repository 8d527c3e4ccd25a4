#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rtcpub {

/// The largest message that a data channel carries, in bytes.
inline constexpr std::size_t kMaxMessageSize = 262'144;

/// One message of a data channel: UTF-8 text or bytes (RFC 8831 section 6.6).
struct Message {
  std::string data;     ///< the text or the bytes
  bool binary = false;  ///< whether they are bytes

  /// An empty text.
  Message() = default;
  /// Text.
  Message(std::string text) : data(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  /// Text.
  Message(std::string_view text) : data(text) {}  // NOLINT(google-explicit-constructor)
  /// Text.
  Message(const char* text) : data(text) {}  // NOLINT(google-explicit-constructor)
  /// Bytes.
  static Message bytes(std::string data) {
    Message message(std::move(data));
    message.binary = true;
    return message;
  }

  friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace rtcpub
