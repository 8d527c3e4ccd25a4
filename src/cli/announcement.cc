#include "cli/announcement.h"

namespace rtcpub::cli {
namespace {

/// "wss://HOST:PORT" of "https://HOST:PORT".
std::string signallingUrl(const std::string& url) { return "wss" + url.substr(url.find("://")); }

}  // namespace

std::string describeListening(const Announced& server) {
  return "listening on TCP port " + std::to_string(server.port) +
         " (signalling, console, API) and UDP port " + std::to_string(server.mediaPort) +
         " (media)\ncertificate " + server.certificateFile + "\n  SHA-256 " +
         server.certificateFingerprint + "\n  fingerprint " + server.fingerprint + "\n";
}

std::string publishCommand(const Announced& server) {
  const bool local = server.publicUrls.empty();
  const std::string url = local ? server.localUrl : signallingUrl(server.publicUrls.front());
  std::string line = "rtcpub publish --server " + url + " --channel car-1 --video v4l2:";
  if (server.selfSigned && url.starts_with("wss")) line += " --fingerprint " + server.fingerprint;
  return line;
}

std::string describeAccess(const Announced& server) {
  const std::string here =
      (server.page == "/" ? "console " : "open ") + server.consoleUrl + server.page + "\n";
  if (server.publicUrls.empty()) {
    return here + "only this machine reaches it; for others: --listen 0.0.0.0:" +
           std::to_string(server.port) + "\npublish from this machine:\n  " +
           publishCommand(server) + "\n";
  }
  std::string text = here + "open from other machines:\n";
  for (const auto& url : server.publicUrls) text += "  " + url + server.page + "\n";
  if (server.selfSigned) {
    text +=
        "Browsers warn there, since this server has made its certificate itself. It is the right "
        "one if they show the SHA-256 above.\n";
  }
  return text + "publish from a robot:\n  " + publishCommand(server) + "\n";
}

}  // namespace rtcpub::cli
