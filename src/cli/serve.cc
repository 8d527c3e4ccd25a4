#include <memory>

#include "cli/command.h"
#include "cli/file_limit.h"
#include "cli/hangup_signal.h"
#include "cli/output.h"
#include "cli/server_options.h"
#include "cli/stop_signal.h"

namespace rtcpub::cli {
namespace {

int serve(const ServerCommand& command) {
  const StopSignal stop(kServerPatience);
  raiseFileLimit();
  auto server = Server::create(command.server);
  if (!server) {
    complain(server.error().message);
    return 1;
  }
  announce(*server, command, "/");
  const HangupSignal hangup([&] { reloadCertificate(*server); });
  if (auto outcome = server->run(stop.token()); !outcome) {
    complain(outcome.error().message);
    return 1;
  }
  return 0;
}

}  // namespace

void addServe(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<ServerCommand>();
  addServerOptions(sub, *command);
  sub.footer(
      "Examples:\n"
      "  rtcpub serve --listen 0.0.0.0\n"
      "  rtcpub serve --listen 0.0.0.0 --tls-cert fullchain.pem --tls-key privkey.pem");
  sub.callback([command, &chosen] { chosen = [command] { return serve(*command); }; });
}

}  // namespace rtcpub::cli
