#pragma once

#include <CLI/CLI.hpp>
#include <functional>

/// The subcommands: each adds its options to the program and says in `chosen` what to run when it
/// was picked.
namespace rtcpub::cli {

using Chosen = std::function<int()>;

void addPublish(CLI::App& program, Chosen& chosen);
void addSubscribe(CLI::App& program, Chosen& chosen);
void addServe(CLI::App& program, Chosen& chosen);
void addDemo(CLI::App& program, Chosen& chosen);
void addDevices(CLI::App& program, Chosen& chosen);
void addDoctor(CLI::App& program, Chosen& chosen);

}  // namespace rtcpub::cli
