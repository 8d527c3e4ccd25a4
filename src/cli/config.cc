#include "cli/command.h"

namespace rtcpub::cli {

/// Only its help: main() takes this word away and reads the rest as the command line that is asked
/// about.
void addConfig(CLI::App& sub, Chosen&) {
  sub.footer(
      "rtcpub config [SUBCOMMAND [ITS OPTIONS]] prints, as a file for --config, what the "
      "subcommand, or\neach, would run with. # stands before what is default, not set, or a "
      "secret.\n\n"
      "Examples:\n"
      "  rtcpub config\n"
      "  rtcpub config serve --config /etc/rtcpub.toml\n"
      "  rtcpub config publish --server wss://robots.example --channel car-1 --video v4l2: \\\n"
      "      > rtcpub.toml");
}

}  // namespace rtcpub::cli
