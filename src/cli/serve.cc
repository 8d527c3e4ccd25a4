#include <memory>

#include "cli/command.h"
#include "cli/duration.h"
#include "cli/file_limit.h"
#include "cli/hangup_signal.h"
#include "cli/output.h"
#include "cli/server_options.h"
#include "cli/stop_signal.h"

namespace rtcpub::cli {
namespace {

struct ServeCommand {
  ServerCommand server;
  bool printTokens = false;
};

/// Tokens for every channel, to try the server out with.
Result<Announcement> tokensFor(const Server& server) {
  if (!server.asksForTokens()) {
    complain("there are no tokens to print: the server lets in everybody who can reach it");
    return Announcement();
  }
  const TokenOptions view{.channels = {"*"}, .rights = Right::kView};
  const TokenOptions publish{.channels = {"*"}, .rights = Right::kPublish};
  const auto viewing = server.makeToken(view);
  if (!viewing) return tl::unexpected(viewing.error());
  const auto publishing = server.makeToken(publish);
  if (!publishing) return tl::unexpected(publishing.error());
  const std::string life = " for " + formatDuration(*view.lifetime);
  return Announcement{.links = {{"to watch every channel" + life, *viewing}},
                      .publish = {"to publish in every channel" + life, *publishing}};
}

int serve(const ServeCommand& command) {
  const StopSignal stop(kServerPatience);
  raiseFileLimit();
  auto server = Server::create(command.server.server);
  if (!server) {
    complain(server.error().message);
    return 1;
  }
  Result<Announcement> more;
  if (command.printTokens) more = tokensFor(*server);
  if (!more) {
    complain(more.error().message);
    return 1;
  }
  announce(*server, command.server, *more);
  const HangupSignal hangup([&] { readAgain(*server); });
  if (auto outcome = server->run(stop.token()); !outcome) {
    complain(outcome.error().message);
    return 1;
  }
  return 0;
}

}  // namespace

void addServe(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<ServeCommand>();
  addServerOptions(sub, command->server);
  sub.add_flag("--print-tokens", command->printTokens,
               "Print links to watch, and a token to publish, in every channel for 24 hours: to "
               "try the server out");
  sub.footer(
      "Examples:\n"
      "  rtcpub serve --listen 0.0.0.0\n"
      "  rtcpub serve --listen 0.0.0.0 --print-tokens\n"
      "  rtcpub serve --listen 0.0.0.0 --tls-cert fullchain.pem --tls-key privkey.pem\n"
      "  rtcpub serve --listen 0.0.0.0 --token-key login-service.pem");
  sub.callback([command, &chosen] { chosen = [command] { return serve(*command); }; });
}

}  // namespace rtcpub::cli
