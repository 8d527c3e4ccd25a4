#include "core/address/listen_address.h"

#include "core/address/host_port.h"
#include "core/text/text.h"

namespace rtcpub {
namespace {

bool isAny(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

bool isLoopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1";
}

bool hasSeveralColons(std::string_view text) { return text.find(':') != text.rfind(':'); }

}  // namespace

bool ListenAddress::loopback() const { return isLoopback(address); }

std::string ListenAddress::localUrl(std::string_view scheme) const {
  const std::string own = isAny(address) ? "127.0.0.1" : address;
  return std::string(scheme) + (isLoopback(own) ? "" : "s") + "://" + formatHostPort(own, port);
}

Result<ListenAddress> parseListenAddress(std::string_view text) {
  ListenAddress listen;
  if (const auto port = text::parseInteger(text, 0, 65535)) {
    listen.port = static_cast<std::uint16_t>(*port);
    return listen;
  }
  if (hasSeveralColons(text) && !text.starts_with('[')) {
    listen.address = text;
    return listen;
  }
  // parseHostPort knows no port 0, which asks for a free one here.
  const bool anyPort = text.ends_with(":0");
  const auto parsed = parseHostPort(anyPort ? text.substr(0, text.size() - 2) : text);
  if (!parsed) {
    return fail(
        ErrorCode::kInvalidArgument,
        text::quote(text) + " is no address to listen on: write ADDRESS:PORT, e.g. 0.0.0.0:8267");
  }
  listen.address = parsed->host;
  if (parsed->port) listen.port = *parsed->port;
  if (anyPort) listen.port = 0;
  return listen;
}

}  // namespace rtcpub
