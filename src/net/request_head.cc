#include "net/request_head.h"

#include <algorithm>

#include "core/text/text.h"

namespace rtcpub::net {

namespace {

constexpr std::size_t kMaxTargetBytes = 4U << 10U;
/// Browsers send twenty, and proxies add a few.
constexpr std::size_t kMaxFields = 128;
constexpr std::string_view kContinue = "100-continue";

/// Whether a value that is a list has this element, in any case.
bool lists(const HttpHeaders& headers, std::string_view name, std::string_view element) {
  const std::string value = text::toLower(headers[name]);
  return std::ranges::count(elementsOf(value), element) > 0;
}

}  // namespace

std::optional<HttpResponse> headProblem(const RequestHead& head) {
  if (head.target.size() > kMaxTargetBytes) return errorResponse(414, "the address is too long");
  if (head.headers.size() > kMaxFields) return errorResponse(431, "there are too many headers");
  // RFC 9112 section 3.2: two would let two readers see two servers.
  const auto hosts = head.headers.count("Host");
  if (hosts > 1 || (hosts == 0 && head.version >= 11)) {
    return errorResponse(400, "a request needs one Host header");
  }
  // RFC 9112 section 6.1: where such a body ends can't be told.
  if (head.headers.has("Transfer-Encoding")) {
    if (text::toLower(head.headers["Transfer-Encoding"]) != "chunked") {
      return errorResponse(400, "of transfer encodings only chunked is understood here");
    }
    if (head.version < 11) return errorResponse(400, "HTTP/1.0 has no transfer encodings");
  }
  // RFC 6455 section 4.1: what follows would be taken for the WebSocket's first frames.
  if (asksForWebSocket(head) && head.hasBody()) {
    return errorResponse(400, "a request for a WebSocket has no body");
  }
  const std::string expected = text::toLower(head.headers["Expect"]);
  if (!expected.empty() && expected != kContinue) {
    return errorResponse(417, "of expectations only 100-continue is understood here");
  }
  return std::nullopt;
}

bool asksForWebSocket(const RequestHead& head) {
  return head.method == "GET" && head.version >= 11 &&
         lists(head.headers, "Connection", "upgrade") &&
         lists(head.headers, "Upgrade", "websocket");
}

bool waitsWithBody(const RequestHead& head) {
  return head.version >= 11 && head.hasBody() && text::toLower(head.headers["Expect"]) == kContinue;
}

}  // namespace rtcpub::net
