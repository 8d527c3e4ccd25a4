#include "cli/options.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <vector>

#include "cli/output.h"
#include "cli/secret.h"
#include "cli/secret_files.h"

namespace rtcpub::cli {
namespace {

constexpr double kLongestRetry = 1e9;  // seconds: thirty years

std::string tokenIn(const std::string& path) {
  auto token = secretIn("--token-file", path);
  if (token.find("://") != std::string::npos) {
    throw CLI::ValidationError(
        "--token-file", path + " holds a link: the token is only what follows #token= in it");
  }
  return token;
}

void addTokenOptions(CLI::App& command, ConnectionOptions& options) {
  auto* token = secret(command.add_option("--token", options.token, "The token itself"));
  command
      .add_option_function<std::string>(
          "--token-file", [&options](const std::string& path) { options.token = tokenIn(path); },
          "A file with the token that lets in, where the server asks for one: 'rtcpub token' makes "
          "it. Nobody else may read the file (chmod 600). Or RTCPUB_TOKEN")
      ->type_name("FILE")
      ->excludes(token);
}

void addIceOptions(CLI::App& command, ConnectionOptions& options) {
  auto* servers = command
                      .add_option("--ice", options.iceServers,
                                  "Also use this STUN or TURN server: stun:HOST[:PORT], "
                                  "turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp] or turns:…. "
                                  "May be given several times; most networks need none")
                      ->type_name("SERVER")
                      ->allow_extra_args(false);
  command
      .add_option_function<std::string>(
          "--ice-file",
          [&options](const std::string& path) {
            options.iceServers = secretLinesIn("--ice-file", path);
          },
          "Instead of --ice, whose passwords others on this machine can read: a file with one "
          "server a line, which nobody else may read (chmod 600). Or RTCPUB_ICE")
      ->type_name("FILE")
      ->excludes(servers);
  command.add_flag("--relay-only", options.relayOnly,
                   "Send media only through the TURN servers of --ice or --ice-file");
}

}  // namespace

void addConnectionOptions(CLI::App& command, ConnectionOptions& options) {
  command.option_defaults()->group("Connection");
  command
      .add_option("--server", options.server,
                  "The server: wss://HOST[:PORT], or ws:// on the server's own machine; port 8267 "
                  "unless given")
      ->type_name("URL")
      ->required();
  command
      .add_option("--channel", options.channel, "The channel's name: 1 to 64 of A-Z a-z 0-9 _ -")
      ->type_name("NAME")
      ->required();
  addTokenOptions(command, options);
  addIceOptions(command, options);
  auto* ca =
      command.add_option("--ca", options.caFile, "Also trust the certificates in this PEM file")
          ->type_name("FILE");
  auto* fingerprint =
      command
          .add_option("--fingerprint", options.fingerprint,
                      "Accept the server with this key only, whatever its certificate says: "
                      "sha256:…, as the server prints it at its start")
          ->type_name("FINGERPRINT");
  command.add_flag("--insecure", options.insecure, "Accept any certificate. For tests only")
      ->excludes(ca)
      ->excludes(fingerprint);
  command
      .add_option_function<double>(
          "--max-retry-time",
          [&options](double seconds) {
            // Written so that what is no number isn't one.
            if (!(seconds >= 0 && seconds <= kLongestRetry)) {
              throw CLI::ValidationError("--max-retry-time", "write 0 or more seconds");
            }
            options.maxRetryTime =
                std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(seconds * 1000)));
          },
          "Exit after this many seconds without a connection (0: on the first loss). Default: "
          "retry forever, except when retrying can't help")
      ->type_name("SECONDS");
  command.add_flag("--fail-fast", options.failFast,
                   "Exit with an error if the server or a camera isn't there at the start, instead "
                   "of waiting for it");
  command.add_flag_callback(
      "--no-trickle", [&options] { options.trickle = false; },
      "Disable trickle ICE. Normally detected automatically");
  command.add_flag(
      "--lan", options.lan,
      "The network is a LAN: send each frame at once instead of spreading its packets");
}

int parseBitrateKbps(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, value);
  const std::string rest(unit, end);
  const std::map<std::string, double> units{{"", 0.001}, {"k", 1}, {"K", 1}, {"M", 1000}};
  const auto found = units.find(rest);
  if (error != std::errc() || found == units.end() || !std::isfinite(value) || value <= 0 ||
      value > 1e12) {
    throw CLI::ValidationError("--bitrate",
                               "'" + text + "' is no bitrate: write 2M, 800k or 1500000");
  }
  return static_cast<int>(std::lround(std::min(value * found->second, 1e9)));
}

CLI::Option* addCodecOption(CLI::App& command, std::optional<VideoCodec>& codec,
                            const std::string& description, bool withAuto) {
  static const std::map<std::string, std::optional<VideoCodec>> kCodecs{{"h264", VideoCodec::kH264},
                                                                        {"vp8", VideoCodec::kVp8},
                                                                        {"vp9", VideoCodec::kVp9},
                                                                        {"auto", std::nullopt}};
  std::vector<std::string> names{"h264", "vp8", "vp9"};
  if (withAuto) names.insert(names.begin(), "auto");
  return command
      .add_option_function<std::string>(
          "--codec",
          [&codec](const std::string& name) { codec = kCodecs.at(CLI::detail::to_lower(name)); },
          description)
      ->option_text("CODEC")
      ->check(CLI::IsMember(names, CLI::ignore_case));
}

void warnIfInsecure(const ConnectionOptions& options) {
  if (!options.insecure) return;
  complain(std::string(
               "WARNING: --insecure accepts any certificate; whoever is in between can watch and "
               "drive") +
           (options.token.empty() ? "" : ", and read the token") +
           ". Use --fingerprint, which the server prints.");
}

}  // namespace rtcpub::cli
