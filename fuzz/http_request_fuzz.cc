// A request as a stranger writes it: method, target and headers, a line each. Which route takes it,
// what its token is, and that no log shows it.
#include <nlohmann/json.hpp>

#include "core/text/redact.h"
#include "core/text/text.h"
#include "fuzz_input.h"
#include "net/bearer_token.h"
#include "net/forwarded.h"
#include "net/http_response.h"
#include "net/http_rules.h"
#include "net/routes.h"

namespace {

using namespace rtcpub;
using namespace rtcpub::net;

RequestHead headOf(std::string_view input) {
  RequestHead head;
  std::optional<std::string_view> rest = input;
  for (std::size_t line = 0; rest; ++line) {
    const auto [text, others] = text::splitAt(*rest, '\n');
    rest = others;
    const auto [name, value] = text::splitAt(text, ':');
    if (line == 0) {
      head.method = text;
    } else if (line == 1) {
      head.target = text;
    } else {
      head.headers.add(name, value.value_or(""));
    }
  }
  return head;
}

void checkRoutes(const HttpRequest& request) {
  static const Routes kRoutes({{.method = "GET", .pattern = "/", .handle = {}},
                               {.method = "GET", .pattern = "/api/channels", .handle = {}},
                               {.method = "POST", .pattern = "/api/members/*/remove", .handle = {}},
                               {.method = "DELETE", .pattern = "/whip/*", .handle = {}}});
  const auto found = kRoutes.find(request.method, request.path());
  if (found) {
    require(found->route->method == request.method);
    require(!text::hasControl(found->segment));
    require(found->segment.empty() == (found->route->pattern.find('*') == std::string::npos));
    return;
  }
  const HttpResponse& refusal = found.error();
  require(refusal.status == 404 || refusal.status == 405 || refusal.status == 501 ||
          refusal.status == 204);
  require(refusal.body.empty() || nlohmann::json::accept(refusal.body));
  const std::string answer = formatResponse(refusal, {}, 0);
  const std::string_view head = std::string_view(answer).substr(0, answer.find("\r\n\r\n"));
  require(answer.size() == head.size() + 4 + refusal.body.size());
}

void checkToken(const HttpRequest& request) {
  const auto found = bearerToken(request);
  require(found.subprotocol.empty() || found.subprotocol == kSubprotocol);
  constexpr std::string_view kSecret = "Zq9-Zq9-Zq9";
  if (request.target.find(kSecret) != std::string::npos) return;
  const bool hasQuery = request.target.find('?') != std::string::npos;
  const std::string target = request.target + (hasQuery ? "&" : "?") + "token=";
  require(redactTarget(target + std::string(kSecret)).find(kSecret) == std::string::npos);
  require(redact(target + std::string(kSecret)).find(kSecret) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto trusted = *TrustedProxies::parse({"127.0.0.1"});
  const RequestHead head = headOf(asText(data, size));
  (void)asksForWebSocket(head);
  (void)waitsWithBody(head);
  const auto problem = headProblem(head);
  require(!problem || nlohmann::json::accept(problem->body));
  const auto request = describe(head, remoteAddress("127.0.0.1"), trusted);
  require(request.method != "HEAD");
  (void)hostProblem(request, {"robot.example"});
  require(crossSiteProblem(request).empty() || request.browser);
  require(originProblem(request).empty() || request.browser);
  checkRoutes(request);
  checkToken(request);
  return 0;
}
