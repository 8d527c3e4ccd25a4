#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/codec_report.h"
#include "core/ice/candidate.h"
#include "core/role.h"
#include "rtcpub/codec.h"

/// What a client and its server say to each other about a connection, whatever carries it.
namespace rtcpub::session {

/// What a client asks a server for.
struct Join {
  Role role = Role::kSubscriber;
  std::string channel;
  // Of a publisher's video, as far as the server is to know; of a subscriber the codec that it
  // wants.
  std::optional<int> bitrateKbps{};
  std::optional<int> keyFrameInterval{};  ///< in frames
  std::optional<VideoCodec> codec{};

  friend bool operator==(const Join&, const Join&) = default;
};

struct Offer {
  std::string sdp;
  /// A publisher's data channels on which viewers may speak who have no right to drive.
  std::vector<std::string> open{};
  friend bool operator==(const Offer&, const Offer&) = default;
};

struct Answer {
  std::string sdp;
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Who is on the channel, after every change.
struct Members {
  int publishers = 0;
  int subscribers = 0;
  friend bool operator==(const Members&, const Members&) = default;
};

/// Why the server is about to end the session: `code` for programs, `message` for people.
struct ServerError {
  std::string code;
  std::string message;
  friend bool operator==(const ServerError&, const ServerError&) = default;
};

/// The server lets the client know something that ends nothing.
struct Notice {
  std::string code;
  std::string message;
  friend bool operator==(const Notice&, const Notice&) = default;
};

/// It is still there; wants no answer.
struct Ping {
  friend bool operator==(const Ping&, const Ping&) = default;
};

/// The server ends the session.
struct Bye {
  friend bool operator==(const Bye&, const Bye&) = default;
};

using FromServer =
    std::variant<Offer, Answer, Candidate, Members, CodecReport, Notice, ServerError, Ping, Bye>;
using ToServer = std::variant<Offer, Answer, Candidate, Ping>;

}  // namespace rtcpub::session
