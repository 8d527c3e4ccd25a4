#include "net/http_service.h"

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "core/text/redact.h"
#include "log/log.h"

namespace rtcpub::net {

namespace {

constexpr std::size_t kMaxDrainedBytes = 1U << 20U;
constexpr std::chrono::seconds kWriteLimit{60};
constexpr std::chrono::seconds kFarewellLimit{1};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

ResponseForm formFor(const RequestHead& head) {
  return {.version = head.version, .headOnly = head.method == "HEAD"};
}

HttpResponse internalError(const HttpRequest& request, const std::exception& error) {
  log().error("answering {} failed: {}", redactTarget(request.target), error.what());
  return errorResponse(500, "internal error");
}

}  // namespace

HttpService::HttpService(std::shared_ptr<ServerContext> server, Connections::Id id,
                         ByteStream stream, Ends ends)
    : server_(std::move(server)),
      id_(id),
      stream_(std::move(stream)),
      ends_(std::move(ends)),
      webSocket_(server_, id, stream_) {}

asio::awaitable<void> HttpService::serve(RequestReader& reader, bool welcome) {
  bool more = true;
  while (more) {
    if (reader.received().empty()) {
      server_->connections.reached(id_, Phase::kIdle);
      const error_code error = co_await reader.ready();
      if (error == asio::error::eof) break;
      if (error) co_return;
    }
    server_->connections.reached(id_, Phase::kAsking);
    more = co_await serveOne(reader, welcome);
  }
  stream_.expireAfter(kFarewellLimit);
  co_await stream_.shutDown(kMaxDrainedBytes);
}

void HttpService::stop() {
  if (!webSocket_.close(CloseCode::kGoingAway, "the server stops")) cut();
}

void HttpService::cut() {
  if (pending_ != nullptr) pending_->cancel();
  stream_.close();
}

HttpService::GoesOn HttpService::serveOne(RequestReader& reader, bool welcome) {
  const auto head = co_await reader.readHead();
  if (!head) {
    const auto& [error, refusal] = head.error();
    if (!refusal) co_return false;
    log().debug("{}: bad request: {}", ends_.remote.text, error.message());
    co_return co_await answer(*refusal, {});
  }
  const ResponseForm form = formFor(*head);
  if (const auto problem = headProblem(*head)) co_return co_await answer(*problem, form);
  if (!welcome) {
    const auto refusal = errorResponse(400, "this port speaks TLS: use https:// or wss://");
    co_return co_await answer(refusal, form);
  }
  HttpRequest request = describe(*head);
  if (log().should_log(spdlog::level::debug)) {
    log().debug("{} {} {}", request.remoteAddress, request.method, redactTarget(request.target));
  }
  if (const auto refusal = refuse(request)) co_return co_await answer(*refusal, form);
  if (asksForWebSocket(*head)) co_return co_await serveWebSocket(*head, request);
  co_return co_await serveRoute(reader, *head, std::move(request));
}

HttpService::GoesOn HttpService::serveRoute(RequestReader& reader, const RequestHead& head,
                                            HttpRequest request) {
  ResponseForm form = formFor(head);
  auto found = server_->routes.find(request.method, request.path());
  if (!found) {
    // A body that nobody wants isn't read.
    form.keepAlive = head.keepAlive && !head.hasBody();
    co_return co_await answer(found.error(), form);
  }
  auto body = co_await readBody(reader, head, found->route->maxBodyBytes);
  if (!body) {
    if (!body.error().answer) co_return false;
    co_return co_await answer(*body.error().answer, form);
  }
  request.body = *std::move(body);
  request.segment = std::move(found->segment);
  const auto response = co_await ask(*found->route, request);
  if (!response) co_return false;
  form.keepAlive = head.keepAlive;
  co_return co_await answer(*response, form);
}

HttpService::GoesOn HttpService::serveWebSocket(const RequestHead& head,
                                                const HttpRequest& request) {
  auto acceptance = admit(request);
  if (!acceptance) {
    ResponseForm form = formFor(head);
    form.keepAlive = head.keepAlive;
    co_return co_await answer(acceptance.error(), form);
  }
  co_await webSocket_.serve(head, request.remoteAddress, *std::move(acceptance));
  co_return false;
}

asio::awaitable<tl::expected<std::string, Unread>> HttpService::readBody(RequestReader& reader,
                                                                         const RequestHead& head,
                                                                         std::size_t most) {
  const bool wanted = head.contentLength.value_or(0) <= most;
  if (wanted && waitsWithBody(head) && reader.received().empty()) {
    if (const error_code error = co_await stream_.writeAll(kContinue)) {
      co_return tl::unexpected(Unread{error, std::nullopt});
    }
  }
  co_return co_await reader.readBody(most);
}

/// Nothing when the connection is cut meanwhile.
asio::awaitable<std::optional<HttpResponse>> HttpService::ask(const Route& route,
                                                              const HttpRequest& request) {
  PendingAnswer pending(stream_.get_executor());
  std::optional<HttpResponse> failure;
  try {
    route.handle(request, pending.respond());
  } catch (const std::exception& error) {
    failure = internalError(request, error);
  }
  if (failure) co_return failure;
  pending_ = &pending;
  auto response = co_await pending.wait(server_->options.answerLimit);
  pending_ = nullptr;
  co_return response;
}

HttpService::GoesOn HttpService::answer(const HttpResponse& response, ResponseForm form) {
  using std::chrono::system_clock;
  server_->connections.answered(response.status);
  const std::string text =
      formatResponse(response, form, system_clock::to_time_t(system_clock::now()));
  stream_.expireAfter(kWriteLimit);
  const error_code error = co_await stream_.writeAll(text);
  stream_.expireAfter(server_->options.keepAliveLimit);
  co_return !error && form.keepAlive;
}

HttpRequest HttpService::describe(const RequestHead& head) const {
  auto request = net::describe(head, ends_.remote, server_->trusted);
  request.localAddress = ends_.local;
  return request;
}

/// Why it isn't served at all, whatever it asks for.
std::optional<HttpResponse> HttpService::refuse(const HttpRequest& request) {
  if (const auto problem = hostProblem(request, server_->names); !problem.empty()) {
    return refuseOtherSite(request, problem);
  }
  if (const auto problem = crossSiteProblem(request); !problem.empty()) {
    return refuseOtherSite(request, problem);
  }
  return std::nullopt;
}

tl::expected<WebSocketAcceptance, HttpResponse> HttpService::admit(const HttpRequest& request) {
  if (request.browser) {
    const auto problem = originProblem(request);
    if (!problem.empty()) return tl::unexpected(refuseOtherSite(request, problem));
  }
  const auto problem = server_->connections.webSocketProblem(request.remoteAddress);
  if (!problem.empty()) {
    HttpResponse refusal = errorResponse(503, problem);
    refusal.headers.emplace_back("Retry-After", "10");
    return tl::unexpected(std::move(refusal));
  }
  try {
    return server_->handlers.webSocket(request);
  } catch (const std::exception& error) {
    return tl::unexpected(internalError(request, error));
  }
}

HttpResponse HttpService::refuseOtherSite(const HttpRequest& request, const std::string& problem) {
  server_->otherSites.warn(request.remoteAddress + ": " + problem, monotonicNow());
  return errorResponse(403, problem);
}

}  // namespace rtcpub::net
