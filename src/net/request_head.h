#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "net/http_message.h"

namespace rtcpub::net {

/// What comes before a request's body, as it was sent.
struct RequestHead {
  std::string method;
  std::string target;
  HttpHeaders headers;
  unsigned version = 11;  ///< of HTTP, as 10 or 11
  bool keepAlive = true;  ///< its sender would go on by the same connection
  bool chunked = false;   ///< how its body is sent
  std::optional<std::uint64_t> contentLength{};

  [[nodiscard]] bool hasBody() const { return chunked || contentLength.value_or(0) > 0; }
};

/// What is wrong with it, if anything is. Pure.
std::optional<HttpResponse> headProblem(const RequestHead& head);

/// Whether it asks for a WebSocket in place of an answer (RFC 6455 section 4.2.1). Pure.
bool asksForWebSocket(const RequestHead& head);

/// Whether its sender waits for a word before it sends the body (RFC 9110 section 10.1.1). Pure.
bool waitsWithBody(const RequestHead& head);

}  // namespace rtcpub::net
