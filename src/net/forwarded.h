#pragma once

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http_rules.h"
#include "net/request_head.h"
#include "rtcpub/result.h"

/// Who asks, and for whom, when a reverse proxy may stand in between: pure.
namespace rtcpub::net {

/// The addresses whose X-Forwarded-… headers are believed; none at first.
class TrustedProxies {
 public:
  /// Reads addresses, and networks as `10.0.0.0/8`. Errors: kInvalidArgument, naming the text.
  static Result<TrustedProxies> parse(const std::vector<std::string>& texts);

  /// `address`: as RemoteAddress has it.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  using Network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
  std::vector<Network> networks_;
};

/// The request as its server sees it. `peer` is at the other end of the connection.
///
/// A target in absolute form loses its scheme and host, which count instead of the Host header (RFC
/// 9112 section 3.2.2). When the peer is trusted, X-Forwarded-For names the client: the last
/// address in it that isn't trusted itself, since whoever stands before that may have made up the
/// rest; of X-Forwarded-Host and X-Forwarded-Proto the last counts.
HttpRequest describe(const RequestHead& head, const RemoteAddress& peer,
                     const TrustedProxies& trusted);

/// Why a page may not open a WebSocket here, or change anything, if it may not; for people. Of what
/// sent no Origin it has nothing to say.
std::string originProblem(const HttpRequest& request);

/// The same of a request that isn't for a WebSocket. A browser lets any page send some (a form's
/// POST, say), and only keeps the answer from it: so what only asks is let through.
std::string crossSiteProblem(const HttpRequest& request);

}  // namespace rtcpub::net
