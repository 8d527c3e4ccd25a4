#include "cli/announcement.h"

#include "rtcpub/token.h"

namespace rtcpub::cli {
namespace {

/// "wss://HOST:PORT" of "https://HOST:PORT".
std::string signallingUrl(const std::string& url) { return "wss" + url.substr(url.find("://")); }

/// Of the first kind of links.
std::string pageOf(const Announced& server, const std::string& url) {
  const auto& links = server.more.links;
  return consoleLink(url, server.more.channel, links.empty() ? "" : links.front().token);
}

std::string tokenCommand(const Announced& server, const std::string& options) {
  // Where it looks for the key, and for the server's address, by itself is the default.
  const std::string where = server.dataDir.empty() ? "" : " --data-dir " + server.dataDir;
  return "rtcpub token" + where + " --channel car-1 " + options;
}

std::string describeHere(const Announced& server) {
  return (server.more.channel.empty() ? "console " : "open ") + pageOf(server, server.consoleUrl) +
         "\n";
}

std::string describeLinks(const Announced& server) {
  std::string text;
  const auto addresses = [&](const std::string& token) {
    for (const auto& url : server.publicUrls) {
      text += "  " + consoleLink(url, server.more.channel, token) + "\n";
    }
  };
  if (server.more.links.empty()) {
    text += "open from other machines:\n";
    addresses("");
  }
  for (const auto& link : server.more.links) {
    text += "open from other machines, " + link.what + ":\n";
    addresses(link.token);
  }
  if (server.selfSigned) {
    text +=
        "Browsers warn there, since this server has made its certificate itself. It is the right "
        "one if they show the SHA-256 above.\n";
  }
  return text;
}

/// Who has no link yet gets one so.
std::string describeTokens(const Announced& server) {
  if (!server.asksForTokens) return {};
  return "it lets in only those who have a token: a link for somebody who watches, or drives, is "
         "made "
         "by\n  " +
         tokenCommand(server, "--rights view,drive --for 8h --name Kim") + "\n";
}

std::string describePublishing(const Announced& server) {
  const bool local = server.publicUrls.empty();
  std::string text = local ? "publish from this machine:\n" : "publish from a robot:\n";
  if (server.asksForTokens) {
    // The key that signs it is here: made on the robot, it would be a stranger's.
    if (!local) text = "publish from a robot: on this machine, make its token by\n";
    text += "  (umask 077; " +
            tokenCommand(server, "--rights publish --for 365d --token-only >car-1.token)") + "\n";
    if (!local) text += "copy car-1.token to the robot, and there type\n";
  }
  text += "  " + publishCommand(server) + "\n";
  const auto& [what, token] = server.more.publish;
  if (!token.empty()) text += "a token " + what + ":\n  " + token + "\n";
  return text;
}

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
  if (server.asksForTokens) line += " --token-file car-1.token";
  if (server.selfSigned && url.starts_with("wss")) line += " --fingerprint " + server.fingerprint;
  return line;
}

std::string bestLink(const Announced& server) {
  return server.publicUrls.empty() ? "" : pageOf(server, server.publicUrls.front());
}

std::string describeAccess(const Announced& server) {
  std::string text = describeHere(server);
  if (!server.publicUrls.empty()) {
    text += describeLinks(server);
  } else if (!server.asksForTokens) {
    text += "only this machine reaches it; for others: --listen 0.0.0.0:" +
            std::to_string(server.port) + "\n";
  }
  return text + describeTokens(server) + describePublishing(server);
}

}  // namespace rtcpub::cli
