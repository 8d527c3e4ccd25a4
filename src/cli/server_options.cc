#include "cli/server_options.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "cli/announcement.h"
#include "cli/output.h"
#include "cli/qr_code.h"

namespace rtcpub::cli {

namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// A QR code, if this is a terminal on which it can be seen whole.
std::string qrCodeFor(const std::string& url) {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  const auto code = makeQrCode(url);
  if (!code || size.ws_col < code->columns || size.ws_row < code->rows) return {};
  return code->text;
}

void addAccessOptions(CLI::App& command, ServerOptions& options) {
  auto* const keys =
      command
          .add_option("--token-key", options.tokenKeyFiles,
                      "Let in, too, who has a token that somebody else's service has signed: its "
                      "public key, PEM (RSA or P-256). May be given several times")
          ->type_name("FILE")
          ->allow_extra_args(false);
  command
      .add_option("--audience", options.audience,
                  "Whom tokens must be for (aud), where one service signs for several. Default: "
                  "rtcpub")
      ->type_name("NAME");
  command
      .add_flag("--open", options.open,
                "Let in everybody who can reach the server. Default: who has a token, unless it "
                "is for this machine alone")
      ->excludes(keys);
}

}  // namespace

void addServerOptions(CLI::App& command, ServerCommand& chosen) {
  ServerOptions& options = chosen.server;
  command.option_defaults()->group("Server");
  command
      .add_option("--listen", options.listen,
                  "TCP address for signalling, console and API: ADDRESS:PORT, ADDRESS or PORT; "
                  "0.0.0.0 is all of this machine's")
      ->type_name("ADDRESS")
      ->capture_default_str();
  command.add_option("--media-port", options.mediaPort, "UDP port for all media and data")
      ->type_name("PORT")
      ->capture_default_str();
  command
      .add_option("--public-ip", options.publicIps,
                  "Announce this address to clients instead of this machine's own, as behind a "
                  "cloud's NAT. May be given several times")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command
      .add_option(
          "--name", options.names,
          "A name or address by which clients call this server: it goes into the self-signed "
          "certificate, and --tls-cert is checked for it. Several joined by commas")
      ->type_name("NAMES")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--trust-proxy", options.trustedProxies,
                  "Believe the X-Forwarded-For, -Host and -Proto headers of this reverse proxy: "
                  "addresses or networks, as 127.0.0.1,10.0.0.0/8")
      ->type_name("ADDRESSES")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--tls-cert", options.tlsCertFile,
                  "Certificate chain, PEM. Default: a self-signed certificate, made at the first "
                  "start")
      ->type_name("FILE");
  command.add_option("--tls-key", options.tlsKeyFile, "Private key of --tls-cert, PEM")
      ->type_name("FILE");
  command
      .add_option("--data-dir", options.dataDir,
                  "Where to keep the self-signed certificate and the key of tokens. Default: "
                  "~/.local/share/rtcpub")
      ->type_name("DIRECTORY");
  addAccessOptions(command, options);
  command
      .add_option("--allow-embedding", options.embeddingOrigins,
                  "Let pages of this origin have the console in a frame, as https://example.com. "
                  "May be given several times. Default: nobody's")
      ->type_name("ORIGIN")
      ->allow_extra_args(false);
  command.add_flag("!--no-qr", chosen.qrCode,
                   "Draw no QR code of the console's address on the terminal");
}

void announce(const Server& server, const ServerCommand& command, const Announcement& more) {
  const Announced announced{.port = server.port(),
                            .mediaPort = server.mediaPort(),
                            .certificateFile = server.certificateFile(),
                            .certificateFingerprint = server.certificateFingerprint(),
                            .fingerprint = server.fingerprint(),
                            .selfSigned = server.selfSigned(),
                            .localUrl = server.localUrl(),
                            .consoleUrl = server.consoleUrl(),
                            .publicUrls = server.publicUrls(),
                            .asksForTokens = server.asksForTokens(),
                            .dataDir = command.server.dataDir,
                            .more = more};
  print(describeListening(announced));
  if (const auto change = server.certificateChange(); !change.empty()) complain(change);
  for (const std::string& warning : server.warnings()) complain("WARNING: " + warning);
  print(describeAccess(announced));
  if (command.qrCode && !announced.publicUrls.empty()) {
    print(qrCodeFor(bestLink(announced)));
  }
}

void readAgain(Server& server) {
  const auto warnings = server.reloadCertificate();
  if (!warnings) {
    complain("the certificate stays what it was, since it can't be read again: " +
             warnings.error().message);
  } else {
    complain("read the certificate again: SHA-256 " + server.certificateFingerprint());
    if (const auto change = server.certificateChange(); !change.empty()) complain(change);
    for (const std::string& warning : *warnings) complain("WARNING: " + warning);
  }
  if (!server.asksForTokens()) return;
  const auto keys = server.reloadKeys();
  complain(keys ? "read the keys of tokens again"
                : "the keys of tokens stay what they were, since they can't be read again: " +
                      keys.error().message);
}

}  // namespace rtcpub::cli
