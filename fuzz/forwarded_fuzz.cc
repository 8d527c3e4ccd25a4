// A request's head as a stranger writes it, a line for each part, whoever it comes from. Nobody but
// a trusted proxy says who asks, and what is refused is said in JSON.
#include <array>
#include <nlohmann/json.hpp>

#include "fuzz_input.h"
#include "net/forwarded.h"
#include "net/http_rules.h"

namespace {

using namespace rtcpub::net;

std::string_view takeLine(std::string_view& rest) {
  const auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto trusted = *TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8", "fd00::/8"});
  auto rest = asText(data, size);
  std::array<std::string_view, 8> lines;
  for (auto& line : lines) line = takeLine(rest);
  const auto& [peer, target, host, origin, forwardedFor, forwardedHost, forwardedProto, text] =
      lines;
  RequestHead head{.method = "GET", .target = std::string(target), .headers = {}};
  head.headers.add("Host", host);
  if (!origin.empty()) head.headers.add("Origin", origin);
  head.headers.add("X-Forwarded-For", forwardedFor);
  head.headers.add("X-Forwarded-Host", forwardedHost);
  head.headers.add("X-Forwarded-Proto", forwardedProto);
  const auto remote = remoteAddress(peer);
  const auto request = describe(head, remote, trusted);
  require(trusted.contains(remote.text) || request.loopback == remote.loopback);
  (void)originProblem(request);
  (void)originAllowed(origin, host);
  require(nlohmann::json::accept(errorResponse(400, text).body));
  (void)TrustedProxies::parse({std::string(text)});
  return 0;
}
