#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.h"

/// Which handler answers which request: pure.
namespace rtcpub::net {

/// Gives the answer to a request, at once or later; on the loop's thread. The first call counts.
/// Whoever lets go of it without a call answers that something went wrong.
using Respond = std::function<void(HttpResponse)>;

/// What is done with requests of one method for one path.
struct Route {
  using Handler = std::function<void(const HttpRequest&, Respond)>;

  std::string method;  ///< "GET", which brings HEAD along; "POST", …
  /// "/api/members/*/remove": the `*` stands for one segment of the path that isn't empty, see
  /// HttpRequest::segment. At most one.
  std::string pattern;
  Handler handle;
  std::size_t maxBodyBytes = 4096;  ///< a longer body is refused (413)
};

/// A handler that knows its answer at once.
Route::Handler atOnce(std::function<HttpResponse(const HttpRequest&)> answer);

/// All routes of a server. Of several that fit the first counts.
class Routes {
 public:
  struct Found {
    const Route* route;   ///< lives as long as the table
    std::string segment;  ///< for HttpRequest::segment
  };

  /// `whereThingsAre`: for people who ask for what isn't there; a part of a sentence.
  explicit Routes(std::vector<Route> routes, std::string whereThingsAre = {});

  /// Which route a request takes, or its answer: 404; 405 with the methods that there are (RFC 9110
  /// section 15.5.6); 501 for a method that HTTP hasn't; 204 for OPTIONS. `method`: as
  /// HttpRequest's. `path`: without the query; `*` with OPTIONS asks for the server's methods.
  [[nodiscard]] tl::expected<Found, HttpResponse> find(std::string_view method,
                                                       std::string_view path) const;

 private:
  [[nodiscard]] std::string allowed(std::string_view path) const;

  std::vector<Route> routes_;
  std::string whereThingsAre_;
};

}  // namespace rtcpub::net
