#include "net/pending_answer.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace rtcpub::net {

struct PendingAnswer::State {
  explicit State(const asio::any_io_executor& executor) : wake(executor) {}

  void give(HttpResponse answer) {
    if (response) return;
    response = std::move(answer);
    wake.cancel();
  }

  std::optional<HttpResponse> response;
  bool cancelled = false;
  asio::steady_timer wake;
};

/// What copies of a Respond share.
struct PendingAnswer::Promise {
  explicit Promise(std::weak_ptr<State> promised) : state(std::move(promised)) {}
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;
  ~Promise() { give(errorResponse(500, "internal error")); }

  void give(HttpResponse answer) const {
    if (const auto waiting = state.lock()) waiting->give(std::move(answer));
  }

  std::weak_ptr<State> state;
};

PendingAnswer::PendingAnswer(const asio::any_io_executor& executor)
    : state_(std::make_shared<State>(executor)) {}

Respond PendingAnswer::respond() {
  return [promise = std::make_shared<Promise>(state_)](HttpResponse answer) {
    promise->give(std::move(answer));
  };
}

asio::awaitable<std::optional<HttpResponse>> PendingAnswer::wait(std::chrono::milliseconds limit) {
  const auto state = state_;
  if (!state->response && !state->cancelled) {
    state->wake.expires_after(limit);
    co_await state->wake.async_wait(kAwait);
  }
  if (state->cancelled) co_return std::nullopt;
  if (state->response) co_return std::move(state->response);
  auto late = errorResponse(503, "there is no answer yet; try again");
  late.headers.emplace_back("Retry-After", "1");
  co_return late;
}

void PendingAnswer::cancel() {
  state_->cancelled = true;
  state_->wake.cancel();
}

}  // namespace rtcpub::net
