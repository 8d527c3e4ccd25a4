#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/byte_stream.h"
#include "net/request_head.h"

namespace rtcpub::net {

/// A request that could not be read.
struct Unread {
  error_code error;
  std::optional<HttpResponse> answer;  ///< nothing: its sender is gone
};

/// Reads the requests of one connection, each in two steps; what has come of the next one waits.
/// Runs on: the loop's thread.
class RequestReader {
 public:
  explicit RequestReader(ByteStream stream);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Waits for a byte, unless there is one already.
  asio::awaitable<error_code> ready();
  /// What has come and isn't read.
  [[nodiscard]] std::string_view received() const;
  /// Takes it away: it is no request.
  std::string takeReceived();

  /// The next request's head: 16 KiB at most.
  asio::awaitable<tl::expected<RequestHead, Unread>> readHead();
  /// The body that belongs to it: `most` bytes at most.
  asio::awaitable<tl::expected<std::string, Unread>> readBody(std::size_t most);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rtcpub::net
