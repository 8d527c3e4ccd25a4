#include "cli/server_options.h"

#include <cstdio>
#include <string>

#include "cli/output.h"

namespace rtcpub::cli {
void addServerOptions(CLI::App& command, ServerOptions& options) {
  command
      .add_option("--listen", options.listen,
                  "The TCP port of signalling, console and API: ADDRESS:PORT, ADDRESS or PORT")
      ->capture_default_str();
  command.add_option("--media-port", options.mediaPort, "The UDP port of all media and data")
      ->capture_default_str();
  command
      .add_option(
          "--public-ip", options.publicIps,
          "An address to tell clients instead of this machine's own; may be given several times")
      ->allow_extra_args(false);
  command
      .add_option("--trust-proxy", options.trustedProxies,
                  "A reverse proxy's address or network, as 127.0.0.1 or 10.0.0.0/8, several "
                  "joined by commas: its X-Forwarded-For, -Host and -Proto are believed")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--tls-cert", options.tlsCertFile,
                     "The certificate chain, PEM; without it a self-signed one is made and kept");
  command.add_option("--tls-key", options.tlsKeyFile, "The certificate's private key, PEM");
  command.add_option("--data-dir", options.dataDir,
                     "Where the self-signed certificate is kept (~/.local/share/rtcpub)");
}

void announce(const Server& server) {
  std::printf("listening on TCP port %u (signalling, console, API) and UDP port %u (media)\n",
              server.port(), server.mediaPort());
  std::printf("certificate %s\n  SHA-256 %s\n", server.certificateFile().c_str(),
              server.fingerprint().c_str());
  for (const std::string& warning : server.warnings()) complain("WARNING: " + warning);
  std::fflush(stdout);
}

}  // namespace rtcpub::cli
