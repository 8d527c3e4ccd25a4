#include "cli/control_lines.h"

#include <utility>

#include "cli/data_lines.h"

namespace rtcpub::cli {
namespace {

void print(Subscription<ControlOutput>& outputs, const std::string& motionLabel, Output& output) {
  bool moved = false;
  while (const auto next = outputs.get()) {
    // What waited for this program isn't in force any more; what ended it comes right behind.
    if (next->until && monotonicNow() >= *next->until) continue;
    moved = moved || !next->neutral;
    output.line(controlLine(*next));
  }
  if (!moved || motionLabel.empty()) return;
  for (const char* key : {"forward", "left"}) {
    output.line(dataLine(motionLabel,
                         Message(R"({"motion":{"key":")" + std::string(key) + R"(","value":0}})")));
  }
}

}  // namespace

std::string controlLine(const ControlOutput& output) { return ":control " + toJson(output); }

ControlPrinter::ControlPrinter(Subscription<ControlOutput> outputs, std::string motionLabel,
                               Output& output)
    : thread_([outputs = std::move(outputs), motionLabel = std::move(motionLabel),
               &output]() mutable { print(outputs, motionLabel, output); }) {}

}  // namespace rtcpub::cli
