#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/query.h"
#include "rtcpub/result.h"

/// Requests and answers as values: pure.
namespace rtcpub::net {

/// The fields of a message's head, in their order. Names are the same in any case (RFC 9110
/// section 5.1).
class HttpHeaders {
 public:
  using Field = std::pair<std::string, std::string>;

  HttpHeaders() = default;
  HttpHeaders(std::initializer_list<Field> fields) : fields_(fields) {}

  void add(std::string_view name, std::string_view value);
  /// How often it came.
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return count(name) > 0; }
  /// Its values, joined by ", " where it came several times (RFC 9110 section 5.3); empty when it
  /// didn't come.
  [[nodiscard]] std::string operator[](std::string_view name) const;
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

/// The parts of a comma-separated value, without the blanks around them; no empty ones (RFC 9110
/// section 5.6.1). They point into `value`.
std::vector<std::string_view> elementsOf(std::string_view value);

/// What a client asks for, as the server sees it.
struct HttpRequest {
  std::string method;  ///< "GET", also for HEAD, whose answer loses its body
  /// Path and query, as sent. It may hold a token: redactTarget() makes it fit for a log.
  std::string target;
  std::string remoteAddress;  ///< an IP address
  std::string localAddress;   ///< this machine's, that the client has reached; without a zone
  std::string host;           ///< of the server, as the client names it, perhaps with a port
  bool loopback = false;      ///< the client is on this machine
  bool browser = false;       ///< it sent an Origin header
  bool proxied = false;       ///< it came by a proxy that is trusted
  bool direct = false;        ///< from this machine, and no trusted proxy has named a client
  std::string scheme = {};    ///< "https", as that proxy says; empty: unknown
  unsigned version = 11;      ///< of HTTP, as 10 or 11
  HttpHeaders headers = {};
  std::string body = {};
  std::string segment = {};  ///< what the `*` in the route's pattern stands for, decoded

  [[nodiscard]] std::string_view path() const;
  /// What follows the `?`. Errors: see query::parse().
  [[nodiscard]] Result<query::Parameters> query() const;
  [[nodiscard]] std::string header(std::string_view name) const { return headers[name]; }
};

struct HttpResponse {
  int status = 200;
  std::string contentType = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< besides
};

/// `{"error":"…"}`, and for programs one word of what it is: `"code":"…"`.
HttpResponse errorResponse(int status, std::string_view why, std::string_view code = {});

/// JSON that nobody keeps: it may be another a moment later.
HttpResponse jsonResponse(std::string json);

}  // namespace rtcpub::net
