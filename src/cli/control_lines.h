#pragma once

#include <string>
#include <thread>

#include "cli/output.h"
#include "rtcpub/control.h"
#include "rtcpub/subscription.h"

namespace rtcpub::cli {

/// `:control {…}`
std::string controlLine(const ControlOutput& output);

/// Prints what passes a gate, and neutral when that ends. What passes is printed as SpiderCar's
/// messages, too, where messages are printed; of these it prints the last, since in the end nobody
/// else does.
/// Runs on: a thread of its own, until the publisher has ended.
class ControlPrinter {
 public:
  ControlPrinter(Subscription<ControlOutput> outputs, std::string motionLabel, Output& output);

 private:
  std::jthread thread_;
};

}  // namespace rtcpub::cli
