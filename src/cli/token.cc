#include "rtcpub/token.h"

#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/duration.h"
#include "cli/output.h"
#include "cli/token_report.h"

namespace rtcpub::cli {
namespace {

struct TokenCommand {
  TokenOptions token;
  std::string server;  ///< empty: what the server has left in its data directory
  std::string dataDir;
  bool json = false;
  bool tokenOnly = false;
};

void print(const std::string& text, std::FILE* where) {
  std::fwrite(text.data(), 1, text.size(), where);
}

int makeToken(const TokenCommand& command) {
  const auto issuer = TokenIssuer::open(command.dataDir);
  if (!issuer) {
    complain(issuer.error().message);
    return 1;
  }
  const auto token = issuer->issue(command.token);
  if (!token) {
    complain(token.error().message);
    return 1;
  }
  // Elsewhere, a proxy has a certificate of its own; on this machine there is none.
  const bool pinned = command.server.empty() && !issuer->urls().empty() &&
                      issuer->urls().front().starts_with("https");
  const MadeToken made{
      .token = *token,
      .channels = command.token.channels,
      .rights = command.token.rights,
      .lifetime = command.token.lifetime,
      .name = command.token.name,
      .urls = command.server.empty() ? issuer->urls() : std::vector{consoleUrlOf(command.server)},
      .fingerprint = pinned ? issuer->fingerprint() : "",
      .keyFile = issuer->keyFile(),
      .keyIsNew = issuer->keyIsNew()};
  if (command.json) {
    print(tokenJson(made), stdout);
  } else if (command.tokenOnly) {
    print(*token + "\n", stdout);
    print(newKeyRemark(made), stderr);
  } else {
    print(tokenLines(made), stdout);
    print(tokenRemarks(made), stderr);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

void addWhatFor(CLI::App& sub, TokenOptions& token) {
  sub.add_option("--channel", token.channels,
                 "For these channels: names in which * stands for any characters. Several joined "
                 "by commas")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->required();
  sub.add_option_function<std::string>(
         "--rights",
         [&token](const std::string& text) {
           const auto rights = parseRights(text);
           if (!rights) throw CLI::ValidationError("--rights", rights.error().message);
           token.rights = *rights;
         },
         "What its owner may do there: publish, view, drive (and view), admin. Several joined by "
         "commas")
      ->type_name("RIGHTS")
      ->default_str("view");
  sub.add_option_function<std::string>(
         "--for",
         [&token](const std::string& text) {
           token.lifetime = parseDuration(text);
           if (token.lifetime || text == "ever") return;
           throw CLI::ValidationError("--for",
                                      "'" + text + "' is no time: write 90s, 15m, 8h, 7d, or ever");
         },
         "How long it holds: 90s, 15m, 8h, 7d, or ever")
      ->type_name("TIME")
      ->default_str("24h");
  sub.add_option("--name", token.name, "Whose it is, which the log and the console show")
      ->type_name("NAME");
}

}  // namespace

void addToken(CLI::App& sub, Chosen& chosen) {
  auto command = std::make_shared<TokenCommand>();
  addWhatFor(sub, command->token);
  sub.add_option_function<std::string>(
         "--server",
         [command](const std::string& text) {
           if (text.find("://") == std::string::npos || consoleUrlOf(text).empty()) {
             throw CLI::ValidationError(
                 "--server",
                 "'" + text + "' is no address: write https://HOST[:PORT], or wss://HOST[:PORT]");
           }
           command->server = text;
         },
         "Where its owner finds the server, for the link: https://HOST[:PORT], or "
         "wss://HOST[:PORT]. Without a port an https URL means 443, a wss URL 8267. "
         "Default: the addresses that the server printed when it was last started")
      ->type_name("URL");
  sub.add_option("--data-dir", command->dataDir,
                 "Where the server keeps its keys. Default: ~/.local/share/rtcpub")
      ->type_name("DIRECTORY");
  auto* const json = sub.add_flag("--json", command->json, "Print JSON");
  sub.add_flag("--token-only", command->tokenOnly, "Print the token alone, as for a file")
      ->excludes(json);
  sub.footer(
      "Makes a token with the key of a server on this machine, and prints it and the links to "
      "open. "
      "Whoever\nhas a link has its rights until it ends.\n\n"
      "Examples:\n"
      "  rtcpub token --channel car-1 --rights view,drive --for 8h --name Kim\n"
      "  rtcpub token --channel 'car-*' --rights view --for 15m --server https://robots.example\n"
      "  (umask 077; rtcpub token --channel car-1 --rights publish --for ever --token-only "
      ">car-1.token)");
  sub.callback([command, &chosen] { chosen = [command] { return makeToken(*command); }; });
}

}  // namespace rtcpub::cli
