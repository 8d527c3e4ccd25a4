#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/lobby.h"
#include "core/spider.h"
#include "rtcpub/codec.h"
#include "rtcpub/result.h"

namespace rtcpub::sfu {

struct MediaServerOptions {
  std::uint16_t port = 8268;           ///< UDP; 0 takes a free one
  std::vector<std::string> publicIps;  ///< told to clients instead of the interfaces' addresses
  /// A client is dropped when its ICE checks stop for so long, or it isn't connected by then.
  std::chrono::milliseconds silence{10000};
};

/// A client that wants in.
struct JoinRequest {
  ClientId client = 0;
  spider::Role role = spider::Role::kSubscriber;
  std::string channel;
  std::string offer;                ///< SDP
  std::optional<VideoCodec> codec;  ///< accept this video codec only
  /// Tell it the loopback candidates, too: it is a program on this machine (browsers can't use
  /// them).
  bool loopback = false;
};

struct ClientStats {
  ClientId client = 0;
  spider::Role role = spider::Role::kSubscriber;
  std::string channel;
  bool connected = false;
  std::string codec;          ///< of the video that passes: "H264", …
  std::uint64_t packets = 0;  ///< from a publisher, or to a subscriber
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;           ///< publisher: packets that never came
  std::uint64_t retransmitted = 0;  ///< subscriber
  std::uint64_t droppedMessages = 0;
  std::optional<double> rttMs;
  double kbps = 0;  ///< over the last second or so
};

struct MediaStats {
  std::vector<ClientStats> clients;
  std::uint64_t packetsIn = 0;
  std::uint64_t packetsOut = 0;
  std::uint64_t sendFailures = 0;  ///< packets that the socket didn't take
  std::uint64_t garbage = 0;       ///< datagrams that belong to nobody or are malformed
};

/// What happens to a client without being asked for. Called on the network thread: only post.
struct MediaServerEvents {
  std::function<void(ClientId)> connected;
  /// ICE checks stopped, DTLS failed or was closed, or nothing came within 10 s: the client is gone
  /// already.
  std::function<void(ClientId, std::string reason)> gone;
};

/// The server's media plane: one UDP port, one network thread that owns everything in sfu.
/// Its functions may be called from any thread; callbacks come on the network thread.
class MediaServer {
 public:
  /// Opens the port and starts the network thread. Errors: kIo, kInvalidArgument.
  static Result<std::unique_ptr<MediaServer>> create(MediaServerOptions options,
                                                     MediaServerEvents events);
  ~MediaServer();

  [[nodiscard]] std::uint16_t port() const;
  /// The addresses that answers name (without loopback unless there are no others).
  [[nodiscard]] std::vector<std::string> addresses() const;

  /// Makes the answer and the client's transport. Errors: kProtocol (the SDP is garbage, has no
  /// section, only rejected ones, or lacks ICE or DTLS parameters), kUnsupported (no common codec).
  /// A second offer of the same client renegotiates: on the same transport when its ICE credentials
  /// are the same, on a new one when not. A publisher takes its room's place at once.
  void join(JoinRequest request, std::function<void(Result<std::string> answer)> answered);
  void leave(ClientId client);
  void stats(std::function<void(MediaStats)> done);

 private:
  class Impl;
  explicit MediaServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::sfu
