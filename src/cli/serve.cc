#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/server_options.h"
#include "cli/stop_signal.h"

namespace rtcpub::cli {
namespace {

int serve(const ServerOptions& options) {
  const StopSignal stop;
  auto server = Server::create(options);
  if (!server) {
    complain(server.error().message);
    return 1;
  }
  announce(*server);
  std::printf("console %s/\n", server->consoleUrl().c_str());
  std::fflush(stdout);
  if (auto outcome = server->run(stop.token()); !outcome) {
    complain(outcome.error().message);
    return 1;
  }
  return 0;
}

}  // namespace

void addServe(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<ServerOptions>();
  CLI::App* sub =
      program.add_subcommand("serve", "Run the Spider-compatible server with its web console");
  addServerOptions(*sub, *options);
  sub->footer(
      "Example:\n"
      "  rtcpub serve --listen 0.0.0.0:8267 --tls-cert fullchain.pem --tls-key privkey.pem");
  sub->callback([options, &chosen] { chosen = [options] { return serve(*options); }; });
}

}  // namespace rtcpub::cli
