#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "rtcpub/rights.h"

namespace rtcpub::cli {

/// A token that was made, and what is told of it.
struct MadeToken {
  std::string token;
  std::vector<std::string> channels;
  Rights rights;
  std::optional<std::chrono::seconds> lifetime;  ///< nothing: it has no end
  std::string name;
  std::vector<std::string> urls;  ///< of the server's console, the best first; none: unknown
  std::string fingerprint;        ///< that robots must pin there; empty: none
  std::string keyFile;            ///< with which it was signed
  bool keyIsNew = false;          ///< there was none before
};

/// The console's address of a server that is called `wss://HOST[:PORT]` (port 8267 if none),
/// `https://HOST[:PORT]` or `HOST[:PORT]` (as wss), or the same without TLS; empty if it isn't.
std::string consoleUrlOf(const std::string& server);

/// The links that a person opens with it: none without an address, or without the right to view.
std::vector<std::string> linksTo(const MadeToken& made);

/// For standard output: the token on a line of its own, then each link.
std::string tokenLines(const MadeToken& made);
/// For standard error: that a server which keeps its keys elsewhere won't take the token; empty
/// unless the key was made for it.
std::string newKeyRemark(const MadeToken& made);
/// For standard error: for whom it is, until when, how it is used; and what is missing for a link.
std::string tokenRemarks(const MadeToken& made);
/// One object: `token`, `links`, `seconds` for which it holds (null: no end).
std::string tokenJson(const MadeToken& made);

}  // namespace rtcpub::cli
