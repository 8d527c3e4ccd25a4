#include "net/tcp_dialer.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/error.hpp>
#include <utility>

namespace rtcpub::net {
namespace {

constexpr std::chrono::milliseconds kHeadStart{250};

/// One address that is called.
struct Call {
  explicit Call(asio::io_context& context)
      : socket(std::make_shared<tcp::socket>(context)), limit(context) {}

  void giveUp() {
    late = true;
    error_code ignored;
    socket->close(ignored);
  }

  std::shared_ptr<tcp::socket> socket;
  asio::steady_timer limit;
  bool late = false;
};

}  // namespace

/// Kept alive by the calls that are under way.
struct TcpDialer::Calls : std::enable_shared_from_this<Calls> {
  explicit Calls(asio::io_context& theContext) : context(theContext), changed(theContext) {}

  void begin(const tcp::endpoint& endpoint, std::chrono::milliseconds limit) {
    auto call = std::make_shared<Call>(context);
    calls.push_back(call);
    call->limit.expires_after(limit);
    call->limit.async_wait([call](const error_code& error) {
      if (!error) call->giveUp();
    });
    ++underWay;
    call->socket->async_connect(
        endpoint, [self = shared_from_this(), call](const error_code& error) {
          call->limit.cancel();
          --self->underWay;
          self->onEnd(call->socket, call->late ? error_code(boost::beast::error::timeout) : error);
        });
  }

  void onEnd(const std::shared_ptr<tcp::socket>& socket, const error_code& error) {
    changed.cancel();
    if (!error && !outcome.socket) {
      outcome.socket = socket;
    } else if (error) {
      const bool refused = error == asio::error::connection_refused;
      // That a server refuses says more than that another address is silent.
      if (refused || !outcome.heard) outcome.error = error;
      outcome.heard |= refused;
    }
  }

  void cut() {
    over = true;
    changed.cancel();
    for (const auto& call : calls) {
      call->limit.cancel();
      error_code ignored;
      if (call->socket != outcome.socket) call->socket->close(ignored);
    }
  }

  asio::io_context& context;
  asio::steady_timer changed;  ///< cancelled by each call that ends
  std::vector<std::shared_ptr<Call>> calls;
  int underWay = 0;
  bool over = false;
  Outcome outcome{.socket = nullptr, .error = asio::error::host_not_found, .heard = false};
};

TcpDialer::TcpDialer(asio::io_context& context) : context_(context) {}

TcpDialer::~TcpDialer() { cut(); }

void TcpDialer::cut() {
  if (calls_) calls_->cut();
}

asio::awaitable<TcpDialer::Outcome> TcpDialer::connect(std::vector<tcp::endpoint> endpoints,
                                                       std::chrono::milliseconds limit) {
  const auto calls = calls_ = std::make_shared<Calls>(context_);
  for (std::size_t i = 0; i < endpoints.size() && !calls->outcome.socket && !calls->over; ++i) {
    calls->begin(endpoints[i], limit);
    // The last one waits for all; the others go on at once when all before have failed.
    const bool last = i + 1 == endpoints.size();
    calls->changed.expires_at(last ? asio::steady_timer::time_point::max()
                                   : asio::steady_timer::clock_type::now() + kHeadStart);
    while (calls->underWay > 0 && !calls->outcome.socket && !calls->over) {
      const auto [ended] = co_await calls->changed.async_wait(kAwait);
      if (!ended && !last) break;
    }
  }
  calls->cut();
  co_return calls->outcome;
}

std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& endpoints) {
  std::vector<tcp::endpoint> six;
  std::vector<tcp::endpoint> four;
  for (const auto& endpoint : endpoints) {
    (endpoint.address().is_v6() ? six : four).push_back(endpoint);
  }
  std::vector<tcp::endpoint> mixed;
  for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
    if (i < six.size()) mixed.push_back(six[i]);
    if (i < four.size()) mixed.push_back(four[i]);
  }
  return mixed;
}

}  // namespace rtcpub::net
