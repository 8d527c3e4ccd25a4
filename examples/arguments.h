#pragma once

#include <rtcpub/rtcpub.h>

#include <cstdlib>
#include <iostream>
#include <string>

/// What all examples take: SERVER CHANNEL [CA_FILE], and a token in the environment, where other
/// users of the machine can't read it. Without SERVER and CHANNEL it prints the usage and ends the
/// program.
template <class Options>
Options readArguments(int argc, char** argv, const std::string& more = "") {
  if (argc < 3) {
    std::cerr << "usage: [RTCPUB_TOKEN=…] " << argv[0] << " SERVER CHANNEL [CA_FILE" << more
              << "]\n";
    std::exit(2);
  }
  Options options;
  options.server = argv[1];
  options.channel = argv[2];
  options.caFile = argc > 3 ? argv[3] : "";
  if (const char* token = std::getenv("RTCPUB_TOKEN")) options.token = token;
  return options;
}

/// Prints why something failed; the program's exit code.
inline int fail(const rtcpub::Error& error) {
  std::cerr << rtcpub::escaped(error.message) << "\n";
  return 1;
}
