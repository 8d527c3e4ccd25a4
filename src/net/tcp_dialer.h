#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "net/asio.h"

namespace rtcpub::net {

/// Connects to whichever of a host's addresses answers first: one after the other is called, the
/// next when the one before fails or is silent for a quarter of a second (RFC 8305 section 5), so
/// that one dead way delays no other. Runs on: the loop's thread.
class TcpDialer {
 public:
  explicit TcpDialer(asio::io_context& context);
  /// What is under way ends.
  ~TcpDialer();

  struct Outcome {
    std::shared_ptr<tcp::socket> socket;  ///< null when all failed
    error_code error;                     ///< the one that says most
    bool heard = false;                   ///< an address refused: something is there
  };
  /// `limit` is for each. Await it to the end before the dialer goes.
  asio::awaitable<Outcome> connect(std::vector<tcp::endpoint> endpoints,
                                   std::chrono::milliseconds limit);
  /// Lets connect() end at once.
  void cut();

 private:
  struct Calls;
  asio::io_context& context_;
  std::shared_ptr<Calls> calls_;
};

/// As looked up, but IPv6 and IPv4 in turn (RFC 8305 section 4).
std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& endpoints);

}  // namespace rtcpub::net
