#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/control_lines.h"
#include "cli/control_log.h"
#include "cli/data_lines.h"
#include "rtcpub/control.h"
#include "rtcpub/publisher.h"

namespace rtcpub::cli {

/// What a robot's program is told of control.
struct ControlCommand {
  bool wanted = false;
  ControlOptions options;
  std::string logFile;  ///< empty: none
  /// What means something only when it is wanted.
  std::vector<const CLI::Option*> details;
};

/// `--control` and what belongs to it.
void addControlOptions(CLI::App& command, ControlCommand& control);

/// Throws CLI::RequiresError when a detail was given and control isn't wanted.
void checkControl(const ControlCommand& control);

/// With the data channel on which old programs drive, if there is none of that label.
ChannelDescriptions withMotionChannel(ChannelDescriptions channels, const ControlCommand& control);

/// A publisher's gate, with its record and what is printed of it. It is to live longer than the
/// publisher: then it tells of the end, too.
class GateAtWork {
 public:
  /// Before run(). `output`: prints what passes the gate; null: doesn't.
  Result<void> begin(Publisher& publisher, const ControlCommand& command, Output* output);
  /// Nothing when there is none.
  [[nodiscard]] const std::optional<Control>& control() const { return control_; }

 private:
  std::optional<Control> control_;
  std::optional<ControlLog> log_;
  std::optional<ControlPrinter> printer_;
};

}  // namespace rtcpub::cli
