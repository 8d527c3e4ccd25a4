#include "cli/token_report.h"

#include <algorithm>

#include "cli/duration.h"
#include "rtcpub/token.h"

namespace rtcpub::cli {
namespace {

constexpr std::string_view kSignallingPort = ":8267";
constexpr std::string_view kOfAddresses =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";

bool hasPort(std::string_view address) {
  return address.find(':', address.starts_with('[') ? address.find(']') : 0) !=
         std::string_view::npos;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : ",").append(word);
  return text;
}

bool mayWatch(const MadeToken& made) {
  return made.rights.has(Right::kView) || made.rights.has(Right::kDrive);
}

/// One that it is for.
std::string exampleOf(const std::vector<std::string>& channels) {
  const auto named = std::ranges::find_if(
      channels, [](const std::string& channel) { return channel.find('*') == std::string::npos; });
  return named == channels.end() ? "NAME" : *named;
}

std::string wssOf(const std::string& url) {
  return (url.starts_with("https") ? "wss" : "ws") + url.substr(url.find("://"));
}

}  // namespace

std::string consoleUrlOf(const std::string& server) {
  const auto mark = server.find("://");
  const std::string scheme = mark == std::string::npos ? "wss" : server.substr(0, mark);
  std::string_view address = server;
  if (mark != std::string::npos) address.remove_prefix(mark + 3);
  if (address.ends_with('/')) address.remove_suffix(1);
  if (address.empty() || address.find_first_not_of(kOfAddresses) != std::string_view::npos) {
    return {};
  }
  const bool page = scheme == "https" || scheme == "http";
  if (!page && scheme != "wss" && scheme != "ws") return {};
  std::string url(scheme.ends_with('s') && scheme != "ws" ? "https://" : "http://");
  url.append(address);
  if (!page && !hasPort(address)) url.append(kSignallingPort);
  return url;
}

std::vector<std::string> linksTo(const MadeToken& made) {
  std::vector<std::string> links;
  if (!mayWatch(made)) return links;
  const std::string channel = made.channels.size() == 1 ? made.channels.front() : "";
  for (const auto& url : made.urls) links.push_back(consoleLink(url, channel, made.token));
  return links;
}

std::string tokenLines(const MadeToken& made) {
  std::string text = made.token + "\n";
  for (const auto& link : linksTo(made)) text += link + "\n";
  return text;
}

std::string newKeyRemark(const MadeToken& made) {
  if (!made.keyIsNew) return {};
  return "the key " + made.keyFile +
         " was made just now: a server takes the token only if it keeps its keys there, as this "
         "user\n";
}

std::string tokenRemarks(const MadeToken& made) {
  std::string text = "a token to " + format(made.rights) + " in " + joined(made.channels);
  if (!made.name.empty()) text += " for " + made.name;
  text +=
      made.lifetime ? ", which ends in " + formatDuration(*made.lifetime) : ", which has no end";
  text += "; signed with " + made.keyFile + "\n";
  text += newKeyRemark(made);
  if (made.rights.has(Right::kPublish)) {
    text +=
        "publish with it, once FILE on the robot holds it (chmod 600 FILE):\n  rtcpub publish "
        "--server " +
        (made.urls.empty() ? "wss://HOST" : wssOf(made.urls.front())) + " --channel " +
        exampleOf(made.channels) + " --video v4l2: --token-file FILE" +
        (made.fingerprint.empty() ? "" : " --fingerprint " + made.fingerprint) + "\n";
  } else if (mayWatch(made) && made.urls.empty()) {
    text +=
        "no link, since the server's address isn't known here: add --server https://HOST:PORT\n";
  }
  return text;
}

std::string tokenJson(const MadeToken& made) {
  std::string links;
  for (const auto& link : linksTo(made)) links += (links.empty() ? "\"" : ",\"") + link + '"';
  return R"({"token":")" + made.token + R"(","links":[)" + links + R"(],"seconds":)" +
         (made.lifetime ? std::to_string(made.lifetime->count()) : "null") + "}\n";
}

}  // namespace rtcpub::cli
