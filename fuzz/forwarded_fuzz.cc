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
  const RequestHead head{.method = "GET",
                         .target = target,
                         .host = host,
                         .origin = origin.empty() ? std::nullopt : std::optional(origin),
                         .forwardedFor = std::string(forwardedFor),
                         .forwardedHost = std::string(forwardedHost),
                         .forwardedProto = std::string(forwardedProto)};
  const auto remote = remoteAddress(peer);
  const auto request = describe(head, remote, trusted);
  require(trusted.contains(remote.text) || request.loopback == remote.loopback);
  (void)originProblem(origin, request);
  (void)originAllowed(origin, host);
  require(nlohmann::json::accept(errorResponse(400, text).body));
  (void)TrustedProxies::parse({std::string(text)});
  return 0;
}
