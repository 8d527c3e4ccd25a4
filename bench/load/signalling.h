#pragma once

#include <memory>
#include <string>

#include "core/address/server_url.h"
#include "core/spider/message.h"
#include "rtcpub/result.h"

namespace rtcpub::bench {

/// The clients' WebSockets: each is opened and asks for its answer synchronously; then it is kept
/// open, and what comes is thrown away.
///
/// Runs on: any one thread; a thread of its own reads the open sockets.
class Signalling {
 public:
  /// `token`: with all rights in all channels; empty: the server asks for none.
  Signalling(ServerUrl server, std::string token);
  ~Signalling();

  /// Returns the answer's SDP. Errors: kIo, kProtocol (what the server says against the offer).
  Result<std::string> join(const spider::ConnectRequest& request, const std::string& offer);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rtcpub::bench
