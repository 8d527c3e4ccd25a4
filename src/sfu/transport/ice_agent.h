#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfu/transport/path.h"

namespace rtcpub::sfu {

struct IceCredentials {
  std::string ufrag;
  std::string pwd;
  friend bool operator==(const IceCredentials&, const IceCredentials&) = default;
};

/// The part of a binding request's USERNAME that names the receiver (RFC 8445 section 7.2.2), found
/// without an allocation; nothing if the datagram isn't a well-formed binding request with one.
[[nodiscard]] std::optional<std::string_view> localUfrag(std::span<const std::uint8_t> datagram);

/// What came of a connectivity check.
struct IceCheck {
  /// It came from somebody who knows the password: the path may be used, and consent to send goes
  /// on (RFC 7675).
  bool valid = false;
  /// The client wants this path (USE-CANDIDATE).
  bool nominated = false;
  std::vector<std::uint8_t> reply;  ///< empty: say nothing
};

/// An ICE-lite agent (RFC 8445 section 2.5): always controlled, answers checks, sends none.
/// Bytes in, bytes out: no socket, no clock.
class IceAgent {
 public:
  explicit IceAgent(IceCredentials local);
  [[nodiscard]] const IceCredentials& local() const { return local_; }
  [[nodiscard]] IceCheck handle(std::span<const std::uint8_t> datagram, const Endpoint& from) const;

 private:
  IceCredentials local_;
};

}  // namespace rtcpub::sfu
