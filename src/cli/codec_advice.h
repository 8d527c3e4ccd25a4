#pragma once

#include <functional>
#include <string>
#include <thread>

#include "rtcpub/publisher.h"
#include "rtcpub/state.h"
#include "rtcpub/stats.h"
#include "rtcpub/subscriber.h"
#include "rtcpub/subscription.h"

namespace rtcpub::cli {

/// What to type so that viewers see what they don't see now; empty when nothing helps.
std::string adviceTo(const PublisherOptions& publishing, const CodecMismatch& mismatch);
std::string adviceTo(const SubscriberOptions& subscribing, const CodecMismatch& mismatch);

/// Complains once, each time that a codec begins to keep the picture back.
/// Runs on: a thread of its own.
class MismatchPrinter {
 public:
  MismatchPrinter(Subscription<StateChange> states, std::function<Stats()> stats,
                  std::function<std::string(const CodecMismatch&)> advice);

 private:
  std::jthread thread_;
};

}  // namespace rtcpub::cli
