#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/codec_report.h"
#include "core/ice/candidate.h"
#include "core/role.h"
#include "rtcpub/codec.h"
#include "rtcpub/result.h"

/// The Spider signalling protocol (docs/protocol.md): what its messages and URLs say, as values.
namespace rtcpub::spider {

struct Offer {
  std::string sdp;
  /// Of a publisher: the data channels on which viewers may speak who have no right to drive.
  std::vector<std::string> open{};
  friend bool operator==(const Offer&, const Offer&) = default;
};

struct Answer {
  std::string sdp;
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Who is in the channel, after every change.
struct Joins {
  std::string channel;
  int publishers = 0;
  int subscribers = 0;
  std::vector<std::string> open{};  ///< as in the publisher's offer
  friend bool operator==(const Joins&, const Joins&) = default;
};

struct Ping {
  friend bool operator==(const Ping&, const Ping&) = default;
};

/// Why the server is about to end the session.
struct ServerError {
  std::string code;
  std::string message;
  friend bool operator==(const ServerError&, const ServerError&) = default;
};

/// What the channel's video is sent in and who can take it; ends nothing.
struct Codecs {
  CodecReport report;
  friend bool operator==(const Codecs&, const Codecs&) = default;
};

/// Something that whoever is told should know; ends nothing.
struct Notice {
  std::string code;
  std::string message;
  friend bool operator==(const Notice&, const Notice&) = default;
};

/// Who drives, after every change: `driver`.
struct DriverNews {
  struct Person {
    std::uint64_t id = 0;  ///< a member, as the server counts
    std::string name;      ///< for people; empty: nobody said
    friend bool operator==(const Person&, const Person&) = default;
  };
  std::optional<Person> driver{};  ///< nothing: nobody
  bool emergency = false;          ///< the robot is stopped until somebody clears that
  friend bool operator==(const DriverNews&, const DriverNews&) = default;
};

/// The session's end: the bare text `close`.
struct Close {
  friend bool operator==(const Close&, const Close&) = default;
};

/// A Candidate is sent as `candidate2`; the old `candidate` is understood and has neither mid,
/// index nor ufrag.
using Message = std::variant<Offer, Answer, Candidate, Joins, Ping, ServerError, Codecs, Notice,
                             DriverNews, Close>;

/// Reads one WebSocket text. Errors, in words that may go back to the sender:
/// kProtocol when the text breaks the protocol; kUnsupported when it keeps its form but says what
/// is not known here (another type; `joins`, `error`, `codecs`, `notice` and `driver`, which each
/// server defines, in another form): ignore it, it may be of a newer version.
Result<Message> parse(std::string_view text);

/// The inverse: one WebSocket text, valid UTF-8 whatever is in the message.
std::string format(const Message& message);

/// What the URL of a WebSocket asks for.
struct ConnectRequest {
  Role role = Role::kSubscriber;
  std::string channel;
  std::optional<int> bitrateKbps;       ///< `brate`
  std::optional<int> keyFrameInterval;  ///< `ktime`, in frames
  std::optional<VideoCodec> codec;      ///< `vcodec`
  friend bool operator==(const ConnectRequest&, const ConnectRequest&) = default;
};

/// Reads the target of an HTTP request, path and query. Errors: kNotFound (another path),
/// kInvalidArgument (a missing or bad channel, a number that is none, an unknown codec).
Result<ConnectRequest> parseTarget(std::string_view target);

/// The inverse: "/live/ws/pub?channel=…".
std::string formatTarget(const ConnectRequest& request);

}  // namespace rtcpub::spider
