#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "net/asio.h"
#include "net/routes.h"

namespace rtcpub::net {

/// An answer that a handler gives now or later. It may outlive those who wait for it. Runs on: the
/// loop's thread.
class PendingAnswer {
 public:
  explicit PendingAnswer(const asio::any_io_executor& executor);

  /// For the handler; call it once.
  Respond respond();
  /// The answer: another one (503) when it takes longer than `limit`; none when cancelled.
  asio::awaitable<std::optional<HttpResponse>> wait(std::chrono::milliseconds limit);
  /// Nobody wants it any more.
  void cancel();

 private:
  struct State;
  struct Promise;
  std::shared_ptr<State> state_;
};

}  // namespace rtcpub::net
