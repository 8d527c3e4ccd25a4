#include "net/http_response.h"

#include <boost/beast/http/status.hpp>
#include <ostream>  // used, but not included, by Beast
#include <string_view>

#include "core/text/http_date.h"

namespace rtcpub::net {

namespace {

constexpr int kNoContent = 204;

void addHeader(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

std::string statusLine(const HttpResponse& response, unsigned version) {
  const auto phrase =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  return "HTTP/1." + std::to_string(version % 10) + " " + std::to_string(response.status) + " " +
         std::string(phrase) + "\r\n";
}

}  // namespace

std::string formatResponse(const HttpResponse& response, const ResponseForm& form,
                           std::time_t now) {
  std::string text = statusLine(response, form.version);
  addHeader(text, "Server", "rtcpub");
  // An origin server with a clock must tell the time (RFC 9110 section 6.6.1).
  addHeader(text, "Date", formatHttpDate(now));
  addHeader(text, "X-Content-Type-Options", "nosniff");
  addHeader(text, "Referrer-Policy", "no-referrer");
  // What isn't for other sites' pages doesn't get into their processes either.
  addHeader(text, "Cross-Origin-Resource-Policy", "same-origin");
  // RFC 9110 section 8.6: such an answer has no content and no length.
  const bool hasContent = response.status != kNoContent;
  if (hasContent) addHeader(text, "Content-Type", response.contentType);
  for (const auto& [name, value] : response.headers) addHeader(text, name, value);
  // What each version does by itself needs no word (RFC 9112 section 9.3).
  const bool keepsByItself = form.version >= 11;
  if (form.keepAlive != keepsByItself) {
    addHeader(text, "Connection", form.keepAlive ? "keep-alive" : "close");
  }
  if (hasContent) addHeader(text, "Content-Length", std::to_string(response.body.size()));
  text += "\r\n";
  if (hasContent && !form.headOnly) text += response.body;
  return text;
}

}  // namespace rtcpub::net
