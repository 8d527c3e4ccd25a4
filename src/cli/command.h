#pragma once

#include <CLI/App.hpp>
#include <functional>

/// The subcommands: each adds its options to its place in the program, `sub`, and says in `chosen`
/// what to run when it was picked. Only program.cc makes places and parses: that takes the whole of
/// CLI11, twice as long to compile as the part that declaring options takes.
namespace rtcpub::cli {

using Chosen = std::function<int()>;

void addPublish(CLI::App& sub, Chosen& chosen);
void addSubscribe(CLI::App& sub, Chosen& chosen);
void addDrive(CLI::App& sub, Chosen& chosen);
void addServe(CLI::App& sub, Chosen& chosen);
void addDemo(CLI::App& sub, Chosen& chosen);
void addCar(CLI::App& sub, Chosen& chosen);
void addToken(CLI::App& sub, Chosen& chosen);
void addDevices(CLI::App& sub, Chosen& chosen);
void addDoctor(CLI::App& sub, Chosen& chosen);
void addConfig(CLI::App& sub, Chosen& chosen);

}  // namespace rtcpub::cli
